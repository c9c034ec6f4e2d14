"""Annotating many documents, in one process or several; the reports come in the order of the documents."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, cast

from labels.errors import UserError
from labels.files import cannot_write
from predict.formats import Legend, load_format
from predict.inputs import Document, Failure, reason
from predict.workers import Annotates, Crew

if TYPE_CHECKING:
    from model.source import Source
    from predict.annotation import Report

# Documents that travel to a process together: so many, or the first that make so many bytes.
_GROUP: Final = 32
_GROUP_BYTES: Final = 1_000_000
_CHUNK: Final = 1 << 20

Metadata = Mapping[str, Mapping[str, str]]
# A source, and its row of metadata.
Given = tuple["Source", Mapping[str, str] | None]
# A format's name, and what its writer has to know.
Kind = tuple[str, Legend]


@dataclass(frozen=True, slots=True)
class Group:
    """Documents that travel together, with the rows of metadata that speak of them."""

    found: tuple[Document | Failure, ...]
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Written:
    """The reports of a group in the bytes of a format, in a file of their own, their names, and what failed."""

    file: Path
    names: tuple[str, ...]
    failures: tuple[Failure, ...]

    def chunks(self) -> Iterator[bytes]:
        """The bytes, once: the file goes."""
        with self.file.open("rb") as stream:
            yield from iter(partial(stream.read, _CHUNK), b"")
        self.file.unlink()


def annotate_documents(
    tagger: Annotates, found: Iterable[Document | Failure], metadata: Metadata
) -> Iterator[Report | Failure]:
    """Annotate documents in their order; what a user can mend becomes a failure, a bug is raised."""
    together = getattr(tagger, "annotate_sources", None)
    if together is not None:
        yield from _annotate_together(together, found, metadata)
        return
    for document in found:
        yield document if isinstance(document, Failure) else _annotate(tagger, document, metadata.get(document.name))


def _annotate_together(
    annotate: Callable[[Iterator[Given]], Iterator[Report]], found: Iterable[Document | Failure], metadata: Metadata
) -> Iterator[Report | Failure]:
    # The tagger takes several sources before it gives a report; failures among them wait for their turn, and of the
    # documents their paths.
    waiting: deque[Failure | Path | None] = deque()

    def given(document: Document | Failure) -> Given | None:
        source = document if isinstance(document, Failure) else _source(document)
        if isinstance(document, Failure) or isinstance(source, Failure):
            waiting.append(cast("Failure", source))
            return None
        waiting.append(document.path)
        return source, metadata.get(document.name)

    def with_origin(report: Report) -> Iterator[Report | Failure]:
        while isinstance(origin := waiting.popleft(), Failure):
            yield origin
        yield replace(report, origin=origin)

    # `map`, unlike the variable of a loop, lets go of a report before it asks for the next one.
    for results in map(with_origin, annotate(filter(None, map(given, found)))):
        yield from results
    yield from (failure for failure in waiting if isinstance(failure, Failure))


def annotate_in_jobs(crew: Crew, found: Iterable[Document | Failure], metadata: Metadata) -> Iterator[Report | Failure]:
    """The same in several processes, each with a tagger of its own."""
    for reports in crew.each(_annotate_group, _groups(found, metadata)):
        yield from reports


def write_in_jobs(crew: Crew, found: Iterable[Document | Failure], metadata: Metadata, kind: Kind) -> Iterator[Written]:
    """The same, each group already in the bytes of a format: quicker than objects, and no weight in memory."""
    with TemporaryDirectory(prefix="zhengfa-", ignore_cleanup_errors=True) as folder:
        yield from crew.each(partial(_write_group, kind, Path(folder)), _groups(found, metadata))


def rows_of(found: Iterable[Document | Failure], metadata: Metadata) -> Metadata:
    """The rows of metadata that speak of some documents."""
    names = (document.name for document in found if isinstance(document, Document)) if metadata else ()
    return {name: metadata[name] for name in names if name in metadata}


def _groups(found: Iterable[Document | Failure], metadata: Metadata) -> Iterator[Group]:
    group: list[Document | Failure] = []
    size = 0
    for each in found:
        group.append(each)
        size += each.size() if isinstance(each, Document) else 0
        del each
        if len(group) == _GROUP or size >= _GROUP_BYTES:
            yield Group(tuple(group), rows_of(group, metadata))
            group, size = [], 0
    if group:
        yield Group(tuple(group), rows_of(group, metadata))


def _annotate_group(tagger: Annotates, group: Group) -> list[Report | Failure]:
    return list(annotate_documents(tagger, group.found, group.metadata))


def _write_group(kind: Kind, folder: Path, tagger: Annotates, group: Group) -> Written:
    name, legend = kind
    names: list[str] = []
    failures: list[Failure] = []

    def reports() -> Iterator[Report]:
        for result in annotate_documents(tagger, group.found, group.metadata):
            if isinstance(result, Failure):
                failures.append(result)
            else:
                names.append(result.row.report)
                yield result
            # A report goes before the next one is made: a long one is heavy.
            del result

    file = folder / token_hex(8)
    try:
        with file.open("wb") as stream:
            load_format(name).write(reports(), stream, legend)
    except OSError as error:
        raise cannot_write(folder, error) from error
    return Written(file, tuple(names), tuple(failures))


def _annotate(tagger: Annotates, document: Document, row: Mapping[str, str] | None) -> Report | Failure:
    try:
        return replace(tagger.annotate_source(document.source(), row), origin=document.path)
    except UserError as error:
        return Failure(reason(error), document.name)


def _source(document: Document) -> Source | Failure:
    try:
        return document.source()
    except UserError as error:
        return Failure(reason(error), document.name)
