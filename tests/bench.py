"""How fast zhengfa is, beside bare segmentation and beside what a tutorial leads to: `make bench`.

Every figure is the median of rounds in which the rivals take turns, so that a busy machine slows all of them.
`--growth` measures time and memory against the number of lines, and writes docs/speed.md and docs/speed.svg.
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

import joblib
import rjieba

from labels.corpus import load_corpus
from labels.scheme import load_scheme
from model.source import read_source
from predict.jsonl import encode
from tests import tutorial
from zhengfa import load

ROOT = Path(__file__).parent.parent
ROUNDS = 5
EVERY = 10  # the tutorial's stack is slow: it gets one report in so many
COPIES = 24  # of the corpus, for two processes: what one has to do in some 20 seconds
GROWTH = (1_000, 10_000, 100_000, 1_000_000)
SAMPLE = ROOT / "predict/sample.txt"
# What the kernel tells a parent of its child's peak holds the parent's own, so a process asks for itself.
PEAK = """
import sys, time, zhengfa
status = zhengfa.main(sys.argv[1:])
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(time.process_time(), int(peak.split()[1]) / 1024)
sys.exit(status)"""
LARGEST = 8_000_000  # bytes of one report
ANNOTATE = [sys.executable, "-m", "zhengfa", "annotate"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--growth", action="store_true")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Both sides with their byte code at hand, as installed packages have it.
        os.environ |= {"PYTHONPYCACHEPREFIX": str(folder / "cache"), "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        if parser.parse_args().growth:
            growth(folder)
        else:
            bench(folder)


def bench(folder: Path) -> None:
    """Print all ratios."""
    logging.getLogger("jieba").setLevel(logging.WARNING)
    texts = corpus_texts()
    files = write_reports(folder / "reports", texts)
    tutorial.fit(folder / "tutorial.joblib")
    throughput(files, texts, joblib.load(folder / "tutorial.joblib"))
    first_answer(folder)
    memory(folder, texts)
    two_jobs(folder, texts)


def throughput(files: list[Path], texts: list[str], pipeline) -> None:
    """Processor time of one process: from files to JSON Lines, against cutting, against the tutorial's stack."""
    tagger, cut = load(), rjieba.Jieba().cut
    lines = sum(text.count("\n") for text in texts)
    few = sum(text.count("\n") for text in texts[::EVERY])

    def annotate() -> None:
        for report in tagger.annotate_sources((read_source(path, path.name), None) for path in files):
            encode(report)

    bare, ours, stack = in_turn(
        process_time,
        lambda: [cut(text, False) for text in texts],
        annotate,
        lambda: [tutorial.rows(pipeline, text) for text in texts[::EVERY]],
    )
    bare, ours, stack = (seconds * 1e6 / count for seconds, count in ((bare, lines), (ours, lines), (stack, few)))
    say("a paragraph 每段", f"{ours:.1f} µs; bare rjieba.cut {bare:.1f} µs; tutorial stack {stack:.0f} µs")
    say("speed 速度", f"{bare / ours:.2f} x bare rjieba.cut, {stack / ours:.1f} x the tutorial stack")
    say(
        "how taken 方法",
        f"{len(files)} corpus reports, {lines} paragraphs, CPU time, median of {ROUNDS} rounds in turn",
    )


def first_answer(folder: Path) -> None:
    """Whole processes on one short report."""
    stack = [sys.executable, "-m", "tests.tutorial", folder / "tutorial.joblib", SAMPLE]
    ours, theirs = in_turn(perf_counter, lambda: run([*ANNOTATE, SAMPLE]), lambda: run(stack))
    say("first answer 首次结果", f"{ours:.2f} s; tutorial stack {theirs:.2f} s: 1/{theirs / ours:.1f}")


def memory(folder: Path, texts: list[str]) -> None:
    """Peak memory of one process on a short report and on the longest that is read."""
    large = folder / "large.txt"
    large.write_bytes(("\n".join(texts) * 8).encode()[:LARGEST].decode(errors="ignore").encode())
    for path in (SAMPLE, large):
        _, megabytes = cost(["annotate", path, "--out", folder / "large.jsonl"])
        say("memory 内存", f"{megabytes:.0f} MB for a report of {path.stat().st_size / 1e6:.2f} MB")


def two_jobs(folder: Path, texts: list[str]) -> None:
    """Wall time of whole processes; only an idle machine has two cores for two of them."""
    archive = folder / "archive"
    files = write_reports(archive, texts * COPIES)
    lines = COPIES * sum(text.count("\n") for text in texts)
    command = [*ANNOTATE, archive, "--out", folder / "all.jsonl", "--jobs"]
    one, two = in_turn(perf_counter, lambda: run([*command, "1"]), lambda: run([*command, "2"]), rounds=3)
    say("--jobs 2", f"{one / two:.2f} x --jobs 1 ({one:.1f} s, {two:.1f} s)")
    say(
        "how taken 方法",
        f"{len(files)} files, {lines} paragraphs, {os.cpu_count()} cores, wall time, median of 3 rounds in turn",
    )


def growth(folder: Path) -> None:
    """Processor time and memory of whole processes against the number of lines, as a table and a picture."""
    texts, rows = corpus_texts(), []
    run([*ANNOTATE, SAMPLE])
    for lines in GROWTH:
        archive = folder / str(lines)
        write_reports(archive, enough(texts, lines))
        rows.append((lines, *cost(["annotate", archive, "--out", folder / "all.jsonl"])))
        say(f"{lines:,}", "{:.1f} s, {:.0f} MB".format(*rows[-1][1:]))
    table = "\n".join(
        f"| {lines:,} | {seconds:.1f} | {seconds / lines * 1e6:.0f} | {megabytes:.0f} |"
        for lines, seconds, megabytes in rows
    )
    page = ROOT / "docs/speed.md"
    head, _, tail = page.read_text("utf-8").partition("| ---: | ---: | ---: | ---: |\n")
    rest = tail[tail.index("\n\n") :] if "\n\n" in tail else "\n"
    page.write_text(f"{head}| ---: | ---: | ---: | ---: |\n{table}{rest}", "utf-8")
    draw(rows)


def draw(rows: list[tuple[int, float, float]]) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    lines, seconds, megabytes = zip(*rows, strict=True)
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
    left.loglog(lines, seconds, "o-")
    left.set(xlabel="lines", ylabel="seconds", title="Processor time")
    right.semilogx(lines, megabytes, "o-")
    right.set(xlabel="lines", ylabel="MB", title="Peak memory", ylim=(0, 250))
    figure.savefig(ROOT / "docs/speed.svg", metadata={"Date": None})


def corpus_texts() -> list[str]:
    reports = load_corpus(scheme=load_scheme())
    return ["".join(f"{line.text}\n" for line in report.lines) for report in reports]


def enough(texts: list[str], lines: int) -> list[str]:
    """As many reports as have `lines` lines, the corpus over and over."""
    chosen: list[str] = []
    while lines > 0:
        text = texts[len(chosen) % len(texts)]
        chosen.append("".join(text.splitlines(keepends=True)[:lines]))
        lines -= chosen[-1].count("\n")
    return chosen


def write_reports(folder: Path, texts: list[str]) -> list[Path]:
    folder.mkdir()
    paths = [folder / f"{number:06}.txt" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, "utf-8")
    return paths


def in_turn(clock: Callable[[], float], *rivals: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The median time of each rival; one round before, which does not count."""
    times: list[list[float]] = [[] for _ in rivals]
    for _ in range(rounds + 1):
        for rival, own in zip(rivals, times, strict=True):
            start = clock()
            rival()
            own.append(clock() - start)
    return [statistics.median(own[1:]) for own in times]


def run(command: list[object]) -> None:
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def cost(arguments: list[object]) -> tuple[float, float]:
    """Seconds of processor time and peak resident memory in MB of the command with these arguments."""
    done = subprocess.run([sys.executable, "-c", PEAK, *map(str, arguments)], check=True, stdout=subprocess.PIPE)
    seconds, megabytes = map(float, done.stdout.split()[-2:])
    return seconds, megabytes


def say(what: str, figures: str) -> None:
    print(f"{what:<22}{figures}", flush=True)


if __name__ == "__main__":
    main()
