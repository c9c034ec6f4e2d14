"""JSON Lines: keys, order, bytes."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import orjson
from hypothesis import given
from hypothesis import strategies as st

from labels.corpus import CorpusReport
from labels.scheme import load_scheme
from predict.annotation import Evidence
from predict.formats import Legend
from predict.jsonl import encode, write
from predict.tagger import Tagger
from tests.stand_in import stand_in_report

TEXT = "云江市2023年政法工作总结\n一、维护平安稳定\n开展扫黑除恶专项斗争，党建引领\U00020000。\n版权所有\n"

# The keys of the format's specification, in its order.
REPORT_KEYS = [
    "kind",
    "report",
    "sha256",
    "encoding",
    "chars",
    "model",
    "schema",
    "meta",
    "quality",
    "shares",
    "primary",
]
SECTION_KEYS = [
    *(
        "kind",
        "report",
        "section",
        "heading_line",
        "level",
        "heading_path",
        "start",
        "end",
        "shares",
        "themes",
        "primary",
    )
]
LINE_KEYS = [
    *("kind", "report", "line", "start", "end", "role", "section", "heading_path", "text", "text_sha256", "themes"),
    *("probabilities", "margin", "novelty", "terms", "band", "decided_by"),
]


def test_rows_have_the_keys_of_the_specification_in_its_order():
    """One row for the report, one a section, one a line, each with its keys in order, nested ones too."""
    rows = [orjson.loads(row) for row in encode(stand_in_report(TEXT)).splitlines()]
    assert [row["kind"] for row in rows] == ["report", "section", "section", "line", "line", "line", "line"]
    assert [list(rows[0]), list(rows[1]), list(rows[3])] == [REPORT_KEYS, SECTION_KEYS, LINE_KEYS]
    assert list(rows[0]["shares"]["none"]) == ["share", "low", "high"]
    theme = rows[5]["themes"][0]
    assert list(theme) == ["id", "probability", "threshold", "score", "evidence", "context", "rest"]
    assert list(theme["evidence"][0]) == ["term", "weight", "start", "end"]


def test_offsets_are_code_points_of_the_source():
    """Evidence and lines can be cut out of the source by their offsets, beyond the basic plane too."""
    rows = [orjson.loads(row) for row in encode(stand_in_report(TEXT)).splitlines()]
    for row in rows[3:]:
        assert TEXT[row["start"] : row["end"]] == row["text"]
        for theme in row["themes"]:
            assert all(TEXT[word["start"] : word["end"]] == word["term"] for word in theme["evidence"])


def test_bytes_are_utf8_without_escapes():
    """Chinese is written as it is; every row ends with one newline."""
    raw = encode(stand_in_report(TEXT))
    assert b"\\u" not in raw
    assert "扫黑除恶专项斗争".encode() in raw
    assert raw.endswith(b"}\n")
    assert b"\n\n" not in raw


def test_exceptional_keys_appear_only_where_they_say_something():
    """`warnings` and `inferred` are there when they are not empty or false, at the end of their rows."""
    report = stand_in_report(TEXT)
    report = replace(
        report,
        row=replace(report.row, warnings=("被修复",)),
        lines=(replace(report.lines[0], inferred=True), *report.lines[1:]),
    )
    rows = [orjson.loads(row) for row in encode(report).splitlines()]
    assert list(rows[0]) == [*REPORT_KEYS, "warnings"]
    assert list(rows[3]) == [*LINE_KEYS, "inferred"]
    assert list(rows[4]) == LINE_KEYS


@given(st.text(alphabet='},{"kind":[]\\\n 平安建设', min_size=1, max_size=60).filter(str.strip))
def test_text_that_looks_like_rows_does_not_break_them(text: str):
    """Braces, quotes and key names in a report stay inside their strings: the rows parse and give them back."""
    report = stand_in_report(f"平安{text}", name='},{"kind":"report"}')
    rows = [orjson.loads(row) for row in encode(report).splitlines()]
    assert len(rows) == 1 + len(report.sections) + len(report.lines)
    assert [row["text"] for row in rows if row["kind"] == "line"] == [line.text for line in report.lines]


def test_numbers_of_numpy_are_numbers():
    """A float of numpy that slips through is written as a number."""
    report = stand_in_report(TEXT)
    line = replace(report.lines[2], margin=np.float64(0.25), novelty=np.float32(0.5))
    rows = [orjson.loads(row) for row in encode(replace(report, lines=(line,))).splitlines()]
    assert (rows[-1]["margin"], rows[-1]["novelty"]) == (0.25, 0.5)


def test_reports_are_written_as_they_come():
    """The writer keeps nothing: a report is on the stream before the next one is asked for."""
    stream, lengths = io.BytesIO(), []

    def reports():
        for number in range(3):
            lengths.append(stream.tell())
            yield stand_in_report(TEXT, f"{number}.txt")

    write(reports(), stream, Legend(load_scheme()))
    assert lengths[0] == 0 < lengths[1] < lengths[2]


def test_evidence_against_a_theme_is_written_too():
    """Every word of evidence is written, with the sign of its weight."""
    report = stand_in_report(TEXT)
    theme = replace(report.lines[2].themes[0], evidence=(Evidence("扫黑", -0.5, 0, 2), Evidence("除恶", 0.25, 2, 4)))
    report = replace(report, lines=(replace(report.lines[2], themes=(theme,)),))
    row = orjson.loads(encode(report).splitlines()[-1])
    assert [(word["term"], word["weight"]) for word in row["themes"][0]["evidence"]] == [("扫黑", -0.5), ("除恶", 0.25)]


def test_rows_from_arrays_are_those_of_the_dataclasses(small_tagger: Tagger, corpus: list[CorpusReport]):
    """The bytes written straight from arrays are those of the rows that a reader of dataclasses is given."""
    for report in small_tagger.annotate_many("\n".join(line.text for line in one.lines) for one in corpus[::9]):
        made = replace(report, sections=tuple(report.sections), lines=tuple(report.lines))
        assert encode(made) == encode(report)
        assert (len(report.sections), len(report.lines)) == (len(made.sections), len(made.lines))
        assert report.lines == made.lines
