"""The model folder: data, not code. `manifest.json` says what it is, `arrays.npz` holds the numbers.

Nothing in it can run: JSON, and arrays read with `allow_pickle=False`. A folder that is cut short,
edited, of a newer format or with wrong shapes gives one UserError.
"""

from __future__ import annotations

import hashlib
import io
import math
import shutil
import tokenize
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from labels.errors import UserError
from labels.files import replacing
from labels.scheme import Scheme, scheme_from
from model.context import DRAFT_FEATURES, FEATURES
from model.default import MANIFEST
from model.features import ROWS, Arrays
from model.lexical import Lexical
from model.roles import RoleModel
from model.themes import Decision, Reading, Readings, ThemeModel
from model.word_index import WordIndex, word_index

FORMAT: Final = 2
ARRAYS: Final = "arrays.npz"
_BOUNDS: Final = ("threshold", "sure_below", "sure_above")
SIZE_LIMIT: Final = 2_000_000_000  # bytes of arrays; a model has some 20 million
_REMEDY: Final = "train again or take a whole copy"
# What zipfile, zlib and numpy raise for bytes that are no plain arrays.
_UNREADABLE: Final = (
    ArithmeticError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Model:
    """Everything prediction needs; `version` is the hash of its content."""

    version: str
    scheme: Scheme
    themes: ThemeModel
    roles: RoleModel
    words: WordIndex
    manifest: dict[str, Any]


def save_model(parent: Path, scheme: Scheme, themes: ThemeModel, roles: RoleModel, facts: Mapping[str, Any]) -> Path:
    """Write a model folder below `parent`, named by its version, whole or not at all; returns it."""
    arrays = {f"themes.{name}": value for name, value in theme_arrays(themes).items()}
    arrays |= {f"roles.{name}": value for name, value in roles.arrays().items()}
    words = word_index(scheme.terms)
    arrays |= {f"words.{field.name}": getattr(words, field.name) for field in fields(words)}
    version = f"themes-{content_hash(arrays, scheme)}"
    packed = _packed(arrays)
    manifest = {
        "format": FORMAT,
        "version": version,
        "scheme_hash": scheme.hash,
        "arrays_sha256": hashlib.sha256(packed).hexdigest(),
        "features": list(FEATURES),
        **facts,
        "themes": [asdict(theme) for theme in scheme.themes],
    }
    files = {ARRAYS: packed, MANIFEST: orjson.dumps(manifest, option=orjson.OPT_INDENT_2) + b"\n"}
    try:
        return _write(parent / version, files)
    except OSError as error:
        raise UserError(f"{parent}: cannot write the model there ({error.strerror}); give another folder") from error


def make_current(folder: Path) -> None:
    """Let `current` beside the model folder name it; a reader sees the old or the new one, never neither."""
    current, link = folder.parent / "current", folder.parent / ".current.part"
    if current.is_dir() and not current.is_symlink():
        raise UserError(f"{current}: it is a folder, a link to {folder.name} is wanted; move it away")
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name, target_is_directory=True)
    link.replace(current)


def _packed(arrays: Arrays) -> bytes:
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **arrays)
    return packed.getvalue()


def _write(folder: Path, files: Mapping[str, bytes]) -> Path:
    if folder.is_dir():
        # The name tells the content, so that readers find a whole model between two files, too.
        for name, content in files.items():
            with replacing(folder / name) as stream:
                stream.write(content)
        return folder
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name, content in files.items():
        (part / name).write_bytes(content)
    return part.replace(folder)


def load_model(folder: Path) -> Model:
    """Read a model folder; raises UserError that says what is wrong with it."""
    manifest = read_manifest(folder)
    arrays = _read_arrays(folder / ARRAYS, str(manifest.get("arrays_sha256")))
    scheme = scheme_from(manifest.get("themes"), f"{folder / MANIFEST}")
    if manifest.get("scheme_hash") != scheme.hash:
        raise UserError(f"{folder / MANIFEST}: its themes are not those it was trained with (edited); {_REMEDY}")
    if manifest.get("features") != list(FEATURES):
        raise UserError(f"{folder / MANIFEST}: its features are not those of this version; {_REMEDY}")
    try:
        themes = themes_from(_part(arrays, "themes"), scheme)
        roles = RoleModel.from_arrays(_part(arrays, "roles"))
        words = _words_from(_part(arrays, "words"))
    except UserError as error:
        raise UserError(f"{folder / ARRAYS}: {error}; {_REMEDY}") from error
    return Model(str(manifest["version"]), scheme, themes, roles, words, manifest)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a model folder of a format this version reads."""
    path = folder / MANIFEST
    try:
        manifest = orjson.loads(path.read_bytes())
    except OSError as error:
        raise UserError(
            f"{folder}: no model here ({error.strerror}); give a model folder or run `make train`"
        ) from error
    except orjson.JSONDecodeError as error:
        raise UserError(f"{path}: not JSON ({error}); {_REMEDY}") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("version"), str):
        raise UserError(f"{path}: not a model's manifest; {_REMEDY}")
    number = manifest.get("format")
    if number != FORMAT:
        remedy = "update zhengfa" if isinstance(number, int) and number > FORMAT else "train again"
        raise UserError(f"{path}: format {number!r}; this version reads format {FORMAT}; {remedy}")
    return manifest


def content_hash(arrays: Arrays, scheme: Scheme) -> str:
    """First 8 hex digits of the SHA-256 of every array and of the scheme."""
    digest = hashlib.sha256(scheme.hash.encode())
    for name, value in sorted(arrays.items()):
        digest.update(f"{name} {value.dtype.str} {value.shape}".encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    return digest.hexdigest()[:8]


def theme_arrays(model: ThemeModel) -> Arrays:
    """The theme model as named arrays."""
    arrays: Arrays = {"rows": model.rows.astype(np.int32), "learned": model.learned}
    decision = model.decision
    draft, final = decision.readings.draft, decision.readings.final
    parts: dict[str, Lexical | Reading]
    parts = {"sentence": model.sentence, "line": model.line, "draft": draft, "final": final}
    for name, part in parts.items():
        arrays |= {f"{name}.{field.name}": getattr(part, field.name) for field in fields(part)}
    return arrays | {f"decision.{name}": getattr(decision, name) for name in _BOUNDS}


def themes_from(arrays: Arrays, scheme: Scheme) -> ThemeModel:
    """The theme model from named arrays; raises UserError for a missing or misshapen one."""
    themes = len(scheme.ids)
    rows = _checked(arrays, "rows", (None,), np.int32).astype(np.int64)
    if len(rows) and (rows.min() < 0 or rows.max() >= ROWS):
        raise UserError(f"array themes.rows points outside the {ROWS} rows of features")
    return ThemeModel(
        themes=scheme.ids,
        learned=_checked(arrays, "learned", (themes,), np.bool_),
        rows=rows,
        sentence=_lexical(arrays, "sentence", len(rows), themes),
        line=_lexical(arrays, "line", len(rows), themes),
        decision=Decision(
            readings=Readings(
                draft=_reading(arrays, "draft", themes, len(DRAFT_FEATURES)),
                final=_reading(arrays, "final", themes, len(FEATURES)),
            ),
            **{name: _checked(arrays, f"decision.{name}", (themes,)) for name in _BOUNDS},
        ),
    )


def _reading(arrays: Arrays, name: str, themes: int, features: int) -> Reading:
    return Reading(
        weights=_checked(arrays, f"{name}.weights", (2, themes, features)),
        bias=_checked(arrays, f"{name}.bias", (2, themes)),
    )


def _lexical(arrays: Arrays, name: str, rows: int, themes: int) -> Lexical:
    return Lexical(
        idf=_checked(arrays, f"{name}.idf", (rows,), np.float32),
        weights=_checked(arrays, f"{name}.weights", (rows, themes + 1), np.float32),
        dense=_checked(arrays, f"{name}.dense", (themes + 2, themes + 1)),
        bias=_checked(arrays, f"{name}.bias", (themes + 1,)),
    )


def _part(arrays: Arrays, name: str) -> Arrays:
    return {own.removeprefix(f"{name}."): array for own, array in arrays.items() if own.startswith(f"{name}.")}


def _words_from(arrays: Arrays) -> WordIndex:
    words = _checked(arrays, "hash", (None,), np.uint64, of="words")
    frequency = _checked(arrays, "frequency", (len(words),), np.int32, of="words")
    if not len(words) or (words[1:] <= words[:-1]).any() or frequency.min() < 0:
        raise UserError("arrays words.hash and words.frequency are no index: hashes rise, no frequency is below 0")
    return WordIndex(words, frequency)


def _checked(
    arrays: Arrays, name: str, shape: tuple[int | None, ...], dtype: type = np.float64, of: str = "themes"
) -> NDArray[Any]:
    if name not in arrays:
        raise UserError(f"array {of}.{name} is missing")
    array = arrays[name]
    fits = len(array.shape) == len(shape) and all(
        want in (None, have) for want, have in zip(shape, array.shape, strict=True)
    )
    if not fits or array.dtype != dtype:
        raise UserError(f"array {of}.{name} is {array.dtype}{array.shape}; {np.dtype(dtype)}{shape} is wanted")
    if issubclass(dtype, np.floating) and not np.isfinite(array).all():
        raise UserError(f"array {of}.{name} holds a value that is not finite")
    return array


def _read_arrays(path: Path, sha256: str) -> Arrays:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot read it ({error.strerror}); {_REMEDY}") from error
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise UserError(f"{path}: its content is not what {MANIFEST} says (cut short or edited); {_REMEDY}")
    try:
        return dict(_plain_arrays(raw))
    except _UNREADABLE as error:
        raise UserError(f"{path}: not readable as plain arrays ({error}); {_REMEDY}") from error


def _plain_arrays(raw: bytes) -> Iterator[tuple[str, NDArray[Any]]]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        if sum(member.file_size for member in archive.infolist()) > SIZE_LIMIT:
            raise ValueError(f"more than {SIZE_LIMIT:,} bytes unpacked")
        for name in archive.namelist():
            yield name.removesuffix(".npy"), _plain_array(archive.read(name))


def _plain_array(raw: bytes) -> NDArray[Any]:
    """The array of a .npy file, over its own bytes; ValueError for one of objects."""
    file = io.BytesIO(raw)
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("not version 1.0 of .npy")
    shape, by_column, dtype = np.lib.format.read_array_header_1_0(file)
    array = np.frombuffer(raw, dtype, count=math.prod(shape), offset=file.tell())
    return array.reshape(shape, order="F" if by_column else "C")
