"""Checking labels: every planted fault is found and named by file and line, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

import zhengfa
from labels.checks import HELD_OUT, check_labels
from labels.corpus import DEFAULT_CORPUS, text_hash
from labels.errors import UserError
from labels.scheme import Scheme

LONG = "全县排查各类矛盾纠纷三百余件，当场化解二百九十件，其余限期办结。"
OTHER = "警方在汛期巡查水库堤坝四十二处，劝离垂钓和戏水人员一百余人。"
LIKE = LONG.replace("办结", "办成")


def row(text: str = LONG, themes: tuple[str, ...] = ("mediation",), **changes: object) -> dict[str, object]:
    considered = ["party_building", "security", "mediation", "rule_of_law"]
    return {"text": text, "role": "body", "level": None, "themes": list(themes), "considered": considered} | changes


def write(path: Path, *rows: object) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"".join((one if isinstance(one, bytes) else orjson.dumps(one)) + b"\n" for one in rows))
    return path.parent


def test_the_bundled_labels_are_in_order(scheme: Scheme):
    """No row of the corpus breaks the format, contradicts another, or stands in a held-out report."""
    checked = check_labels(DEFAULT_CORPUS, HELD_OUT, scheme)
    assert [str(finding) for finding in checked.findings] == []
    assert len(checked.corpus) > 10_000
    assert len(checked.held_out) > 1_500


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (b"{", "line 2: not JSON: "),
        (row(role="boddy"), 'line 2: role "boddy" is unknown; did you mean body?'),
        (row(OTHER, ("mediaton",)), 'line 2: theme "mediaton" is unknown; did you mean mediation?'),
        (
            row(themes=("security",)),
            "line 2: the same text as a-1.jsonl, line 1, but without mediation, with",
        ),
        (row(LONG + "！", ()), "line 2: the same text as a-1.jsonl, line 1, but without mediation; decide which"),
        (row(themes=(), role="heading", level=1), "line 2: the same text as a-1.jsonl, line 1, but heading, not body;"),
    ],
)
def test_a_planted_fault_is_found(tmp_path, monkeypatch, scheme, second, message):
    """One wrong row among right ones is one finding, with its file and line; the rest is still read."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a-1.jsonl", row(), second, row(OTHER, ("security",)))
    checked = check_labels(Path(), (), scheme)
    assert [str(finding).startswith(f"a-1.jsonl, {message}") for finding in checked.findings] == [True]
    assert checked.corpus[-1].place.line == 3


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([row(), row()], id="same labels"),
        pytest.param([row(), row(themes=(), considered=["security"])], id="nobody judged the theme again"),
        pytest.param([row("二、主要做法", ()), row("二、主要做法")], id="a set phrase"),
        pytest.param([row(), row(LIKE, ("security",))], id="another word, other themes"),
        pytest.param([row(), row(themes=(), role="caption")][:1], id="one line"),
    ],
)
def test_what_is_right_is_no_finding(tmp_path, scheme, rows):
    """Equal texts with equal labels, unjudged themes, set phrases and other words are no contradiction."""
    folder = write(tmp_path / "a-1.jsonl", *rows)
    assert check_labels(folder, (), scheme).findings == ()


@pytest.mark.parametrize(
    ("held", "message"),
    [
        (row(), "the same text as held-out "),
        (row(LIKE), "nearly the same text (0.9"),
        ({"line": 1, "sha256": text_hash(LONG), "role": "body", "themes": []}, "the same text as held-out "),
    ],
)
def test_a_leak_is_found(tmp_path, scheme, held, message):
    """A line that is also in a held-out report is found by its text, by a like text, and by its hash alone."""
    corpus = write(tmp_path / "corpus" / "a-1.jsonl", row(OTHER, ("security",)), row(LONG + " "))
    gold = write(tmp_path / "gold" / "g-1.jsonl", held)
    (finding,) = check_labels(corpus, [gold], scheme).findings
    assert str(finding).startswith(f"{corpus / 'a-1.jsonl'}, line 2: {message}")
    assert str(finding).endswith(f"held-out {gold / 'g-1.jsonl'}, line 1; take one of the two out")


def test_labels_without_text_are_checked(tmp_path, scheme):
    """Roles, themes and hashes of labels kept without their text are checked like others."""
    corpus = write(tmp_path / "corpus" / "a-1.jsonl", row())
    right = {"line": 1, "sha256": text_hash(OTHER), "role": "body", "themes": []}
    gold = write(
        tmp_path / "gold" / "g-1.jsonl",
        right,
        right | {"role": "x"},
        right | {"themes": ["x"]},
        right | {"sha256": "ab"},
    )
    findings = check_labels(corpus, [gold], scheme).findings
    assert [finding.place.line for finding in findings] == [2, 3, 4]
    assert [finding.message.split(" is ")[0] for finding in findings] == ['role "x"', 'theme "x"', "sha256"]


def test_an_empty_report_is_a_finding_and_an_empty_folder_an_error(tmp_path, scheme):
    """A report without lines is named; a folder without reports is the user's mistake."""
    folder = write(tmp_path / "a-1.jsonl", b"")
    (finding,) = check_labels(folder, (), scheme).findings
    assert finding.message == "the report has no lines; delete it or label it"
    with pytest.raises(UserError, match="no labelled reports"):
        check_labels(tmp_path / "none", (), scheme)


def test_the_command_says_what_it_found(tmp_path, capsys):
    """Exit status 0 and a count where all is well; 3 and a line a finding where not."""
    assert zhengfa.main(["labels", "check"]) == 0
    assert capsys.readouterr().out.endswith("0 处问题 / findings\n")
    folder = write(tmp_path / "a-1.jsonl", row(role="boddy"), row())
    assert zhengfa.main(["labels", "check", "--corpus", str(folder)]) == 3
    assert 'line 1: role "boddy" is unknown' in capsys.readouterr().out.splitlines()[0]
