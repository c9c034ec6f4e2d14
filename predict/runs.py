"""Two runs side by side: what each says of a report, report by report, in memory that does not grow with the runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import orjson

from labels.errors import UserError
from predict.ledger import shard_files

_THEMED: Final = ("body", "heading")


@dataclass(slots=True)
class Told:
    """What a run says of one report. `shard`: the file it stands in. `shares`: of its body text, by theme.

    lines: ids of the themes of every heading and body paragraph, by its place and text.
    """

    report: str
    sha256: str
    model: str
    shard: str
    year: int | None
    place: str | None
    primary: str | None
    shares: dict[str, float]
    lines: dict[str, list[str]]


def read_run(run: Path) -> Iterator[Told]:
    """The reports of a run, a file of JSON Lines or a folder of such shards; UserError names what cannot be read."""
    for path in shard_files(run) if run.is_dir() else [run]:
        if path.suffix not in (".jsonl", ".ndjson"):
            raise UserError(f"{path}: only runs in JSON Lines can be compared; make one with --format jsonl")
        try:
            yield from _read_file(path)
        except OSError as error:
            raise UserError(f"{path}: cannot read it ({error.strerror}); check the path and your rights") from error


def pairs(before: Iterator[Told], after: Iterator[Told]) -> Iterator[tuple[Told | None, Told | None]]:
    """The reports of two runs by their names; None for one that a run lacks.

    Runs over the same input have the same order: then a pair is at hand. What has to wait for its partner does so
    on disk.
    """
    waiting = _Waiting()
    for one, other in zip_longest(before, after):
        if one is not None and other is not None and one.report == other.report:
            yield one, other
            continue
        if one is not None and (partner := waiting.met(one, side=0)):
            yield one, partner
        if other is not None and (partner := waiting.met(other, side=1)):
            yield partner, other
    for side, told in waiting.rest():
        yield (told, None) if side == 0 else (None, told)


class _Waiting:
    """Reports of either side whose partner has not come yet."""

    def __init__(self) -> None:
        self._reports = sqlite3.connect("", isolation_level=None)
        self._reports.execute("CREATE TABLE reports (side, report, content, PRIMARY KEY (side, report)) WITHOUT ROWID")
        self._reports.execute("BEGIN")

    def met(self, told: Told, side: int) -> Told | None:
        """The partner from the other side, or None: then `told` waits for it."""
        key = (1 - side, told.report)
        found = self._reports.execute("SELECT content FROM reports WHERE side = ? AND report = ?", key).fetchone()
        if found is None:
            row = (side, told.report, orjson.dumps(told))
            self._reports.execute("INSERT OR REPLACE INTO reports VALUES (?, ?, ?)", row)
            return None
        self._reports.execute("DELETE FROM reports WHERE side = ? AND report = ?", key)
        return Told(**orjson.loads(found[0]))

    def rest(self) -> Iterator[tuple[int, Told]]:
        for side, content in self._reports.execute("SELECT side, content FROM reports ORDER BY side, report"):
            yield side, Told(**orjson.loads(content))


def _read_file(path: Path) -> Iterator[Told]:
    told: Told | None = None
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            try:
                row = orjson.loads(raw)
                if row["kind"] == "report":
                    if told is not None:
                        yield told
                    told = _told(row, path.name)
                elif row["kind"] == "line" and told is not None:
                    _add_line(told, row)
            except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
                raise UserError(
                    f"{path}, line {number}: no row of a run of zhengfa; give JSON Lines it wrote"
                ) from error
    if told is None and path.stat().st_size:
        raise UserError(f"{path}: it holds no reports; give JSON Lines that zhengfa annotate wrote")
    if told is not None:
        yield told


def _told(row: dict[str, Any], shard: str) -> Told:
    return Told(
        report=row["report"],
        sha256=row["sha256"],
        model=row["model"],
        shard=shard,
        year=row["meta"]["year"],
        place=row["meta"]["place"],
        primary=row["primary"],
        shares={theme: share["share"] for theme, share in row["shares"].items()},
        lines={},
    )


def _add_line(told: Told, row: dict[str, Any]) -> None:
    if row["role"] in _THEMED:
        told.lines[f"{row['start']} {row['text_sha256']}"] = [theme["id"] for theme in row["themes"]]
