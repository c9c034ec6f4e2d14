"""Frames: texts in, lines out, with the same columns and types whatever they hold."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from labels.errors import UserError
from predict.formats import Legend
from predict.frame import spark_schema
from predict.parquet_tables import arrow_schema
from predict.tables import lines_table
from predict.tagger import Tagger

TEXT = """云江市2023年政法工作总结
一、维护平安稳定
2023年，全市公安机关开展扫黑除恶专项斗争，打掉团伙3个，破获刑事案件120起，群众安全感明显上升。
"""


def test_a_frame_has_the_rows_of_its_reports(small_tagger: Tagger):
    """Line for line what annotating each text gives, called by the id column or by the index."""
    frame = pd.DataFrame({"编号": ["a", "b"], "正文": [TEXT, "法治建设。"]}, index=[7, 8])
    lines = small_tagger.annotate_frame(frame, text_column="正文", id_column="编号")
    report = small_tagger.annotate(TEXT, name="a")
    assert lines["report"].tolist() == ["a", "a", "a", "b"]
    assert lines["text"].tolist()[:3] == [line.text for line in report.lines]
    scored = [line.probabilities["security"] for line in report.lines if line.probabilities]
    assert scored == lines["p_security"][lines["report"] == "a"].dropna().tolist() != []
    assert lines["themes"].tolist()[2] == [theme.id for theme in report.lines[2].themes]
    assert lines["error"].isna().all()
    assert small_tagger.annotate_frame(frame, text_column="正文")["report"].tolist() == ["7", "7", "7", "8"]


@pytest.mark.parametrize("text", ["", " \n", None, float("nan"), 5])
def test_a_text_that_is_none_is_a_row_with_its_reason(small_tagger: Tagger, text: object):
    """One bad cell loses itself alone, and says why."""
    lines = small_tagger.annotate_frame(pd.DataFrame({"text": [text, "法治建设。"]}))
    assert lines["report"].tolist() == ["0", "1"]
    assert lines["error"].iloc[0].startswith("0: it ")
    assert lines.loc[0].drop(["report", "error"]).isna().all()


@pytest.mark.parametrize("texts", [[], [""], [TEXT]])
def test_types_do_not_depend_on_the_rows(small_tagger: Tagger, texts: list[str]):
    """As pieces of a cluster's frame must: the types are those of the Parquet table of lines, and Spark's."""
    lines = small_tagger.annotate_frame(pd.DataFrame({"text": pd.Series(texts, dtype="string")}))
    schema = arrow_schema(lines_table(Legend(small_tagger.model.scheme))).append(pa.field("error", pa.string()))
    table = pa.Table.from_pandas(lines, schema=schema, preserve_index=False)
    assert table.num_rows == len(lines)
    assert [str(lines[name].dtype) for name in ("report", "line", "p_security", "inferred", "themes")] == [
        *("string", "Int64", "float64", "boolean", "object")
    ]
    names = [part.split("`")[1] for part in spark_schema(small_tagger.model.scheme).split(", ")]
    assert names == list(lines.columns)


def test_a_missing_column_is_named(small_tagger: Tagger):
    """With the one that was meant."""
    with pytest.raises(UserError, match=r'the frame has no column "text"; did you mean Text\?'):
        small_tagger.annotate_frame(pd.DataFrame({"Text": ["法治。"]}))
