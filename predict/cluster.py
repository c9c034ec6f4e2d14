"""A run on a Dask cluster: its workers make shards as the processes of one machine do, into a folder they share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, Final

import dask.config
from distributed import Client, KilledWorker, WorkerPlugin, get_worker
from distributed.comm.core import connect

from labels.errors import UserError
from model.default import default_model
from predict.inputs import Document
from predict.shards import Made, Shard
from predict.workers import Annotates, Load, Workers, in_order

_PATIENCE: Final = 10  # seconds
# What a model's folder holds besides: pages and rows of its training.
_NOT_SENT: Final = (".html", ".jsonl")

Work = Callable[[Annotates, Shard], Made]


class Resident(WorkerPlugin):
    """The tagger of a worker: the model's files travel once to each, to those that come later, too."""

    def __init__(self, load: Load, folder: Path) -> None:
        self.name = f"zhengfa-{token_hex(6)}"
        self._load = load
        self._files = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix not in _NOT_SENT}

    def setup(self, worker: Any) -> None:
        # Dask clears this place even after a worker that was killed.
        self._folder = TemporaryDirectory(prefix="zhengfa-model-", dir=worker.local_directory)
        for name, content in self._files.items():
            Path(self._folder.name, name).write_bytes(content)
        self._tagger = self._load(Path(self._folder.name))
        self._lock = Lock()

    def teardown(self, worker: Any) -> None:
        del worker
        self._folder.cleanup()

    def make(self, work: Work, shard: Shard) -> Made:
        """Make a shard. A worker of several threads makes one at a time: more would only wait for each other."""
        with self._lock:
            return work(self._tagger, shard)


def on_cluster(work: Work, workers: Workers, address: str, folder: Path, shards: Iterable[Shard]) -> Iterator[Made]:
    """Make shards on the workers of the scheduler at `address`, in order; a shard whose worker dies is made again.

    Raises UserError where there is no scheduler or no worker, or workers that do not see `folder`.
    """
    resident = Resident(workers.load, workers.model or default_model())
    with _connected(address) as client:
        try:
            _check_workers(client, address, folder)
            client.register_plugin(resident)

            def submit(shard: Shard) -> Any:
                key = f"{resident.name}-{shard.number}"
                return client.submit(_make, resident.name, work, _portable(shard), key=key, pure=False)

            yield from in_order(submit, shards, lambda: max(4, 2 * sum(client.nthreads().values())))
        except KilledWorker as error:
            raise UserError(
                f"{address}: a shard ended its worker again and again, perhaps for want of memory"
            ) from error
        except (CancelledError, OSError, TimeoutError) as error:
            raise UserError(f"{address}: the cluster was lost ({error or type(error).__name__})") from error
        except ModuleNotFoundError as error:
            raise UserError(f"{address}: its workers lack {error.name}; install the same zhengfa there") from error
        finally:
            _leave(client, resident.name)


def _make(name: str, work: Work, shard: Shard) -> Made:
    resident: Any = get_worker().plugins[name]
    made: Made = resident.make(work, shard)
    return made


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    # The texts of a table travel inside the tasks, so that they are not lost with a worker.
    quiet = {"distributed.admin.large-graph-warning-threshold": "1GB"}
    try:
        asyncio.run(_knock(address))
    except (OSError, ValueError, TypeError) as error:
        raise UserError(f"{address}: no Dask scheduler answers there; start one, or check the address") from error
    with dask.config.set(quiet), Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call] # its own
        yield client


async def _knock(address: str) -> None:
    # A client that finds nobody leaves a thread behind that complains when the program ends.
    comm = await connect(address, timeout=_PATIENCE)  # type: ignore[no-untyped-call] # its own
    await comm.close()


def _check_workers(client: Any, address: str, folder: Path) -> None:
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError as error:
        raise UserError(f"{address}: the scheduler has no workers; start some: dask worker {address}") from error
    blind = [worker for worker, sees in client.run(_sees, str(folder)).items() if not sees]
    if blind:
        raise UserError(f"{folder}: worker {blind[0]} does not see this folder; give one that all machines share")


def _sees(folder: str) -> bool:
    return Path(folder).is_dir()


def _portable(shard: Shard) -> Shard:
    """A shard whose files are found from any working folder."""
    found = (
        replace(each, path=each.path.absolute()) if isinstance(each, Document) and each.path else each
        for each in shard.found
    )
    return replace(shard, found=tuple(found))


def _leave(client: Any, name: str) -> None:
    # The cluster may be gone; what it was lost for is told already.
    with suppress(Exception):
        client.unregister_worker_plugin(name)
