"""Fuzz every reader and the whole way of a report: `make fuzz`, `RUNS=` inputs a target, `TARGET=` for one of them.

Where atheris is at hand it looks for inputs that reach new code; elsewhere inputs are mutated at random. An input that
finds a defect is kept in .cache/fuzz.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parent.parent
FOUND = ROOT / ".cache/fuzz"
SHARED = Path("/dev/shm")
LONGEST = 4096
TOKENS = (
    b"\0",
    b"\r",
    b"\n",
    b'"',
    b"'",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xff",
    b"1e999",
    b"-1",
    b"null",
)
# The whole way takes a thousand times what reading a row takes.
SHARE = {
    "source": 5, "bytes": 0.15, "text": 0.15, "xlsx": 0.05, "label_studio": 0.5, "themes": 0.5, "manifest": 0.5,
    "html": 0.2, "html_tags": 0.2, "mhtml": 0.2, "docx": 0.2, "docx_tags": 0.2, "pdf": 0.5, "label_studio_rows": 0.5,
}  # fmt: skip


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """A seed with some to many changes."""
    data = bytearray(seed)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at, to = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        to = min(to, at + 64)
        match chance.randrange(6):
            case 0:
                data[at:to] = b""
            case 1:
                data[at:at] = data[at:to] * chance.choice((1, 1, 8))
            case 2:
                data[at:to] = chance.randbytes(to - at)
            case 3:
                data[at:at] = chance.choice(TOKENS)
            case 4 if data:
                data[at % len(data)] ^= 1 << chance.randrange(8)
            case _:
                data = data[:at] if chance.random() < 0.2 else data
    return bytes(data[: 4 * LONGEST])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=60_000)
    parser.add_argument("--target", default="")
    parser.add_argument("--only", type=Path, metavar="FOLDER", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        return _fuzz(arguments.target, arguments.runs, arguments.only)
    names = [arguments.target] if arguments.target else _names()
    counts = {name: _in_process(name, int(arguments.runs * SHARE.get(name, 1))) for name in names}
    failed = [name for name, count in counts.items() if count is None]
    if (
        not arguments.target
        and subprocess.run([sys.executable, "-m", "tests.fuzz_growth"], cwd=ROOT, check=False).returncode
    ):
        failed.append("growth")
    print(f"{sum(filter(None, counts.values())):,} inputs, {len(names)} targets, {len(failed)} with defects: {failed}")
    return 1 if failed else 0


def _names() -> list[str]:
    from tests.fuzz_targets import targets
    from zhengfa import load

    with tempfile.TemporaryDirectory() as folder:
        return list(targets(load(), Path(folder)))


def _in_process(name: str, runs: int) -> int | None:
    """Fuzz one target in a process of its own; how many inputs it took, None where it found a defect."""
    start = perf_counter()
    # In memory where there is such a place: every input is a file.
    with tempfile.TemporaryDirectory(dir=SHARED if SHARED.is_dir() else None) as folder:
        command = [sys.executable, "-m", "tests.fuzz", "--only", folder, "--target", name, "--runs", str(runs)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
    counted = re.findall(r"number_of_executed_units: (\d+)", done.stderr + done.stdout)
    print(f"{name:14} {int(counted[-1]) if counted else 0:>9,} inputs {perf_counter() - start:6.1f} s", flush=True)
    if done.returncode:
        print(done.stdout[-3000:], done.stderr[-3000:], sep="\n", flush=True)
        return None
    return int(counted[-1])


def _fuzz(name: str, runs: int, folder: Path) -> int:
    FOUND.mkdir(parents=True, exist_ok=True)
    return (_by_coverage if find_spec("atheris") else _at_random)(name, runs, folder)


def _by_coverage(name: str, runs: int, folder: Path) -> int:
    import atheris

    with atheris.instrument_imports(include=["labels", "model", "predict"]):
        from tests.fuzz_targets import targets
        from zhengfa import load
    target = targets(load(), folder)[name]
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(target.seeds):
        (corpus / str(number)).write_bytes(seed)
    options = [f"-runs={runs}", f"-max_len={LONGEST}", "-timeout=20", "-rss_limit_mb=4096", "-seed=1"]
    options += ["-print_final_stats=1", "-verbosity=0", f"-artifact_prefix={FOUND}/{name}-", str(corpus)]
    atheris.Setup([sys.argv[0], *options], target, enable_python_coverage=True)
    atheris.Fuzz()
    return 0


def _at_random(name: str, runs: int, folder: Path) -> int:
    from tests.fuzz_targets import targets
    from zhengfa import load

    target, chance = targets(load(), folder)[name], random.Random(name)
    for number in range(runs):
        data = mutated(chance.choice(target.seeds), chance)
        try:
            target(data)
        except BaseException:
            (FOUND / f"{name}-{number}").write_bytes(data)
            raise
    print(f"number_of_executed_units: {runs}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
