"""Documents in groups: what travels together, and what comes back."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from labels.errors import UserError
from model.source import Source
from predict import jsonl
from predict.annotation import Report
from predict.batch import Group, Written, annotate_documents, annotate_in_jobs, write_in_jobs
from predict.formats import Legend
from predict.inputs import Document, Failure
from predict.jsonl import encode
from predict.tagger import Tagger
from predict.workers import Workers, crew
from tests.stand_in import StandInTagger, stand_in_report

KIND = ("jsonl", Legend(StandInTagger.load().scheme))


class Groups:
    """Stands where processes would: shows what they are given."""

    def each(self, work, tasks):
        del work
        return ([task] for task in tasks)


def sizes(documents: list[Document | Failure]) -> list[int]:
    """How many documents travel together."""
    groups: list[Group] = list(annotate_in_jobs(Groups(), documents, {}))
    return [len(group.found) for group in groups]


def test_documents_travel_in_groups_of_some_size():
    """Short ones by thirty-two; a long one ends its group, so that no process has many; all keep their order."""
    short, long = Document("short", text="平安"), Document("long", text="安" * 1_000_000)
    assert sizes([short] * 80) == [32, 32, 16]
    assert sizes([short, long, long, short, Failure("x: gone")]) == [2, 1, 2]
    assert sizes([]) == []


def test_a_document_that_cannot_be_asked_travels_too():
    """That its file is gone is said when it is read."""
    assert sizes([Document("gone", Path("/nowhere/gone.txt"))]) == [1]


def written(documents: list[Document | Failure]) -> tuple[bytes, list[Written]]:
    """The bytes of all groups, and the groups."""
    with crew(Workers(StandInTagger.load, None)) as alone:
        groups = list(map(_taken, write_in_jobs(alone, documents, {}, KIND)))
    return b"".join(content for content, _ in groups), [group for _, group in groups]


def _taken(group: Written) -> tuple[bytes, Written]:
    return b"".join(group.chunks()), group


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_groups_come_back_in_files_that_go(temporary: Path):
    """The bytes are those of each report written by itself; names and failures come along; no file stays."""
    found = [
        Document("a", text="扫黑除恶"),
        Failure("b: gone", "b"),
        Document("c", text=""),
        Document("d", text="调解"),
    ]
    content, (group,) = written(found)
    assert content == encode(stand_in_report("扫黑除恶", "a")) + encode(stand_in_report("调解", "d"))
    assert group.names == ("a", "d")
    assert [failure.report for failure in group.failures] == ["b", "c"]
    assert not list(temporary.iterdir())


def test_results_that_nobody_takes_go_too(temporary: Path):
    """A run that is stopped leaves nothing where temporary files are."""
    with crew(Workers(StandInTagger.load, None)) as alone:
        groups = write_in_jobs(alone, [Document("a", text="调解")] * 40, {}, KIND)
        assert next(groups).file.is_file()
        groups.close()
    assert not list(temporary.iterdir())


def test_no_room_for_what_waits_is_said(temporary: Path, monkeypatch: pytest.MonkeyPatch):
    """One line that names the folder."""
    monkeypatch.setattr("predict.batch.token_hex", lambda _: "no/folder")
    with pytest.raises(UserError, match=f"{temporary}.*cannot write it"):
        written([Document("a", text="调解")])


def test_a_long_report_goes_before_the_next_one_is_asked_for(small_tagger: Tagger):
    """While the next document is looked for, no report of before is in memory, nor the text of one."""
    alive: list[int] = []

    def found() -> Iterator[Document]:
        for number in range(3):
            alive.append(sum(isinstance(each, Report | Source) for each in gc.get_objects()))
            yield Document(str(number), text="平安建设。" * 28_000)

    jsonl.write(annotate_documents(small_tagger, found(), {}), BytesIO(), Legend(small_tagger.model.scheme, ()))
    assert alive == alive[:1] * 3
