"""`zhengfa diff`: what a new model changed, counted right, whatever the order and form of the runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from labels.errors import UserError
from predict import shards
from predict.command import add_commands, annotate
from predict.runs import pairs, read_run
from tests.stand_in import StandInTagger

REPORT = "{place}市{year}年政法工作总结\n开展扫黑除恶专项斗争。\n人民调解成功率98%。\n天气晴好。\n"


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Six reports of two places and three years; shards hold two."""
    folder = tmp_path / "reports"
    folder.mkdir()
    for number in range(6):
        text = REPORT.format(place=("云江", "苍岭")[number % 2], year=2020 + number // 2)
        (folder / f"{number}.txt").write_text(text, "utf-8")
    return folder


@pytest.fixture
def annotated(reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A run of the stand-in over the reports; the terms given are no longer known to it."""
    monkeypatch.setattr(shards, "MOST_REPORTS", 2)

    def run(name: str, *unknown: str) -> Path:
        def load(_: object = None) -> StandInTagger:
            return Forgetful(StandInTagger.load().scheme, unknown)

        parser = argparse.ArgumentParser()
        add_commands(parser.add_subparsers())
        target = ["--out", str(tmp_path / name), "--format", "jsonl"]
        assert annotate(parser.parse_args(["annotate", str(reports), *target]), load) == 0
        return tmp_path / name

    return run


class Forgetful(StandInTagger):
    """A model that lost some terms, in reports of 2021 only."""

    def __init__(self, scheme, unknown) -> None:
        super().__init__(scheme)
        object.__setattr__(self, "unknown", unknown)

    def _scores(self, text, start):
        return [theme for theme in super()._scores(text, start) if theme.id not in self.unknown]

    def annotate_source(self, source, metadata=None):
        plain = "2021年" not in source.text
        tagger = StandInTagger(self.scheme) if plain else self
        return StandInTagger.annotate_source(tagger, source, metadata)


def diff(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    parsed = parser.parse_args(["diff", *map(str, arguments)])
    capsys.readouterr()
    assert parsed.run(parsed) == 0
    return capsys.readouterr().out


def test_the_same_run_twice_has_no_change(annotated, capsys: pytest.CaptureFixture[str]):
    """Shards and one file with the same rows are the same run."""
    found = orjson.loads(diff(capsys, annotated("a"), annotated("b.jsonl"), "--json"))
    assert (found["reports"], found["lines"], found["flipped"], found["shards"]) == (6, 18, 0, {})
    assert found["models"] == {"before": ["themes-standin"], "after": ["themes-standin"]}


def test_flips_are_counted_by_theme_year_place_and_shard(annotated, capsys: pytest.CaptureFixture[str]):
    """A theme that a new model no longer finds in two reports: lost there and nowhere else."""
    found = orjson.loads(diff(capsys, annotated("a"), annotated("b", "security"), "--json"))
    security, none = found["themes"]["security"], found["themes"]["none"]
    assert (security["before"], security["after"], security["gained"], security["lost"]) == (6, 4, 0, 2)
    assert (none["before"], none["after"], none["gained"], none["lost"]) == (6, 8, 2, 0)
    assert security["share_before"] > security["share_after"] > 0
    assert found["themes"]["mediation"]["gained"] == found["themes"]["mediation"]["lost"] == 0
    assert [(row["year"], row["flipped"]) for row in found["years"]] == [(2020, 0), (2021, 2), (2022, 0)]
    assert [(row["place"], row["flipped"]) for row in found["places"]] == [("云江市", 1), ("苍岭市", 1)]
    assert found["shards"] == {"shard-000001.jsonl": 2}


def test_the_table_is_for_people(annotated, capsys: pytest.CaptureFixture[str]):
    """Both languages, every theme, the years, the places, the shards to redo."""
    text = diff(capsys, annotated("a"), annotated("b", "security"))
    assert "段落 / lines: 18；主题有变 / themes changed 2 (11.1%)" in text
    assert "需重做的分片 / shards to redo: 1\n  shard-000001.jsonl" in text
    rows = {line.split()[0]: line.split() for line in text.splitlines() if line}
    assert rows["security"][1:5] == ["6", "4", "0", "2"]
    assert rows["2021"][1:4] == ["2", "6", "2"]
    assert rows["苍岭市"][1:4] == ["3", "9", "1"]


def test_order_and_gaps_do_not_matter(annotated, reports: Path, capsys: pytest.CaptureFixture[str]):
    """Reports meet by name; those that one run lacks, and those whose text was edited, are counted apart."""
    before = annotated("a")
    (reports / "0.txt").unlink()
    (reports / "6.txt").write_text("新的。", "utf-8")
    (reports / "3.txt").write_text("改了。", "utf-8")
    after = annotated("b.jsonl")
    lines = after.read_bytes().splitlines(keepends=True)
    starts = [at for at, line in enumerate(lines) if b'"kind":"report"' in line]
    blocks = [b"".join(lines[start:end]) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    after.write_bytes(b"".join(reversed(blocks)))
    found = orjson.loads(diff(capsys, before, after, "--json"))
    assert (found["reports"], found["only_before"], found["only_after"], found["other_text"]) == (4, 1, 1, 1)
    assert found["flipped"] == 0
    assert set(found["shards"]) == {"shard-000000.jsonl", "shard-000001.jsonl"}


def test_runs_are_read_side_by_side(annotated):
    """The first pair comes before the second report of either run is read, so memory does not grow."""
    run = annotated("a.jsonl")
    lines = run.read_bytes().splitlines(keepends=True)
    second = [at for at, line in enumerate(lines) if b'"kind":"report"' in line][1]
    run.write_bytes(b"".join(lines[: second + 1]) + b"nonsense\n")
    paired = pairs(read_run(run), read_run(run))
    one, other = next(paired)
    assert one == other
    with pytest.raises(UserError, match="no row of a run of zhengfa"):
        list(paired)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"nonsense\n", r"a\.jsonl, line 1: no row of a run of zhengfa"),
        (b'{"kind":"report"}\n', r"a\.jsonl, line 1: no row of a run"),
        (b'[1]\n{"a":2}\n', r"a\.jsonl, line 1: no row of a run"),
        (b'{"kind":"section"}\n', r"a\.jsonl: it holds no reports"),
        (None, r"a\.jsonl: cannot read it"),
    ],
)
def test_what_is_no_run_is_said(tmp_path: Path, content: bytes | None, message: str):
    """File and line are named."""
    if content is not None:
        (tmp_path / "a.jsonl").write_bytes(content)
    with pytest.raises(UserError, match=message):
        list(read_run(tmp_path / "a.jsonl"))


def test_folders_that_hold_no_finished_run_are_said(annotated, tmp_path: Path):
    """An empty folder, a run that was stopped, a run in Parquet."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="empty: no run of zhengfa"):
        list(read_run(tmp_path / "empty"))
    run = annotated("a")
    ledger = run / "ledger.jsonl"
    ledger.write_bytes(b"".join(ledger.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(UserError, match="a: this run is not finished; run the same command again"):
        list(read_run(run))
    with pytest.raises(UserError, match="only runs in JSON Lines can be compared"):
        list(read_run(tmp_path / "x.parquet"))
