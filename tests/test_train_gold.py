"""Gold labels: stand-off beside a text or with their own, checked line by line against what was labelled."""

from __future__ import annotations

import hashlib
from pathlib import Path

import orjson
import pytest

from labels.corpus import CorpusLine, write_report
from labels.errors import UserError
from labels.scheme import Scheme
from train.gold import GoldLine, load_gold

TEXT = "\ufeff平安总结\r\n\r\n　　一、化解矛盾纠纷　\r\n全市调解纠纷3件。\r\n"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


ROWS = [
    {"line": 1, "sha256": sha("平安总结"), "role": "title", "themes": []},
    {"line": 2, "sha256": sha("一、化解矛盾纠纷"), "role": "heading", "level": 1, "themes": ["mediation"]},
    {"line": 3, "sha256": sha("全市调解纠纷3件。"), "role": "body", "themes": ["mediation"]},
]
SECTIONS = [{"heading_line": 0, "primary": None}, {"heading_line": 2, "primary": "mediation", "themes": ["mediation"]}]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Folders of gold labels and of reports, right as they are."""
    gold, reports = tmp_path / "gold", tmp_path / "reports"
    for folder in (gold, reports):
        folder.mkdir()
    (reports / "a.txt").write_bytes(TEXT.encode())
    write(gold / "a.jsonl", ROWS)
    write(gold / "a.sections.jsonl", SECTIONS)
    return gold, reports


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))


def test_stand_off_labels(folders: tuple[Path, Path], scheme: Scheme):
    """Lines are counted without blank ones, and only judged sections have a primary theme."""
    (report,) = load_gold(*folders, scheme)
    assert (report.source.name, report.primary) == ("a.txt", {2: "mediation"})
    assert [line.line for line in report.lines] == [1, 2, 3]
    assert report.lines[1] == GoldLine(2, sha("一、化解矛盾纠纷"), "heading", 1, frozenset({"mediation"}))


def test_blank_lines_are_those_of_the_program(folders: tuple[Path, Path], scheme: Scheme):
    """A line of a zero-width space is blank to annotation, so it counts for no label either."""
    text = (folders[1] / "a.txt").read_text("utf-8")
    (folders[1] / "a.txt").write_text(text.replace("\n", "\n\u200b\n", 1), "utf-8")
    (report,) = load_gold(*folders, scheme)
    assert [line.line for line in report.lines] == [1, 2, 3]


def test_sections_may_be_missing(folders: tuple[Path, Path], scheme: Scheme):
    """Without a file of sections no section is judged."""
    (folders[0] / "a.sections.jsonl").unlink()
    assert load_gold(*folders, scheme)[0].primary == {}


def test_labelled_reports_hold_their_text(tmp_path: Path, scheme: Scheme):
    """Reports in the corpus's own format are gold, too: a line each, its text theirs."""
    lines = [
        CorpusLine("平安总结", "title", None, (), None),
        CorpusLine("调解纠纷。", "body", None, ("mediation",), scheme.ids),
    ]
    write_report(tmp_path / "city-01.jsonl", lines)
    (report,) = load_gold(tmp_path, None, scheme)
    assert report.source.text == "平安总结\n调解纠纷。"
    assert [(line.line, line.role, set(line.themes)) for line in report.lines] == [
        (1, "title", set()),
        (2, "body", {"mediation"}),
    ]


def test_real_gold(shared: Path, scheme: Scheme):
    """The real gold labels fit their reports."""
    reports = load_gold(shared / "gold", shared / "reports", scheme)
    assert len(reports) == len(list((shared / "reports").glob("*.txt")))
    assert all(report.lines and report.primary for report in reports)


@pytest.mark.parametrize(
    ("file", "row", "message"),
    [
        ("a.jsonl", b"{", "a.jsonl, line 1: not JSON: "),
        ("a.jsonl", 3, "a.jsonl, line 1: it is 3; a JSON object is wanted"),
        ("a.jsonl", {**ROWS[0], "role": "titel"}, 'a.jsonl, line 1: role "titel" is unknown; did you mean title?'),
        ("a.jsonl", {**ROWS[0], "themes": "x"}, "a.jsonl, line 1: themes is 'x'; a list of theme ids is wanted"),
        ("a.jsonl", {**ROWS[0], "themes": ["mediaton"]}, 'a.jsonl, line 1: theme "mediaton" is unknown; did you mean'),
        ("a.jsonl", {**ROWS[0], "level": "1"}, "a.jsonl, line 1: level is '1'; a number or null is wanted"),
        ("a.jsonl", {**ROWS[0], "line": 0}, "a.jsonl, line 1: line is 0; a line number of 1 or more is wanted"),
        ("a.jsonl", {"role": "body", "themes": []}, "a.jsonl, line 1: line is None; a line number of 1 or more"),
        ("a.jsonl", {**ROWS[0], "line": 2}, "a.jsonl: line 2 of a.txt is not the text that was labelled; label it"),
        ("a.jsonl", {**ROWS[0], "line": 9}, "a.jsonl: line 9 of a.txt is not the text that was labelled; label it"),
        (
            "a.sections.jsonl",
            {"heading_line": None, "primary": "mediation"},
            "a.sections.jsonl, line 1: heading_line is None; a line number of 0 or more is wanted",
        ),
        (
            "a.sections.jsonl",
            {"heading_line": 2, "primary": "mediaton"},
            'a.sections.jsonl, line 1: theme "mediaton" is unknown; did you mean mediation?',
        ),
    ],
)
def test_every_mistake_is_named(folders: tuple[Path, Path], scheme: Scheme, file: str, row: object, message: str):
    """Gold labels that cannot be meant so are named by file, line and remedy."""
    (folders[0] / file).write_bytes(row if isinstance(row, bytes) else orjson.dumps(row))
    with pytest.raises(UserError) as caught:
        load_gold(*folders, scheme)
    assert str(caught.value).startswith(f"{folders[0]}/{message}")


def test_nothing_to_measure_against(folders: tuple[Path, Path], scheme: Scheme, tmp_path: Path):
    """A folder without gold labels and a report without its text are named."""
    with pytest.raises(UserError, match=r"no gold labels \(\*\.jsonl\) here; give the folder that holds them$"):
        load_gold(tmp_path, tmp_path, scheme)
    (folders[1] / "a.txt").unlink()
    with pytest.raises(UserError, match=r"^a\.txt: there is no such file"):
        load_gold(*folders, scheme)
