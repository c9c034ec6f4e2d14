"""Reports in a pandas frame: a frame of texts in, a frame of lines out; on one machine, in Spark, in Dask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from labels.errors import UserError, suggestion
from labels.scheme import Scheme
from predict.batch import annotate_documents
from predict.extras import extra
from predict.formats import Legend
from predict.inputs import Columns, Document, Failure
from predict.tables import Cell, Column, Kind, Table, lines_table

if TYPE_CHECKING:
    import pandas as pd

    from predict.workers import Annotates

# Types that keep what they hold where cells are missing.
_PANDAS: Final[dict[Kind, str]] = {"text": "string", "integer": "Int64", "number": "float64", "flag": "boolean"}
_SPARK: Final[dict[Kind, str]] = {
    "text": "string",
    "integer": "bigint",
    "number": "double",
    "flag": "boolean",
    "texts": "array<string>",
    "numbers": "array<double>",
    "path": "array<string>",
}
_ERROR: Final = Column("error")


def annotate_frame(tagger: Annotates, frame: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """The lines of every report in a frame, with the columns of the table of lines, and `error`.

    A report that cannot be annotated is one row that has its name and the reason in `error`, and nothing else.
    Raises UserError if a column is missing.
    """
    table = lines_table(Legend(tagger.model.scheme))
    rows = list(_rows(tagger, table, _reports(frame, columns)))
    wanted = (*table.columns, _ERROR)
    cells = zip(*rows, strict=True) if rows else ((),) * len(wanted)
    pandas = extra("pandas", "train")
    series = {
        column.name: pandas.Series(_lists(values), dtype=_PANDAS.get(column.kind, "object"))
        for column, values in zip(wanted, cells, strict=True)
    }
    result: pd.DataFrame = pandas.DataFrame(series)
    return result


def spark_schema(scheme: Scheme) -> str:
    """The types of the frame as Spark's `mapInPandas` wants them.

    >>> from labels.scheme import load_scheme
    >>> spark_schema(load_scheme())[:52]
    '`report` string, `line` bigint, `role` string, `sect'
    """
    columns = (*lines_table(Legend(scheme)).columns, _ERROR)
    return ", ".join(f"`{column.name}` {_SPARK[column.kind]}" for column in columns)


def _reports(frame: pd.DataFrame, columns: Columns) -> Iterator[Document]:
    header = [str(name) for name in frame.columns]
    for wanted in filter(None, (columns.text, columns.id)):
        if wanted not in header:
            raise UserError(f'the frame has no column "{wanted}"; {suggestion(wanted, header)}')
    names = frame.index if columns.id is None else frame[columns.id]
    for name, text in zip(names, frame[columns.text], strict=True):
        yield Document(str(name), text=text if isinstance(text, str) else "")


def _rows(tagger: Annotates, table: Table, reports: Iterator[Document]) -> Iterator[tuple[Cell, ...]]:
    for result in annotate_documents(tagger, reports, {}):
        if isinstance(result, Failure):
            yield (result.report, *(None,) * (len(table.columns) - 1), result.message)
        else:
            yield from ((*row, None) for row in table.rows(result))


def _lists(cells: tuple[Cell, ...]) -> list[Any]:
    return [list(cell) if isinstance(cell, tuple) else cell for cell in cells]
