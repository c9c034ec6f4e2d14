"""`zhengfa annotate` into a file, a folder of tables, or standard output: whole or not at all."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final, TypeVar

from labels.errors import UserError
from labels.files import replacing
from predict.batch import annotate_documents, annotate_in_jobs, write_in_jobs
from predict.formats import check_target, load_format, write_reports
from predict.job import Job
from predict.tally import Tally

Item = TypeVar("Item")

# Formats in which the bytes of some reports and of others make those of all: processes can write them.
_JOINED: Final = ("jsonl",)


def run_files(arguments: argparse.Namespace, job: Job) -> None:
    """Annotate and write, unless nothing could be annotated; then list what failed."""
    form = _format(arguments)
    if job.crew.workers.jobs > 1 and form in _JOINED:
        _write_joined(arguments, job, form)
    else:
        _write(arguments, job, form)
    _list_failures(job.tally)


def _format(arguments: argparse.Namespace) -> str:
    if arguments.out is not None:
        return check_target(arguments.out, arguments.format)
    return arguments.format or ("terminal" if sys.stdout.buffer.isatty() else "jsonl")


def _write(arguments: argparse.Namespace, job: Job, form: str) -> None:
    if job.crew.workers.jobs > 1:
        results = annotate_in_jobs(job.crew, job.found, job.metadata)
    else:
        results = annotate_documents(job.crew.tagger, job.found, job.metadata)
    reports = _unless_empty(job.tally.keep(results))
    if reports is None:
        return
    if arguments.out is not None:
        write_reports(reports, arguments.out, job.legend, arguments.format)
        return
    load_format(form).write(reports, sys.stdout.buffer, job.legend)
    sys.stdout.buffer.flush()


def _write_joined(arguments: argparse.Namespace, job: Job, form: str) -> None:
    groups = write_in_jobs(job.crew, job.found, job.metadata, (form, job.legend))
    content = _unless_empty(job.tally.keep_written(groups))
    if content is None:
        return
    if arguments.out is not None:
        with replacing(arguments.out) as stream:
            stream.writelines(content)
        return
    sys.stdout.buffer.writelines(content)
    sys.stdout.buffer.flush()


def _unless_empty(items: Iterator[Item]) -> Iterator[Item] | None:
    """The items, or None where there are none: then an output of before stays as it is."""
    first = list(islice(items, 1))
    return chain(_taken(first), items) if first else None


def _taken(items: list[Item]) -> Iterator[Item]:
    # A `chain` holds what it was given until its end, and a report may be heavy.
    while items:
        yield items.pop()


def _list_failures(tally: Tally) -> None:
    if not tally.failures:
        return
    if not tally.reports and len(tally.failures) == 1:
        raise UserError(tally.failures[0].message)
    for failure in tally.failures:
        print(f"zhengfa: {failure.message}", file=sys.stderr)
    count, total = len(tally.failures), len(tally.failures) + tally.reports
    print(f"zhengfa: {total} 篇中 {count} 篇未标注 / {count} of {total} not annotated", file=sys.stderr)
