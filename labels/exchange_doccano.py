"""doccano: a text classification project's JSON Lines, as a file or in the ZIP that doccano exports.

doccano keeps no state of a text: without its option to export only confirmed ones, a text without labels may be
reviewed or not. Roles do not travel.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from labels.errors import UserError
from labels.exchange import DECIDED, STATE_OF, UNCLEAR, Entry, Format, Lost, Reply
from labels.exchange_key import key_from, key_of, packed, past_from
from labels.exchange_words import heading, meant, theme_labels
from labels.files import write_whole
from labels.item import text_hash
from labels.scheme import Scheme

SIZE_LIMIT: Final = 500_000_000
_ALL: Final = "all"  # the name doccano gives the file in which all members' labels are
_STATES_LOST: Final = (
    "doccano 分不清“无主题”与“未审”：导出时勾选“仅已确认”，导入时加 --confirmed，才全部算数 / "
    "doccano cannot tell no theme from not reviewed: export confirmed texts only and import them with --confirmed"
)
_ROLES_LOST: Final = "doccano 不带角色，也不带“跳过” / doccano carries no roles and no skips"


def write(entries: Sequence[Entry], path: Path, scheme: Scheme) -> list[str]:
    """Write the texts, labelled as decided, or as the model suggests."""
    if path.suffix.lower() != ".jsonl":
        raise UserError(f"{path}: doccano imports .jsonl, not {path.suffix}; change the suffix")
    write_whole(path, b"".join(orjson.dumps(_row(entry, scheme)) + b"\n" for entry in entries))
    return []


def read(path: Path, scheme: Scheme) -> Iterator[Reply | Lost]:
    """The replies of an export; a file in its ZIP is called after the member whose labels it holds."""
    for name, raw in _files(path):
        reviewer = "" if name == _ALL else name
        for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
            where = f"{path}, line {number}" if path.suffix.lower() == ".jsonl" else f"{path}, {name}, line {number}"
            try:
                if line.strip():
                    yield _reply(line, where, reviewer, scheme)
            except UserError as error:
                yield Lost(str(error))


FORMAT: Final = Format(write, read, "doccano", (_STATES_LOST, _ROLES_LOST))


def _row(entry: Entry, scheme: Scheme) -> dict[str, Any]:
    item, decision = entry.item, entry.decision
    suggested = () if item.blind else item.themes
    return {
        "text": item.text,
        "label": list(decision.themes if decision else suggested),
        "zhengfa_heading": heading(item),
        "zhengfa_key": packed(key_of(item, scheme)),
        "zhengfa_was": packed(decision) if decision else "",
    }


def _reply(line: bytes, where: str, reviewer: str, scheme: Scheme) -> Reply:
    row = _object(line, where)
    key = key_from(row.get("zhengfa_key"), where)
    past = past_from(row.get("zhengfa_was"), key, where)
    if text_hash(str(row.get("text"))) != key.text_sha256:
        raise UserError(f"{where}: its text was changed, so its labels are not those of the text that was asked about")
    chosen = {meant(word, theme_labels(scheme), where, "label") for word in _labels(row, where)}
    themes, note = tuple(theme for theme in scheme.ids if theme in chosen), _note(row)
    if past and set(past.themes) == chosen and not note:
        return Reply(where, key, STATE_OF[past.action], past.reviewer, past.role, themes, past.note, past=past)
    changed = chosen != set(past.themes if past else key.suggested)
    return Reply(where, key, DECIDED if changed else UNCLEAR, reviewer, key.role, themes, note)


def _object(line: bytes, where: str) -> dict[str, Any]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise UserError(f"{where}: not JSON ({error}); export from doccano as JSONL") from error
    if not isinstance(row, dict):
        raise UserError(f"{where}: it is no JSON object; export from doccano as JSONL")
    return row


def _labels(row: dict[str, Any], where: str) -> list[str]:
    labels = row.get("label", row.get("labels"))
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise UserError(f"{where}: label is {labels!r}; a list of themes is wanted, from a text classification project")
    return labels


def _note(row: dict[str, Any]) -> str:
    comments = row.get("Comments")
    return "\n".join(str(comment) for comment in comments).strip() if isinstance(comments, list) else ""


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """The name, without suffix, and content of each JSON Lines file."""
    try:
        if path.suffix.lower() == ".zip":
            yield from _members(path)
        else:
            with path.open("rb") as file:
                raw = file.read(SIZE_LIMIT + 1)
            if len(raw) > SIZE_LIMIT:
                raise UserError(f"{path}: more than {SIZE_LIMIT:,} bytes; split it")
            yield _ALL, raw
    except OSError as error:
        raise UserError(f"{path}: cannot read it ({error.strerror}); check the path and your rights") from error


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if member.filename.endswith(".jsonl")]
            if sum(member.file_size for member in members) > SIZE_LIMIT:
                raise UserError(f"{path}: more than {SIZE_LIMIT:,} bytes unpacked; split it")
            for member in members:
                yield Path(member.filename).stem, archive.read(member)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise UserError(f"{path}: not readable as a ZIP ({error}); export from doccano again") from error
    if not members:
        raise UserError(f"{path}: no .jsonl file in it; export from doccano as JSONL")
