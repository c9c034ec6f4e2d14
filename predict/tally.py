"""What became of the documents of a run, counted while they pass."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from predict.inputs import Document, Failure

if TYPE_CHECKING:
    from predict.annotation import Report
    from predict.batch import Written
    from predict.progress import Progress

# Names that are kept to suggest one of them.
_EXAMPLES: Final = 1000


@dataclass(slots=True)
class Tally:
    """Counts reports, keeps failures, and of the names those that are `wanted` and some others."""

    progress: Progress
    wanted: Collection[str]
    reports: int = 0
    failed: int = 0
    names: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def keep(self, results: Iterable[Report | Failure]) -> Iterator[Report]:
        """Pass the reports on, keep the failures."""
        for result in results:
            self.progress.step()
            if isinstance(result, Failure):
                self._fail(result)
            else:
                self.reports += 1
                self._note(result.row.report)
                yield result
            # A report goes before the next one is made: a long one is heavy.
            del result

    def keep_written(self, groups: Iterable[Written]) -> Iterator[bytes]:
        """The same for reports that have been written already."""
        for group in groups:
            self.progress.step(len(group.names) + len(group.failures))
            for failure in group.failures:
                self._fail(failure)
            self.reports += len(group.names)
            for name in group.names:
                self._note(name)
            yield from group.chunks()

    def watch(self, found: Iterable[Document | Failure]) -> Iterator[Document | Failure]:
        """Pass documents on and note their names."""
        for each in found:
            if isinstance(each, Document):
                self._note(each.name)
            yield each
            del each

    def _fail(self, failure: Failure) -> None:
        self.failed += 1
        self.failures.append(failure)

    def _note(self, name: str) -> None:
        if len(self.names) < _EXAMPLES or name in self.wanted:
            self.names.append(name)
