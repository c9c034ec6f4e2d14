"""Rows of a Parquet table: only the columns asked for, a few hundred at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from labels.errors import UserError
from predict.extras import extra
from predict.input_tables import check_columns
from predict.inputs import Columns, Failure

_BATCH: Final = 256


def parquet_rows(table: Path, columns: Columns) -> Iterator[dict[str, object] | Failure]:
    """The rows of a table; raises UserError where it is no Parquet, is damaged, or lacks a column."""
    arrow = extra("pyarrow")
    with table.open("rb") as file:
        try:
            read = _reader(file)
            check_columns(table, columns, read.schema_arrow.names)
            wanted = [columns.text, *([columns.id] if columns.id is not None else [])]
            for batch in read.iter_batches(_BATCH, columns=wanted, use_threads=False):
                yield from batch.to_pylist()
        except (arrow.ArrowException, UnicodeDecodeError) as error:
            raise UserError(
                f"{table}: cannot be read as Parquet ({' '.join(str(error).split())}); write it anew"
            ) from error


def count_rows(table: Path) -> int | None:
    """How many rows a table says it has; None where it can't be read."""
    try:
        with table.open("rb") as file:
            return int(_reader(file).metadata.num_rows)
    except (OSError, ValueError, UserError):
        return None


def _reader(file: Any) -> Any:
    # A buffer: pages of a column come as they are needed, not a whole group of rows.
    return extra("pyarrow.parquet").ParquetFile(file, buffer_size=1 << 20, pre_buffer=False)
