"""Annotating many documents, in one process or several; the reports come in the order of the documents."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Final, cast

from labels.errors import UserError
from predict.formats import Legend, load_format
from predict.inputs import Document, Failure, reason
from predict.workers import Annotates, Workers, in_processes

if TYPE_CHECKING:
    from model.source import Source
    from predict.annotation import Report

# Documents that travel to a process together.
_GROUP: Final = 32

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
    """The reports of a group as the bytes of a format, their names, and what failed."""

    content: bytes
    names: tuple[str, ...]
    failures: tuple[Failure, ...]


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
    # The tagger takes several sources before it gives a report; failures among them wait for their turn.
    waiting: deque[Failure | Document] = deque()

    def sources() -> Iterator[Given]:
        for document in found:
            source = document if isinstance(document, Failure) else _source(document)
            if isinstance(document, Failure) or isinstance(source, Failure):
                waiting.append(cast("Failure", source))
            else:
                waiting.append(document)
                yield source, metadata.get(document.name)

    for report in annotate(sources()):
        while isinstance(document := waiting.popleft(), Failure):
            yield document
        yield replace(report, origin=document.path)
    yield from (failure for failure in waiting if isinstance(failure, Failure))


def annotate_in_jobs(
    workers: Workers, found: Iterable[Document | Failure], metadata: Metadata
) -> Iterator[Report | Failure]:
    """The same in several processes, each with a tagger of its own."""
    for reports in in_processes(_annotate_group, workers, _groups(found, metadata)):
        yield from reports


def write_in_jobs(
    workers: Workers, found: Iterable[Document | Failure], metadata: Metadata, kind: Kind
) -> Iterator[Written]:
    """The same, each group already in the bytes of a format: a process hands over bytes faster than objects."""
    return in_processes(partial(_write_group, kind), workers, _groups(found, metadata))


def rows_of(found: Iterable[Document | Failure], metadata: Metadata) -> Metadata:
    """The rows of metadata that speak of some documents."""
    names = (document.name for document in found if isinstance(document, Document)) if metadata else ()
    return {name: metadata[name] for name in names if name in metadata}


def _groups(found: Iterable[Document | Failure], metadata: Metadata) -> Iterator[Group]:
    remaining = iter(found)
    while group := tuple(islice(remaining, _GROUP)):
        yield Group(group, rows_of(group, metadata))


def _annotate_group(tagger: Annotates, group: Group) -> list[Report | Failure]:
    return list(annotate_documents(tagger, group.found, group.metadata))


def _write_group(kind: Kind, tagger: Annotates, group: Group) -> Written:
    results = _annotate_group(tagger, group)
    reports = [result for result in results if not isinstance(result, Failure)]
    name, legend = kind
    stream = BytesIO()
    load_format(name).write(reports, stream, legend)
    failures = tuple(result for result in results if isinstance(result, Failure))
    return Written(stream.getvalue(), tuple(report.row.report for report in reports), failures)


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
