"""Label Studio: tasks with the model's predictions and people's decisions, a labelling config, and the JSON export.

Choices carry theme ids as `alias`: Label Studio shows the value and exports the alias (seen on 1.23.2), and fills in a
prediction only where it names the alias.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import quoteattr

import orjson

from labels.decision import Decision
from labels.errors import UserError
from labels.exchange import DECIDED, OPEN, SKIPPED, STATE_OF, Entry, Format, Lost, Reply
from labels.exchange_key import Key, key_from, key_of, packed, past_from
from labels.exchange_words import ROLE_LABELS, heading, meant, theme_labels
from labels.files import write_whole
from labels.item import Item, Neighbour
from labels.scheme import Scheme

CONFIG_SUFFIX: Final = ".config.xml"
SIZE_LIMIT: Final = 500_000_000
_KEY: Final = "zhengfa"
_DECISIONS: Final = "zhengfa_decisions"
_MINE: Final = "zhengfa-"

Row = dict[str, Any]


def write(entries: Sequence[Entry], path: Path, scheme: Scheme) -> list[str]:
    """Write the tasks, and beside them the config of their project."""
    tasks = [_task(list(group), scheme) for _, group in groupby(entries, key=lambda entry: entry.item.item)]
    write_whole(path.with_suffix(CONFIG_SUFFIX), config(scheme).encode())
    write_whole(path, orjson.dumps(tasks, option=orjson.OPT_INDENT_2) + b"\n")
    return []


def config(scheme: Scheme) -> str:
    """The labelling config: themes to choose from, the role, a note."""
    return f"""<View>
  <Header value="$heading_path" size="4"/>
  <Header value="$before" size="6"/>
  <Text name="text" value="$text"/>
  <Header value="$after" size="6"/>
  <Choices name="theme" toName="text" choice="multiple" showInLine="true">
{_choices(theme_labels(scheme))}  </Choices>
  <Choices name="role" toName="text" choice="single" layout="select">
{_choices(ROLE_LABELS)}  </Choices>
  <TextArea name="note" toName="text" maxSubmissions="1" editable="true" placeholder="备注 / note"/>
</View>
"""


def read(path: Path, scheme: Scheme) -> Iterator[Reply | Lost]:
    """The replies in a JSON export, several of a task where several people annotated it."""
    for number, task in enumerate(_tasks(path), 1):
        where = f"{path}, task {number}"
        try:
            yield from _replies(task, where, scheme)
        except UserError as error:
            yield Lost(str(error))


FORMAT: Final = Format(write, read, "label_studio")


def _task(group: Sequence[Entry], scheme: Scheme) -> Row:
    item, decisions = group[0].item, [entry.decision for entry in group if entry.decision]
    return {
        "data": _data(item, decisions, scheme),
        "predictions": [] if item.blind else [_prediction(item)],
        "annotations": [_annotation(decision) for decision in decisions],
    }


def _data(item: Item, decisions: Sequence[Decision], scheme: Scheme) -> Row:
    chances = {} if item.blind else {f"p_{theme}": chance for theme, chance in item.probabilities.items()}
    return {
        "text": item.text,
        "heading_path": heading(item),
        "before": _beside(item.before),
        "after": _beside(item.after),
        "report": item.report,
        "line": item.line,
        "reason": "" if item.blind else item.reason,
        **chances,
        _KEY: packed(key_of(item, scheme)),
        _DECISIONS: [packed(decision) for decision in decisions],
    }


def _prediction(item: Item) -> Row:
    margins = [abs(chance - item.thresholds.get(theme, 0.5)) for theme, chance in item.probabilities.items()]
    return {
        "model_version": item.model,
        # One number a task: sorted with the lowest first, the doubtful come first.
        "score": round(min(margins), 4) if margins else None,
        "result": _result(item.item, item.role, item.themes, ""),
    }


def _annotation(decision: Decision) -> Row:
    regions = _result(_mark(decision), decision.role, decision.themes, decision.note)
    return {"was_cancelled": decision.action == "skip", "result": regions}


def _result(mark: str, role: str, themes: Sequence[str], note: str) -> list[Row]:
    regions = [
        _region(f"{mark}-t", "theme", "choices", {"choices": list(themes)}),
        _region(f"{mark}-r", "role", "choices", {"choices": [role]}),
    ]
    return [*regions, _region(f"{mark}-n", "note", "textarea", {"text": [note]})] if note else regions


def _region(mark: str, control: str, kind: str, value: Row) -> Row:
    return {"id": mark, "from_name": control, "to_name": "text", "type": kind, "value": value}


def _mark(decision: Decision) -> str:
    """What the regions of a decision's annotation are called, so that it is known when it comes back."""
    return _MINE + hashlib.sha256(packed(decision).encode()).hexdigest()[:16]


def _choices(labels: Mapping[str, str]) -> str:
    lines = (f"    <Choice value={quoteattr(label)} alias={quoteattr(name)}/>\n" for name, label in labels.items())
    return "".join(lines)


def _beside(lines: Sequence[Neighbour]) -> str:
    return " ⏎ ".join(line.text for line in lines)


def _tasks(path: Path) -> list[Any]:
    try:
        with path.open("rb") as file:
            raw = file.read(SIZE_LIMIT + 1)
        if len(raw) > SIZE_LIMIT:
            raise UserError(f"{path}: more than {SIZE_LIMIT:,} bytes; export fewer tasks at a time")
        tasks = orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except OSError as error:
        raise UserError(f"{path}: cannot read it ({error.strerror}); check the path and your rights") from error
    except orjson.JSONDecodeError as error:
        raise UserError(f"{path}: not JSON ({error}); export from Label Studio as JSON") from error
    tasks = tasks if isinstance(tasks, list) else [tasks]
    if any(not isinstance(task, dict) or not isinstance(task.get("data"), dict) for task in tasks):
        raise UserError(
            f"{path}: no JSON export of Label Studio; JSON-MIN and CSV leave out who skipped or found no theme: "
            "export as JSON"
        )
    return tasks


def _replies(task: Row, where: str, scheme: Scheme) -> Iterator[Reply | Lost]:
    key = key_from(task["data"].get(_KEY), where)
    annotations = _list(task, "annotations" if "annotations" in task else "completions", where)
    pasts = _pasts(task["data"].get(_DECISIONS), key, where)
    for number, annotation in enumerate(annotations, 1):
        yield _annotated(annotation, key, pasts, f"{where}, annotation {number}", scheme)
    if not annotations:
        yield Reply(where, key, OPEN)
    if _list(task, "drafts", where):
        yield Lost(f"{where}: a draft nobody submitted is not an answer; submit it in Label Studio")


def _pasts(texts: object, key: Key, where: str) -> dict[str, Decision]:
    if texts is None:
        return {}
    if not isinstance(texts, list):
        raise UserError(f"{where}: {_DECISIONS} is no list; keep the tasks' data as exported")
    pasts = [past_from(text, key, where) for text in texts]
    return {_mark(past): past for past in pasts if past}


def _annotated(annotation: object, key: Key, pasts: Mapping[str, Decision], where: str, scheme: Scheme) -> Reply | Lost:
    if not isinstance(annotation, dict):
        return Lost(f"{where}: it is no object")
    try:
        regions = [region for region in _list(annotation, "result", where) if isinstance(region, dict)]
        reply = _reply(annotation, regions, key, where, scheme)
    except UserError as error:
        return Lost(str(error))
    marks = {str(region.get("id")).rpartition("-")[0] for region in regions}
    past = next((past for mark, past in pasts.items() if mark in marks), None)
    return _as_it_was(reply, past) if past and _same(reply, past) else reply


def _reply(annotation: Row, regions: Sequence[Row], key: Key, where: str, scheme: Scheme) -> Reply:
    themes = _chosen(regions, "theme", theme_labels(scheme), where)
    roles = _chosen(regions, "role", ROLE_LABELS, where)
    if len(roles) > 1:
        raise UserError(f"{where}: it has the roles {', '.join(roles)}; choose one")
    return Reply(
        where,
        key,
        SKIPPED if annotation.get("was_cancelled") is True else DECIDED,
        _name(annotation.get("completed_by")),
        role=roles[0] if roles else key.role,
        themes=tuple(theme for theme in scheme.ids if theme in themes),
        note="\n".join(_values(regions, "note", "text", where)).strip(),
        at=str(annotation.get("updated_at") or annotation.get("created_at") or ""),
    )


def _same(reply: Reply, past: Decision) -> bool:
    said = (reply.state in (STATE_OF[past.action], DECIDED), reply.role, set(reply.themes), reply.note)
    skipped = (reply.state == SKIPPED) == (past.action == "skip")
    return skipped and said == (True, past.role, set(past.themes), past.note.strip())


def _as_it_was(reply: Reply, past: Decision) -> Reply:
    return Reply(reply.where, reply.key, STATE_OF[past.action], past.reviewer, past.role, past.themes, past=past)


def _chosen(regions: Sequence[Row], control: str, labels: Mapping[str, str], where: str) -> list[str]:
    return [meant(word, labels, where, control) for word in _values(regions, control, "choices", where)]


def _values(regions: Sequence[Row], control: str, kind: str, where: str) -> list[str]:
    """The words in all regions of a control; one word may stand without a list."""
    words: list[str] = []
    for region in regions:
        if region.get("from_name") == control:
            value = region.get("value")
            found = value.get(kind, []) if isinstance(value, dict) else None
            listed = [found] if isinstance(found, str) else found
            if not isinstance(listed, list) or not all(isinstance(word, str) for word in listed):
                raise UserError(f"{where}: {control} is {value!r}; a list of {kind} is wanted")
            words += listed
    return words


def _name(completed_by: object) -> str:
    """The reviewer: an export has a number, an object, or with other editions a name."""
    if isinstance(completed_by, dict):
        known = [completed_by.get(name) for name in ("email", "username", "id")]
        return _name(next((value for value in known if value), ""))
    if isinstance(completed_by, bool) or not isinstance(completed_by, int | str):
        return ""
    return f"label-studio-{completed_by}" if isinstance(completed_by, int) else completed_by.strip()


def _list(row: Row, name: str, where: str) -> list[Any]:
    value = row.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise UserError(f"{where}: {name} is {value!r}; a list is wanted")
    return value
