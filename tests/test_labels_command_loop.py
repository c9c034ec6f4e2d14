"""`zhengfa labels queue` and `merge`: what they print, what they write, what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

import zhengfa
from labels.corpus import CorpusLine, load_report, write_report
from labels.item import read_queue
from labels.scheme import Scheme
from labels.store import Store
from labels.trained import PLACES, read_trained
from model.default import _PLACES
from tests.review_data import FOUR, a_decision, an_item, model_folder, run_rows, write_rows


@pytest.fixture
def corpus_folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    write_report(tmp_path / "corpus" / "a-1.jsonl", [CorpusLine("排查矛盾纠纷。", "body", None, (), FOUR)])
    return tmp_path / "corpus"


@pytest.fixture
def queue_options(tmp_path: Path, scheme: Scheme, corpus_folder: Path) -> list[str]:
    """A run of forty lines, and the model and the corpus to choose by."""
    lines = [(f"第{'一二三四五六七八九十'[n // 4]}组第{'甲乙丙丁'[n % 4]}次排查", {}) for n in range(40)]
    run = write_rows(tmp_path / "run.jsonl", run_rows("a.txt", lines))
    model = model_folder(tmp_path / "model", scheme)
    return [str(run), "--model", str(model), "--corpus", str(corpus_folder)]


def test_queue(tmp_path: Path, queue_options: list[str], capsys: pytest.CaptureFixture[str]):
    """A queue is written whole, the same at every call, and counted by stratum."""
    for name in ("one", "two"):
        arguments = ["labels", "queue", *queue_options, "--out", str(tmp_path / name), "--size", "20"]
        assert zhengfa.main(arguments) == 0
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert len(read_queue(tmp_path / "one")) == 20
    printed = capsys.readouterr().out
    assert "随机 / random" in printed
    assert "one: 20 段待核对 / lines to review" in printed


def test_queue_never_writes_over_a_run(queue_options: list[str], capsys: pytest.CaptureFixture[str]):
    """An output that is an input is refused, and so is a model's folder that is none."""
    assert zhengfa.main(["labels", "queue", *queue_options, "--out", queue_options[0]]) == 2
    assert "run.jsonl: it is an input, too" in capsys.readouterr().err
    assert zhengfa.main(["labels", "queue", *queue_options, "--model", "nowhere", "--out", "q"]) == 2
    assert "nowhere/manifest.json: cannot read it" in capsys.readouterr().err


def test_merge_shows_then_writes(
    tmp_path: Path, corpus_folder: Path, scheme: Scheme, capsys: pytest.CaptureFixture[str]
):
    """Without --apply nothing is written and what would change is shown; with it the same is done."""
    store, item = Store.open(tmp_path / "q.db"), an_item(1, report="a-1", text="排查矛盾纠纷。")
    store.add_items([item])
    store.record(a_decision(item, "mediation"))
    arguments = ["labels", "merge", str(store.path), "--corpus", str(corpus_folder)]
    assert zhengfa.main(arguments) == 0
    shown = capsys.readouterr().out
    assert "  1  排查矛盾纠纷。  body: none → body: mediation  [王]" in shown
    assert "尚未写入" in shown
    assert load_report(corpus_folder / "a-1.jsonl", scheme=scheme).lines[0].themes == ()
    assert zhengfa.main([*arguments, "--apply"]) == 0
    assert "已写入 1 个文件 / files written" in capsys.readouterr().out
    assert load_report(corpus_folder / "a-1.jsonl", scheme=scheme).lines[0].themes == ("mediation",)


def test_the_model_in_use_is_the_one_that_annotates():
    """Labels look for a model where prediction does."""
    assert PLACES == _PLACES


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ("{", "not JSON"),
        ("{}", "it names no version"),
        ('{"version": "x"}', r"no \[\[theme\]\] tables"),
    ],
)
def test_a_damaged_model(tmp_path: Path, manifest: str, message: str):
    """A folder that is no model is named with what to do."""
    from labels.errors import UserError

    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(UserError, match=rf"manifest\.json: {message}"):
        read_trained(tmp_path)
