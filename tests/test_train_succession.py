"""A new model comes into use, or stays beside the old one where it is worse; the same training gives the same model."""

from __future__ import annotations

import itertools
from pathlib import Path

import orjson
import pytest

from labels.corpus import CorpusReport, write_report
from model.folder import FORMAT, make_current
from train.run import train
from train.succession import Before, Predecessor, before_training, succeed
from zhengfa import main

REPORTS, LINES = 8, 6


def folder(place: Path, wrong: int) -> Path:
    """A model folder with what is read of it here: in every report it has the first `wrong` lines wrong."""
    place.mkdir()
    manifest = {"format": FORMAT, "version": place.name, "thresholds": {"security": 0.5}}
    (place / "manifest.json").write_bytes(orjson.dumps(manifest))
    with (place / "oof.jsonl").open("wb") as file:
        for report, line in itertools.product(range(REPORTS), range(LINES)):
            has = line % 2 == 0
            row = {
                "report": f"r-{report}",
                "line": line,
                "text_sha256": f"{line:016x}",
                "role": "body",
                "themes": ["security"] * has,
                "considered": ["security"],
                "group": 0,
                "probabilities": {"security": float(has != (line < wrong))},
            }
            file.write(orjson.dumps(row) + b"\n")
    return place


@pytest.fixture
def in_use(tmp_path: Path) -> Before:
    """A model in use, without errors."""
    assert succeed(folder(tmp_path / "themes-1", wrong=0), before_training(tmp_path)) is None
    return before_training(tmp_path)


def test_the_first_model_is_used(in_use: Before, tmp_path: Path):
    """Where nothing was, the new model is put to use."""
    assert in_use == Before(tmp_path / "themes-1", None)


def test_a_worse_model_is_kept_aside(in_use: Before, tmp_path: Path):
    """A worse model stays in its folder, and the old one in use; with force it comes into use."""
    worse = folder(tmp_path / "themes-2", wrong=3)
    found = succeed(worse, in_use)
    assert isinstance(found, Predecessor)
    assert (found.folder, found.replaced, found.verdict.worse) == (tmp_path / "themes-1", False, True)
    assert before_training(tmp_path).in_use == tmp_path / "themes-1"
    assert worse.is_dir()
    forced = succeed(worse, in_use, force=True)
    assert forced is not None
    assert (forced.replaced, forced.verdict) == (True, found.verdict)
    assert before_training(tmp_path) == Before(worse, tmp_path / "themes-1")


def test_the_same_model_again(in_use: Before, tmp_path: Path):
    """A model that comes out the same is compared with what it was compared with, and stays in use even if worse."""
    again = folder(tmp_path / "themes-2", wrong=3)
    succeed(again, in_use, force=True)
    found = succeed(again, before_training(tmp_path))
    assert found is not None
    assert (found.folder, found.replaced, found.verdict.worse) == (tmp_path / "themes-1", True, True)
    assert before_training(tmp_path).in_use == again


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b"{}", b'{"previous": 7}', b'{"previous": "../../etc"}', b'{"previous": "gone"}']
)
def test_a_damaged_comparison(in_use: Before, tmp_path: Path, content: bytes):
    """What cannot be read of an earlier comparison counts as none."""
    assert in_use.in_use is not None
    (in_use.in_use / "comparison.json").write_bytes(content)
    assert before_training(tmp_path) == Before(tmp_path / "themes-1", None)


def test_a_link_that_leads_nowhere(tmp_path: Path):
    """Where `current` leads to no model, there is none in use."""
    (tmp_path / "current").symlink_to("gone")
    assert before_training(tmp_path) == Before(None, None)


@pytest.fixture(scope="module")
def tiny(corpus: list[CorpusReport], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a few labelled reports."""
    place = tmp_path_factory.mktemp("tiny")
    for report in corpus[::45][:8]:
        write_report(place / f"{report.name}.jsonl", report.lines)
    return place


def test_training_again_gives_the_same_model(tiny: Path, tmp_path: Path):
    """Corpus, seed, code, libraries and platform stand in the manifest; with all the same, so is every bit."""
    first, again = train(tiny, tmp_path / "a", jobs=1), train(tiny, tmp_path / "b", jobs=2)
    manifests = [orjson.loads((result.folder / "manifest.json").read_bytes()) for result in (first, again)]
    assert manifests[0] == manifests[1]
    assert {"seed", "corpus_hash", "copies_hash", "code_hash", "libraries", "python", "platform", "scheme_hash"} <= set(
        manifests[0]
    )
    for name in ("arrays.npz", "oof.jsonl", "report.html"):
        assert (first.folder / name).read_bytes() == (again.folder / name).read_bytes()
    once_more = train(tiny, tmp_path / "a", jobs=1)
    assert (once_more.folder, once_more.predecessor) == (first.folder, None)
    assert before_training(tmp_path / "a").in_use == first.folder


def test_a_worse_training_is_told_and_can_be_forced(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """`train` ends well with a worse model, says in both languages which is used, and with --force uses the new one."""
    command = ["train", "--corpus", str(tiny), "--out", str(tmp_path), "--jobs", "1"]
    assert main(command) == 0
    perfect = tmp_path / "themes-perfect"
    (tmp_path / "current").resolve().rename(perfect)
    make_current(perfect)
    saved = [orjson.loads(line) for line in (perfect / "oof.jsonl").read_bytes().splitlines()]
    for line in saved:
        line["probabilities"] = {theme: float(theme in line["themes"]) for theme in line["probabilities"]}
    (perfect / "oof.jsonl").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in saved))
    capsys.readouterr()
    assert main(command) == 0
    *_, change, chinese, english = capsys.readouterr().out.splitlines()
    new = next(place for place in tmp_path.glob("themes-*") if place != perfect)
    assert change.startswith("与 themes-")
    assert chinese == f"新模型更差，仍用旧模型 {perfect}；新模型在 {new}；加 --force 换用新模型"
    assert english == f"kept the old model in use: {perfect}; the new one is worse: {new}; --force uses it"
    assert before_training(tmp_path).in_use == perfect
    assert "The old model stays in use." in (new / "report.html").read_text("utf-8")
    assert main([*command, "--force"]) == 0
    assert "kept the old model" not in capsys.readouterr().out
    assert before_training(tmp_path).in_use == new
