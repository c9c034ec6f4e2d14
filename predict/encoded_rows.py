"""Rows that came as JSON Lines: a writer of JSON takes the bytes as they are, others get a row where they ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice
from operator import eq
from typing import Any, BinaryIO, Final, Generic, TypeVar, cast, overload

import orjson

from predict.annotation import Evidence, LineRow, ModelSaid, SectionRow, ThemeScore

Row = TypeVar("Row", LineRow, SectionRow)
_CHUNK: Final = 1 << 20
# Bytes of rows that wait in memory before they go to a file.
_IN_MEMORY: Final = 1 << 24
# Rows of which the objects are kept once they are made; of a report with more they are made each time.
_MOST_KEPT: Final = 20_000


def waiting_rows() -> BinaryIO:
    """A stream for the rows of a long report; its file, if it needs one, goes with whoever reads the rows."""
    from tempfile import SpooledTemporaryFile

    return cast("BinaryIO", SpooledTemporaryFile(_IN_MEMORY))


class Rows(Sequence[Row], Generic[Row]):
    """Rows of one kind in a stream of JSON Lines, `count` of them; equal to a sequence of the same rows."""

    def __init__(self, stream: BinaryIO, count: int, kind: type[Row]) -> None:
        self._stream, self._count = stream, count
        self._kind: type[Row] = kind
        self._made: tuple[Row, ...] | None = None

    @classmethod
    def of(cls, encoded: bytes, kind: type[Row]) -> Rows[Row]:
        """Rows whose bytes are at hand."""
        return cls(BytesIO(encoded), encoded.count(b"\n"), kind)

    def chunks(self) -> Iterator[bytes]:
        """The bytes of all rows, each row with a newline behind it."""
        at = 0
        while chunk := self._read(at):
            at += len(chunk)
            yield chunk

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        if self._count <= _MOST_KEPT:
            return (self._made or tuple(self))[index]
        wanted = range(self._count)[index]
        if isinstance(wanted, int):
            return next(islice(self, wanted, None))
        first, last = min(wanted, default=0), max(wanted, default=-1)
        rows = tuple(islice(self, first, last + 1))
        return tuple(rows[number - first] for number in wanted)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        if self._made is None and self._count <= _MOST_KEPT:
            self._made = tuple(self._rows())
        return self._rows() if self._made is None else iter(self._made)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    def __hash__(self) -> int:
        return hash((self._count, self._read(0)))

    def __repr__(self) -> str:
        return repr(tuple(self))

    def __reduce__(self) -> tuple[Any, tuple[bytes, type[Row]]]:
        return Rows.of, (b"".join(self.chunks()), self._kind)

    def encoded(self) -> Iterator[bytes]:
        """The bytes of each row, without the newline behind it."""
        rest = b""
        for chunk in self.chunks():
            *rows, rest = (rest + chunk).split(b"\n")
            yield from rows

    def _rows(self) -> Iterator[Row]:
        make = _line if self._kind is LineRow else _section
        return (make(orjson.loads(row)) for row in self.encoded())

    def _read(self, at: int) -> bytes:
        self._stream.seek(at)
        return self._stream.read(_CHUNK)


def _section(row: dict[str, Any]) -> Any:
    return SectionRow(**{**row, "heading_path": tuple(row["heading_path"]), "themes": tuple(row["themes"])})


def _line(row: dict[str, Any]) -> Any:
    themes = tuple(
        ThemeScore(**{**theme, "evidence": tuple(Evidence(**word) for word in theme["evidence"])})
        for theme in row["themes"]
    )
    said = row.get("model_said")
    model_said = ModelSaid(said["role"], tuple(said["themes"])) if said else None
    return LineRow(**{**row, "heading_path": tuple(row["heading_path"]), "themes": themes, "model_said": model_said})
