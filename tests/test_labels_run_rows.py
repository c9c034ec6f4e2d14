"""Reading annotate's output: its rows by report, and every foreign or damaged file named by line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labels.errors import UserError
from labels.item import Evidence
from labels.run_rows import read_runs
from predict.jsonl import rows as annotate_rows
from predict.tagger import Tagger
from tests.review_data import run_rows, write_rows

SAMPLE = Path(__file__).parent.parent / "predict" / "sample.txt"


def test_real_rows(tmp_path: Path, small_tagger: Tagger):
    """What annotate writes is read: words stand where they say, every heading of a path has its line."""
    report = small_tagger.annotate(SAMPLE, name="清河县/2020.txt")
    (read,) = read_runs([write_rows(tmp_path / "run.jsonl", annotate_rows(report))])
    assert (read.report, len(read.lines)) == ("清河县/2020.txt", len(report.lines))
    by_number = {line.line: line.text for line in read.lines}
    paths = [(line.heading_path, read.heading_lines[line.section]) for line in read.lines]
    assert [path for path, _ in paths] == [tuple(by_number[heading] for heading in lines) for _, lines in paths]
    assert max(len(path) for path, _ in paths) == 2
    words = [(line.text[word.start : word.end], word.term) for line in read.lines for word in line.evidence]
    assert len(words) > 20
    assert [stood for stood, _ in words] == [term for _, term in words]


def test_only_words_that_speak_for_a_theme(tmp_path: Path):
    """Evidence against a theme or outside the line is left out."""
    words = [("调解", 1.0, 103, 105), ("天气", -1.0, 100, 102), ("远处", 1.0, 900, 902)]
    evidence = [dict(zip(("term", "weight", "start", "end"), word, strict=True)) for word in words]
    rows = run_rows("a", [("今天上调解天气", {"themes": [{"id": "mediation", "evidence": evidence}]})])
    (read,) = read_runs([write_rows(tmp_path / "run.jsonl", rows)])
    assert read.lines[0].evidence == (Evidence("mediation", "调解", 3, 5),)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": None}, "line 3: text is None; text is wanted"),
        ({"role": "chorus"}, 'line 3: role "chorus" is unknown'),
        ({"themes": ["security"]}, "line 3: it is 'security'; a JSON object is wanted"),
        ({"probabilities": {"security": -1}}, "line 3: probabilities is .* numbers from 0 to 1"),
        ({"text": "另一行"}, "line 3: text and text_sha256 do not belong together; annotate again"),
        ({"terms": {"security": "x"}}, "line 3: terms is .*; whole numbers are wanted"),
        ({"report": "b"}, "line 3: a row of b among those of a; annotate again"),
    ],
)
def test_damaged_rows(tmp_path: Path, change: dict[str, Any], message: str):
    """A row that is not what annotate writes is named."""
    path = write_rows(tmp_path / "run.jsonl", run_rows("a", [("一行", change)]))
    with pytest.raises(UserError, match=rf"run\.jsonl, {message}"):
        list(read_runs([path]))


def test_foreign_files(tmp_path: Path):
    """No rows at all, or rows of another kind: the remedy is said. A report given twice would count twice."""
    empty, foreign = write_rows(tmp_path / "empty.jsonl", []), write_rows(tmp_path / "other.jsonl", [{"text": "x"}])
    run = write_rows(tmp_path / "run.jsonl", run_rows("a", [("一行", {})]))
    with pytest.raises(UserError, match=r"empty\.jsonl: no rows here; make some: zhengfa annotate"):
        list(read_runs([empty]))
    with pytest.raises(UserError, match=r"other\.jsonl, line 1: not a row of annotate's JSON Lines"):
        list(read_runs([foreign]))
    with pytest.raises(UserError, match=r"report a stands in .*run\.jsonl, line 1, too; give each once"):
        list(read_runs([run, run]))
