"""The tagger: one model, any number of reports, the same bytes for the same input."""

from __future__ import annotations

from itertools import count, islice
from pathlib import Path

import pytest

from labels.corpus import CorpusReport
from labels.errors import UserError
from model.source import source_from_text
from predict.jsonl import encode
from predict.tagger import Tagger

TEXT = "苏州市政法工作总结\n一、平安建设\n2018年，全市开展扫黑除恶专项斗争，打掉团伙3个。"


@pytest.fixture(scope="module")
def texts(corpus: list[CorpusReport]) -> list[str]:
    return ["\n".join(line.text for line in report.lines) for report in corpus[::20]]


def test_the_same_input_gives_the_same_bytes(small_model: Path, small_tagger: Tagger, texts: list[str]):
    """Bytes do not depend on the tagger, on what it annotated before, or on the order of reports."""
    first = [encode(small_tagger.annotate(text)) for text in texts]
    fresh = Tagger.load(small_model)
    again = [encode(fresh.annotate(text)) for text in reversed(texts)]
    assert first == again[::-1]


def test_line_breaks_move_offsets_and_nothing_else(small_tagger: Tagger):
    """Whatever breaks lines, a report reads the same."""
    plain, windows = (small_tagger.annotate(TEXT.replace("\n", line_break)) for line_break in ("\n", "\r\n"))
    for one, other in zip(plain.lines, windows.lines, strict=True):
        assert (one.text, one.role, one.probabilities) == (other.text, other.role, other.probabilities)
    assert [line.start for line in plain.lines] != [line.start for line in windows.lines]


def test_a_path_is_read_and_a_text_is_taken(small_tagger: Tagger, tmp_path: Path):
    """A `Path` is a file, a string is a text; both give the same lines."""
    path = tmp_path / "suzhou.txt"
    path.write_text(TEXT, "utf-8")
    from_file, from_text = small_tagger.annotate(path), small_tagger.annotate(TEXT, name="mine")
    assert from_file.row.report == str(path)
    assert from_text.row.report == "mine"
    assert [line.probabilities for line in from_file.lines] == [line.probabilities for line in from_text.lines]
    assert from_file.row.model == small_tagger.model.version


def test_metadata_wins(small_tagger: Tagger):
    """A table's place outranks the one in the title."""
    source = source_from_text(TEXT, "report")
    assert small_tagger.annotate_source(source).row.meta["place"].startswith("苏州")
    assert small_tagger.annotate_source(source, {"place": "张家港"}).row.meta["place"] == "张家港"


def test_many_are_annotated_one_by_one(small_tagger: Tagger):
    """Reports are annotated as they are asked for: an endless row of them is no trouble."""
    reports = small_tagger.annotate_many(f"平安建设第{number}期。" for number in count())
    assert [report.lines[0].text for report in islice(reports, 2)] == ["平安建设第0期。", "平安建设第1期。"]


def test_what_cannot_be_annotated_is_said(small_tagger: Tagger, tmp_path: Path):
    """Blank text, a missing file and a folder that is no model are errors for people."""
    with pytest.raises(UserError, match="it holds only blanks"):
        small_tagger.annotate(" \n")
    with pytest.raises(UserError, match="there is no such file"):
        small_tagger.annotate(tmp_path / "none.txt")
    with pytest.raises(UserError, match="no model here"):
        Tagger.load(tmp_path)


def test_a_bad_report_does_not_take_those_before_it(small_tagger: Tagger):
    """Reports before one that cannot be read come; then its error is raised."""
    reports = small_tagger.annotate_many(["平安建设。", "化解矛盾。", " ", "法治。"])
    assert [next(reports).text, next(reports).text] == ["平安建设。", "化解矛盾。"]
    with pytest.raises(UserError, match="only blanks"):
        next(reports)
