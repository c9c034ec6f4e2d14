"""`zhengfa annotate … --out FOLDER --format jsonl`: a run in shards, in one process, several, or on a cluster."""

from __future__ import annotations

import argparse
import hashlib
import sys
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from labels.errors import UserError
from predict.archive import run_archive
from predict.extras import extra
from predict.formats import wants_shards
from predict.ledger import FAILED
from predict.shards import MOST_BYTES, MOST_REPORTS, Target, cut, make_shard

if TYPE_CHECKING:
    from predict.archive import Execute, Outcome
    from predict.job import Job

_LAYOUT: Final = 1


def check_scheduler(arguments: argparse.Namespace) -> None:
    """Raise UserError if a cluster is asked for what it cannot do."""
    if not wants_shards(arguments.out, arguments.format):
        raise UserError("--scheduler writes shards; give it a folder and a format: --out FOLDER --format jsonl")
    if arguments.jobs > 1:
        raise UserError("--jobs is for one machine, --scheduler for a cluster; give one of them")


def run_shards(arguments: argparse.Namespace, job: Job) -> None:
    """Run, or go on with the run that the folder holds; then say what failed."""
    target = Target(arguments.out.absolute(), arguments.format, job.legend, job.crew.tagger.model.version)
    shards = cut(job.tally.watch(job.found), job.metadata)
    outcome = run_archive(
        target.folder, _asked(arguments, job, target), shards, _execution(arguments, job, target), job.tally.progress
    )
    job.tally.reports, job.tally.failed = outcome.reports, outcome.failed
    job.tally.progress.close()
    _tell(outcome, arguments.out)


def _tell(outcome: Outcome, out: Path) -> None:
    if outcome.before:
        done = f"{outcome.before:,}/{outcome.shards:,}"
        print(f"zhengfa: 续跑，此前已完成分片 {done} / went on, shards done before: {done}", file=sys.stderr)
    if outcome.failed:
        failed, total = f"{outcome.failed:,}", f"{outcome.reports + outcome.failed:,}"
        print(
            f"zhengfa: {total} 篇中 {failed} 篇未标注 / {failed} of {total} not annotated: {out / FAILED}",
            file=sys.stderr,
        )


def _asked(arguments: argparse.Namespace, job: Job, target: Target) -> dict[str, Any]:
    """What decides the bytes of the output besides the input: a run that goes on must agree in all of it."""
    rows = orjson.dumps(job.metadata, option=orjson.OPT_SORT_KEYS)
    return {
        "ledger": _LAYOUT,
        "model": target.model,
        "format": target.format,
        "--text-column": arguments.text_column,
        "--id-column": arguments.id_column,
        "--metadata": hashlib.sha256(rows).hexdigest()[:16] if job.metadata else None,
        "--decisions": _decisions(arguments.decisions) if arguments.decisions else None,
        "--min-quality": arguments.min_quality or None,
        "shard size": [MOST_REPORTS, MOST_BYTES],
    }


def _decisions(store: Path) -> str:
    """A hash of the answers in a store, not of its file, which changes while it is read."""
    from predict.decisions import Decisions

    answers = sorted(Decisions.load(store).by_place.items(), key=itemgetter(0))
    return hashlib.sha256(repr(answers).encode(errors="surrogatepass")).hexdigest()[:16]


def _execution(arguments: argparse.Namespace, job: Job, target: Target) -> Execute:
    work = partial(make_shard, target)
    if arguments.scheduler is not None:
        extra("distributed", "cluster")
        from predict.cluster import on_cluster

        return partial(on_cluster, work, job.crew.workers, arguments.scheduler, target.folder)
    return partial(job.crew.each, work)
