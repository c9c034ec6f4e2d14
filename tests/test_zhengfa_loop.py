"""The loop closes: the commands of docs/review.md as they stand, with a reviewer who answers as the corpus does."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

import zhengfa
from labels.corpus import CorpusLine, CorpusReport, load_corpus, text_hash, write_report
from labels.decision import Decision, State
from labels.item import Item, read_queue
from labels.scheme import Scheme
from labels.store import Store

ROOT = Path(__file__).parent.parent
LABELLED, NEW = 12, 60
Truth = dict[tuple[str, str], CorpusLine]


def commands() -> Iterator[list[str]]:
    """The commands of the walk, as a reader would type them."""
    (block, *_) = re.findall(r"```sh\n(.*?)```", (ROOT / "docs/review.md").read_text("utf-8"), re.DOTALL)
    yield from (shlex.split(line, comments=True)[1:] for line in block.splitlines())


@pytest.fixture
def workplace(tmp_path: Path, corpus: list[CorpusReport], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the `mine`, `reports` and `gold` that the walk names."""
    labelled = corpus[:: len(corpus) // LABELLED][:LABELLED]
    names = {report.name for report in labelled}
    others = [report for report in corpus if report.name not in names and report.slice != "foreign"][::3][:NEW]
    (tmp_path / "mine").mkdir()
    for report in labelled:
        write_report(tmp_path / "mine" / f"{report.name}.jsonl", report.lines)
    for report in others:
        path = tmp_path / "reports" / report.slice / f"{report.name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(line.text for line in report.lines), "utf-8")
    (tmp_path / "gold").symlink_to(ROOT / "labels/heldout")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def truth(corpus: list[CorpusReport]) -> Truth:
    """What the corpus says of every line, by report and text."""
    return {(report.name, text_hash(line.text)): line for report in corpus for line in report.lines}


def review(queue: Path, truth: Truth, scheme: Scheme) -> list[Item]:
    """Decide on every item as the corpus does; returns them."""
    store, items = Store.open(queue.with_suffix(".db")), read_queue(queue)
    store.add_items(items)
    for item in items:
        line = truth[Path(item.report).name.removesuffix(".txt"), item.text_sha256]
        place = (item.item, item.report, item.line, item.text_sha256)
        store.record(Decision("陈", *place, "decide", line.role, line.themes, scheme.ids, source="api"))
    assert set(store.states().values()) == {State.REVIEWED_NONE, State.REVIEWED_THEMES}
    return items


def macro_f1(printed: str) -> float:
    found = re.search(r"macro-F1 +(\d\.\d+)", printed)
    assert found
    return float(found[1])


@pytest.mark.slow
def test_the_loop_closes(workplace: Path, truth: Truth, scheme: Scheme, capsys: pytest.CaptureFixture[str]):
    """The next model is better on the lines that both were tested on, and what people decided stands."""

    def typed(*arguments: str) -> str:
        assert zhengfa.main(list(arguments)) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    printed: list[str] = []
    items: list[Item] = []
    for arguments in commands():
        if arguments[0] == "review":
            items = review(workplace / arguments[1], truth, scheme)
            printed.append("")
        else:
            printed.append(typed(*arguments))
        if len(printed) == 1:
            before = macro_f1(typed("evaluate", "--gold", "gold", "--model", "models/current"))
    _, _, queued, _, plan, applied, trained, evaluated, _ = printed
    assert "300 段待核对 / lines to review" in queued
    assert len(items) == 300
    assert "尚未写入" in plan
    assert applied.splitlines()[:-1] == plan.splitlines()[:-1]
    gain = re.search(r"against it: macro-F1 ([+-]\d\.\d+) \[", trained)
    assert gain
    assert float(gain[1]) > 0
    assert macro_f1(evaluated) > before - 0.05
    assert "已写入 0 个文件" in typed("labels", "merge", "queue.db", "--corpus", "mine", "--apply")
    rows = [orjson.loads(row) for row in (workplace / "run2.jsonl").read_bytes().splitlines()]
    decided = {(row["report"], row["text_sha256"]) for row in rows if row.get("decided_by") == "human"}
    drawn = {(item.report, item.text_sha256) for item in items if item.stratum != "label_error"}
    assert drawn <= decided
    merged = load_corpus(workplace / "mine", scheme=scheme)
    by_people = [line for report in merged for line in report.lines if line.by == "陈"]
    assert len(by_people) == len(items)
    typed("labels", "queue", "run2.jsonl", "--model", "models/current", "--corpus", "mine", "--out", "next.jsonl")
    asked = {(item.report, item.text_sha256) for item in read_queue(workplace / "next.jsonl")}
    assert not asked & drawn
