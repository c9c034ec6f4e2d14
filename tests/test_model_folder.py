"""The model folder: what is saved comes back in another process; nothing damaged or foreign is taken for a model."""

from __future__ import annotations

import hashlib
import io
import pickle
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import model.folder
from labels.errors import UserError
from labels.scheme import Scheme
from model.features import ROWS, Arrays
from model.folder import ARRAYS, FORMAT, content_hash, load_model, make_current, save_model
from predict.tagger import Tagger

TEXT = "某市政法工作总结\n一、维护社会稳定\n全市开展扫黑除恶专项斗争，打掉团伙3个。\n人民调解组织化解矛盾纠纷120件。"
ELSEWHERE = """
import sys
from pathlib import Path
from predict.tagger import Tagger
print(repr(Tagger.load(Path(sys.argv[1])).annotate(sys.argv[2])))
"""


@pytest.fixture
def folder(small_model: Path, tmp_path: Path) -> Path:
    """A copy of the small model that a test may spoil."""
    return Path(shutil.copytree(small_model, tmp_path / small_model.name))


def arrays_of(folder: Path) -> Arrays:
    with np.load(folder / ARRAYS) as archive:
        return dict(archive)


def put(folder: Path, packed: bytes) -> None:
    """Replace the arrays and let the manifest agree, as somebody would who means harm."""
    (folder / ARRAYS).write_bytes(packed)
    edit_manifest(folder, arrays_sha256=hashlib.sha256(packed).hexdigest())


def put_arrays(folder: Path, **changes: np.ndarray | None) -> None:
    arrays = arrays_of(folder) | {name.replace("__", "."): value for name, value in changes.items()}
    packed = io.BytesIO()
    np.savez(packed, **{name: value for name, value in arrays.items() if value is not None})
    put(folder, packed.getvalue())


def edit_manifest(folder: Path, **changes: object) -> None:
    manifest = orjson.loads((folder / "manifest.json").read_bytes())
    (folder / "manifest.json").write_bytes(orjson.dumps(manifest | changes))


def failure(folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        load_model(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value).replace(str(folder), "FOLDER")


def test_another_process_gives_the_same_answers(small_model: Path, small_tagger: Tagger):
    """A saved model annotates in a fresh process exactly as in this one, which has annotated before."""
    command = [sys.executable, "-c", ELSEWHERE, str(small_model), TEXT]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == repr(small_tagger.annotate(TEXT))


def test_saved_twice_it_is_the_same_folder(small_model: Path, tmp_path: Path):
    """Loaded and saved again, a model has the same bytes; its version is the hash of its content."""
    loaded = load_model(small_model)
    again = save_model(tmp_path, loaded.scheme, loaded.themes, loaded.roles, {})
    assert again.name == small_model.name == loaded.version
    assert again.name == f"themes-{content_hash(arrays_of(again), loaded.scheme)}"
    for file in small_model.iterdir():
        assert (again / file.name).read_bytes() == file.read_bytes()
    assert sorted(left.name for left in tmp_path.iterdir()) == [again.name]


@pytest.mark.parametrize("stopped", ["arrays.npz", "manifest.json"])
def test_a_model_that_is_saved_again_can_be_loaded_all_the_while(
    folder: Path, monkeypatch: pytest.MonkeyPatch, stopped: str
):
    """A second save that stops at any of its files leaves the model whole."""
    loaded, replace = load_model(folder), Path.replace

    def stop(part: Path, target: Path) -> Path:
        if target.name == stopped:
            raise OSError(28, "No space left on device")
        return replace(part, target)

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(UserError, match="No space left"):
        save_model(folder.parent, loaded.scheme, loaded.themes, loaded.roles, {"other": "facts"})
    assert load_model(folder).version == loaded.version
    assert not list(folder.glob(".*.part"))


def test_other_themes_or_numbers_are_another_version(small_model: Path, five_themes: Scheme):
    """A model's version knows a change of a weight and of a theme."""
    loaded, arrays = load_model(small_model), arrays_of(small_model)
    changed = arrays | {"themes.final.bias": arrays["themes.final.bias"] + 1e-9}
    versions = {content_hash(arrays, loaded.scheme), content_hash(changed, loaded.scheme)}
    assert len(versions | {content_hash(arrays, five_themes)}) == 3


def test_current_is_the_last_one_named(folder: Path):
    """`current` leads to the folder that was named last; a real folder of that name is not thrown away."""
    other = Path(shutil.copytree(folder, folder.with_name("themes-other")))
    make_current(folder)
    make_current(other)
    current = folder.with_name("current")
    assert current.resolve() == other.resolve()
    assert load_model(current).version == folder.name
    current.unlink()
    shutil.copytree(folder, current)
    with pytest.raises(UserError, match=r"current: it is a folder, a link to themes-other is wanted; move it away$"):
        make_current(other)


@pytest.mark.parametrize("name", ["manifest.json", ARRAYS])
@pytest.mark.parametrize("share", [0, 0.5, 0.999])
def test_cut_short(folder: Path, name: str, share: float):
    """A file that ends too early is no model, wherever it was cut."""
    raw = (folder / name).read_bytes()
    (folder / name).write_bytes(raw[: int(share * len(raw))])
    message = failure(folder)
    assert message.startswith(f"FOLDER/{name}: ")
    assert message.endswith("; train again or take a whole copy")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (shutil.rmtree, "FOLDER: no model here (No such file or directory); "),
        (lambda folder: (folder / "manifest.json").unlink(), "FOLDER: no model here (No such file or directory); "),
        (lambda folder: (folder / ARRAYS).unlink(), "FOLDER/arrays.npz: cannot read it (No such file or directory); "),
        (lambda folder: (folder / "manifest.json").write_text("[]"), "FOLDER/manifest.json: not a model's manifest; "),
        (lambda folder: edit_manifest(folder, version=3), "FOLDER/manifest.json: not a model's manifest; "),
        (
            lambda folder: edit_manifest(folder, format=FORMAT + 1),
            f"FOLDER/manifest.json: format {FORMAT + 1}; this version reads format {FORMAT}; update zhengfa",
        ),
        (
            lambda folder: edit_manifest(folder, format=1),
            f"FOLDER/manifest.json: format 1; this version reads format {FORMAT}; train again",
        ),
        (
            lambda folder: edit_manifest(folder, features=["sentence"]),
            "FOLDER/manifest.json: its features are not those of this version; ",
        ),
        (lambda folder: edit_manifest(folder, themes=None), "FOLDER/manifest.json: no [[theme]] tables; "),
        (
            lambda folder: edit_manifest(folder, scheme_hash="0" * 16),
            "FOLDER/manifest.json: its themes are not those it was trained with (edited); ",
        ),
        (
            lambda folder: (folder / ARRAYS).write_bytes((folder / ARRAYS).read_bytes() + b"\0"),
            "FOLDER/arrays.npz: its content is not what manifest.json says (cut short or edited); ",
        ),
    ],
    ids=[
        "no folder", "no manifest", "no arrays", "a list", "no version", "newer format", "older format",
        "other features", "no themes", "edited themes", "edited arrays",
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(folder: Path, spoil: Callable[[Path], None], message: str):
    """A folder that is no whole model of this format gives one line that says why and what to do."""
    spoil(folder)
    assert failure(folder).startswith(message)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"themes__rows": None}, "array themes.rows is missing"),
        ({"themes__sentence__idf": np.zeros(3)}, "array themes.sentence.idf is float64(3,); float32("),
        (
            {"themes__final__bias": np.zeros((4, 1))},
            "array themes.final.bias is float64(4, 1); float64(2, 4) is wanted",
        ),
        (
            {"themes__final__bias": np.zeros((2, 4), ">f8")},
            "array themes.final.bias is >f8(2, 4); float64(2, 4) is wanted",
        ),
        ({"themes__learned": np.zeros(4)}, "array themes.learned is float64(4,); bool(4,) is wanted"),
        (
            {"themes__final__bias": np.full((2, 4), np.nan)},
            "array themes.final.bias holds a value that is not finite",
        ),
        ({"words__hash": None}, "array words.hash is missing"),
        ({"words__frequency": np.zeros(3, np.int32)}, "array words.frequency is int32(3,); int32("),
        (
            {"words__hash": np.zeros(1, np.uint64), "words__frequency": np.full(1, -1, np.int32)},
            "arrays words.hash and words.frequency are no index",
        ),
        ({"roles__first_bias": None}, "array roles.first_bias is missing"),
        ({"roles__first_bias": np.zeros(2)}, "array roles.first_bias is float64(2,); finite floats (6,) are wanted"),
        ({"roles__second_bias": np.full(6, np.inf)}, "array roles.second_bias is float64(6,); finite floats"),
    ],
)
def test_arrays_that_do_not_fit(folder: Path, changes: dict[str, np.ndarray | None], message: str):
    """An array that is missing, misshapen, of another type or not finite is named."""
    put_arrays(folder, **changes)
    assert failure(folder).startswith(f"FOLDER/arrays.npz: {message}")


@pytest.mark.parametrize("row", [-1, ROWS])
def test_rows_outside_the_table(folder: Path, row: int):
    """A feature outside the table of features is no model's."""
    rows = arrays_of(folder)["themes.rows"].copy()
    rows[0] = row
    put_arrays(folder, themes__rows=rows)
    assert f"array themes.rows points outside the {ROWS} rows" in failure(folder)


class Harm:
    """Unpickled, it would make a file."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def object_array(path: Path) -> bytes:
    packed = io.BytesIO()
    np.savez(packed, **{"themes.rows": np.array([Harm(path)], dtype=object)})
    return packed.getvalue()


def other_member(path: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("themes.rows", pickle.dumps(Harm(path)))
    return packed.getvalue()


def plain_array(path: Path) -> bytes:
    packed = io.BytesIO()
    np.save(packed, np.array([Harm(path)], dtype=object))
    return packed.getvalue()


@pytest.mark.parametrize(
    "pack", [object_array, other_member, plain_array, lambda path: pickle.dumps(Harm(path))],
    ids=["objects in the archive", "a pickle in the archive", "objects alone", "a pickle alone"],
)  # fmt: skip
def test_nothing_in_it_runs(folder: Path, pack: Callable[[Path], bytes]):
    """A pickle in place of arrays is refused, and never opened."""
    made = folder / "made"
    put(folder, pack(made))
    assert failure(folder).startswith("FOLDER/arrays.npz: not readable as plain arrays (")
    assert not made.exists()


def test_a_small_file_that_unpacks_to_a_large_one(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Arrays that would fill the memory are refused before they are unpacked."""
    packed = io.BytesIO()
    np.savez_compressed(packed, rows=np.zeros(1_000_000))
    monkeypatch.setattr(model.folder, "SIZE_LIMIT", 1_000_000)
    put(folder, packed.getvalue())
    assert "more than 1,000,000 bytes unpacked" in failure(folder)


@settings(max_examples=60)
@given(st.data())
def test_any_damage_is_one_error_or_none(
    small_model: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    """Whatever bytes of a small archive are changed, what is said is one UserError."""
    folder = Path(shutil.copytree(small_model, tmp_path_factory.mktemp("damaged") / "model"))
    packed = io.BytesIO()
    np.savez(packed, **{"themes.learned": np.ones(4, dtype=np.bool_), "themes.rows": np.arange(3, dtype=np.int32)})
    raw = bytearray(packed.getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    put(folder, bytes(raw))
    assert failure(folder).startswith("FOLDER/arrays.npz: ")


def test_a_place_that_cannot_be_written(small_model: Path, tmp_path: Path):
    """A model that cannot be written says where."""
    loaded = load_model(small_model)
    (tmp_path / "file").touch()
    with pytest.raises(
        UserError, match=r"file: cannot write the model there \(Not a directory\); give another folder$"
    ):
        save_model(tmp_path / "file", loaded.scheme, loaded.themes, loaded.roles, {})
