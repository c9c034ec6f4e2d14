"""Renaming, merging, splitting a theme: themes, labels and gold go along, nothing is written before --apply."""

from __future__ import annotations

import shutil
from pathlib import Path

import orjson
import pytest

import zhengfa
from labels.checks import check_labels
from labels.corpus import load_corpus
from labels.journal import prepare
from labels.scheme import DEFAULT_THEMES, load_scheme
from labels.statistics import ThemeCount, statistics_of
from tests.review_data import FOUR

PARTS = """
[[theme]]
id = "security"
name_zh = "平安稳定"
name_en = "Public security"
description_zh = "讲如何防范和打击危害。"
description_en = "Preventing and striking at harm."
colour = "#2563EB"
terms = ["扫黑除恶", "命案"]

[[theme]]
id = "cyber"
name_zh = "网络与反诈"
name_en = "Cyber crime"
description_zh = "讲网络犯罪与反诈。"
description_en = "Crime on the network."
colour = "#117733"
terms = ["反诈"]
"""


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """A folder with the bundled themes, two folders of labels, and gold without text."""
    home = tmp_path / "labels"
    home.mkdir()
    shutil.copy(DEFAULT_THEMES, home)
    for name, pattern in (("corpus", "annual-0*"), ("heldout", "r-0*")):
        (home / name).mkdir()
        for path in DEFAULT_THEMES.with_name(name).glob(f"{pattern}.jsonl"):
            shutil.copy(path, home / name)
    (home / "guide.md").write_text("`mediation`: …\n", "utf-8")
    gold = tmp_path / "gold"
    gold.mkdir()
    row = {"line": 1, "sha256": "0" * 16, "role": "body", "themes": ["party_building", "mediation"]}
    (gold / "g.jsonl").write_bytes(orjson.dumps(row) + b"\n")
    section = {"heading_line": 1, "primary": "mediation", "themes": ["mediation"]}
    sections = [section, {"heading_line": 3, "primary": None}]
    (gold / "g.sections.jsonl").write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in sections))
    return home


def change(home: Path, *arguments: str) -> int:
    return zhengfa.main(["labels", "theme", *arguments, "--themes", str(home / "themes.toml")])


def counts(home: Path, folder: str = "corpus") -> dict[str, ThemeCount]:
    scheme = load_scheme(home / "themes.toml")
    rows = statistics_of(load_corpus(home / folder, scheme=scheme), scheme).themes
    return {row.theme: row for row in rows}


def everything(home: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in home.parent.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "arguments",
    [
        ("rename", "mediation", "disputes"),
        ("merge", "mediation", "--into", "security"),
        ("split", "security", "PARTS"),
    ],
)
def test_the_plan_changes_nothing(labels: Path, capsys, arguments):
    """Without --apply the plan names every folder with its files and lines, and no byte changes."""
    parts = labels.parent / "parts.toml"
    parts.write_text(PARTS, "utf-8")
    before = everything(labels)
    assert change(labels, *(str(parts) if one == "PARTS" else one for one in arguments)) == 0
    printed = capsys.readouterr().out
    assert f"{labels / 'corpus'}: 9 个文件 / files, " in printed
    assert f"{labels / 'heldout'}: 9 个文件 / files, " in printed
    assert "nothing was changed; --apply carries it out" in printed
    assert everything(labels) == before


def test_rename(labels: Path, capsys):
    """The id changes in themes, labels and gold; counts, comments and the order of keys stay."""
    before = counts(labels)["mediation"]
    text = (labels / "themes.toml").read_text("utf-8")
    gold = labels.parent / "gold"
    assert change(labels, "rename", "mediation", "disputes", "--also", str(gold), "--apply") == 0
    after = counts(labels)["disputes"]
    assert (after.present, after.absent) == (before.present, before.absent)
    assert (labels / "themes.toml").read_text("utf-8") == text.replace('id = "mediation"', 'id = "disputes"')
    assert orjson.loads((gold / "g.jsonl").read_bytes())["themes"] == ["party_building", "disputes"]
    assert (gold / "g.sections.jsonl").read_bytes().splitlines()[0] == (
        b'{"heading_line":1,"primary":"disputes","themes":["disputes"]}'
    )
    assert f"{labels / 'guide.md'}: " in capsys.readouterr().out
    (row,) = map(orjson.loads, (labels / "theme_changes.jsonl").read_bytes().splitlines())
    assert (row["action"], row["old"], row["new"]) == ("rename", ["mediation"], ["disputes"])
    scheme = load_scheme(labels / "themes.toml")
    assert check_labels(labels / "corpus", [labels / "heldout"], scheme).findings == ()


def test_rename_and_back_is_as_before(labels: Path):
    """Every file of labels is the same, byte for byte, after a rename and one back."""
    before = everything(labels)
    for old, new in (("security", "safety"), ("safety", "security")):
        assert change(labels, "rename", old, new, "--apply") == 0
    after = everything(labels)
    assert len((labels / "theme_changes.jsonl").read_bytes().splitlines()) == 2
    assert {path: content for path, content in after.items() if path.name != "theme_changes.jsonl"} == before


def test_merge(labels: Path):
    """A line has the merged theme if it had one of them; its terms are those of all; the others are gone."""
    scheme = load_scheme(labels / "themes.toml")
    lines = [line for report in load_corpus(labels / "corpus", scheme=scheme) for line in report.lines]
    either = sum(bool({"security", "mediation"} & set(line.themes)) for line in lines)
    terms = {term for theme in scheme.themes if theme.id in ("security", "mediation") for term in theme.terms}
    assert change(labels, "merge", "mediation", "--into", "security", "--apply") == 0
    merged = load_scheme(labels / "themes.toml")
    assert merged.ids == ("party_building", "security", "rule_of_law")
    assert set(merged.themes[1].terms) == terms
    assert merged.themes[1].name_zh == scheme.themes[1].name_zh
    assert counts(labels)["security"].present == either
    assert counts(labels)["security"].not_judged == 0


def test_rationales_follow_their_theme(labels: Path):
    """Renamed with it, joined when themes are merged, and gone when it is split, for nobody knows which part had it."""
    path = labels / "corpus" / "annual-01.jsonl"
    row = {"text": "排查纠纷，巡防社区。", "role": "body", "themes": list(FOUR), "considered": list(FOUR)}
    marked = {"security": [[2, 9]], "party_building": [[0, 1]], "mediation": [[0, 4]]}
    path.write_bytes(orjson.dumps({**row, "rationales": marked}) + b"\n")

    def rationales() -> dict[str, list[list[int]]]:
        return orjson.loads(path.read_bytes())["rationales"]

    change(labels, "rename", "mediation", "disputes", "--apply")
    assert list(rationales().items()) == [("security", [[2, 9]]), ("party_building", [[0, 1]]), ("disputes", [[0, 4]])]
    change(labels, "merge", "disputes", "--into", "security", "--apply")
    assert rationales() == {"security": [[0, 9]], "party_building": [[0, 1]]}
    (labels.parent / "parts.toml").write_text(PARTS, "utf-8")
    change(labels, "split", "security", str(labels.parent / "parts.toml"), "--apply")
    assert rationales() == {"party_building": [[0, 1]]}


def test_split(labels: Path, capsys):
    """Lines without the old theme are without both; lines that had it are open; terms that got lost are named."""
    before = counts(labels)
    parts = labels.parent / "parts.toml"
    parts.write_text(PARTS, "utf-8")
    assert change(labels, "split", "security", str(parts), "--apply") == 0
    printed, after = capsys.readouterr().out, counts(labels)
    assert list(after) == ["party_building", "security", "cyber", "mediation", "rule_of_law"]
    for theme in ("security", "cyber"):
        assert after[theme] == ThemeCount(theme, 0, before["security"].absent, before["security"].present)
    assert after["mediation"] == before["mediation"]
    assert f"{before['security'].present} 段须重新判定" in printed
    assert "、社区矫正" in printed
    assert "扫黑除恶、" not in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rename", "mediaton", "x"), 'theme "mediaton" is unknown; did you mean mediation?'),
        (("rename", "mediation", "security"), 'theme "security" is there already; merge the two, or choose another id'),
        (("rename", "mediation", "Bad Id"), 'id "Bad Id" must be lower-case letters'),
        (("rename", "mediation", 'a"b'), 'id "a"b" must be lower-case letters'),
        (("merge", "security", "--into", "security"), "security: there is nothing to merge it with"),
        (("merge", "security", "--into", "x"), 'theme "x" is unknown'),
        (("split", "security", "none.toml"), "none.toml: cannot read the themes (No such file or directory)"),
        (("rename", "mediation", "x", "--also", "none"), "none: no labelled reports"),
    ],
)
def test_what_cannot_be_done_is_refused(labels: Path, capsys, arguments, message):
    """An unknown, taken or wrong id, a missing file: one line, status 2, and no byte changes."""
    before = everything(labels)
    assert change(labels, *arguments, "--apply") == 2
    assert message in capsys.readouterr().err
    assert everything(labels) == before


def test_gold_that_has_a_split_theme_is_refused(labels: Path, capsys):
    """Gold labels cannot be left open, so the line that a person must decide is named."""
    parts = labels.parent / "parts.toml"
    tables = PARTS.replace("security", "safety").replace('"扫黑除恶", "命案"', '"新词甲"').replace('"反诈"', '"新词乙"')
    parts.write_text(tables, "utf-8")
    before = everything(labels)
    assert change(labels, "split", "mediation", str(parts), "--also", str(labels.parent / "gold"), "--apply") == 2
    assert "line 1: it has mediation and no list of judged themes" in capsys.readouterr().err
    assert everything(labels) == before


def test_an_interrupted_change_is_resumed(labels: Path, capsys):
    """check and theme name it; resume makes it whole."""
    path = labels / "guide.md"
    prepare(labels, {path: b"new"})
    arguments = ["--themes", str(labels / "themes.toml"), "--corpus", str(labels / "corpus")]
    assert zhengfa.main(["labels", "check", *arguments]) == 2
    assert change(labels, "rename", "mediation", "disputes") == 2
    assert capsys.readouterr().err.count("zhengfa labels theme resume") == 2
    assert change(labels, "resume") == 0
    assert path.read_bytes() == b"new"
    assert change(labels, "resume") == 0
    assert "there is nothing to finish" in capsys.readouterr().out
