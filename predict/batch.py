"""Annotating many documents, in one process or several; the reports come in the order of the documents."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

from labels.errors import UserError
from predict.inputs import Document, Failure, reason

if TYPE_CHECKING:
    from labels.scheme import Scheme
    from model.source import Source
    from predict.annotation import Report

# Documents that travel to a process together, and how many such groups per process are under way.
_GROUP: Final = 8
_GROUPS_PER_JOB: Final = 4

Metadata = Mapping[str, Mapping[str, str]]


class HasScheme(Protocol):
    """What the command needs of a model."""

    @property
    def scheme(self) -> Scheme: ...


class Annotates(Protocol):
    """What annotating needs of a tagger."""

    @property
    def model(self) -> HasScheme: ...

    def annotate_sources(self, sources: Iterable[tuple[Source, Mapping[str, str] | None]]) -> Iterator[Report]: ...


Load = Callable[[Path | None], Annotates]


def annotate_documents(
    tagger: Annotates, found: Iterable[Document | Failure], metadata: Metadata
) -> Iterator[Report | Failure]:
    """Annotate documents in their order; what a user can mend becomes a failure, a bug is raised."""
    # The tagger takes several sources before it gives a report; failures among them wait for their turn.
    waiting: deque[Failure | None] = deque()

    def sources() -> Iterator[tuple[Source, Mapping[str, str] | None]]:
        for document in found:
            source = document if isinstance(document, Failure) else _source(document)
            if isinstance(document, Failure) or isinstance(source, Failure):
                waiting.append(cast("Failure", source))
            else:
                waiting.append(None)
                yield source, metadata.get(document.name)

    for report in tagger.annotate_sources(sources()):
        while (failure := waiting.popleft()) is not None:
            yield failure
        yield report
    yield from filter(None, waiting)


def annotate_in_jobs(
    load: Load, model: Path | None, found: Iterable[Document | Failure], metadata: Metadata, jobs: int
) -> Iterator[Report | Failure]:
    """The same in `jobs` processes, each with a tagger of its own; raises UserError where joblib is missing."""
    try:
        from joblib import Parallel, delayed
    except ImportError as error:
        raise UserError('--jobs needs joblib; install it: pip install "zhengfa-themes[train]"') from error
    remaining = iter(found)
    with Parallel(n_jobs=jobs) as pool:
        while window := list(islice(remaining, jobs * _GROUP * _GROUPS_PER_JOB)):
            groups = [window[start : start + _GROUP] for start in range(0, len(window), _GROUP)]
            calls = (delayed(_annotate_group)(load, model, group, _rows_of(group, metadata)) for group in groups)
            for reports in pool(calls):
                yield from reports


def _rows_of(group: Iterable[Document | Failure], metadata: Metadata) -> Metadata:
    names = (document.name for document in group if isinstance(document, Document))
    return {name: metadata[name] for name in names if name in metadata}


def _annotate_group(
    load: Load, model: Path | None, group: list[Document | Failure], metadata: Metadata
) -> list[Report | Failure]:
    return list(annotate_documents(_loaded(load, model), group, metadata))


@lru_cache(maxsize=1)
def _loaded(load: Load, model: Path | None) -> Annotates:
    return load(model)


def _source(document: Document) -> Source | Failure:
    try:
        return document.source()
    except UserError as error:
        return Failure(reason(error))
