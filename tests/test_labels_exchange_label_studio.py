"""Label Studio: its exports as it writes them, with what editions and old versions do otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import orjson
import pytest

from labels.errors import UserError
from labels.exchange import Entry
from labels.exchange_import import Taken, Terms, import_file
from labels.exchange_label_studio import FORMAT, config
from labels.scheme import Scheme
from labels.store import Store
from tests.exchange_items import decision_on, queue_item

ITEM, BLIND = queue_item("全市打掉团伙3个。<b>", 2), queue_item("盲审。", 3, blind=True)
Row = dict[str, Any]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "store.db")
    store.add_items([ITEM, BLIND])
    return store


@pytest.fixture
def tasks(tmp_path: Path, scheme: Scheme) -> list[Row]:
    """The tasks that are exported for two items nobody decided on."""
    FORMAT.write([Entry(ITEM), Entry(BLIND)], tmp_path / "tasks.json", scheme)
    return list(orjson.loads((tmp_path / "tasks.json").read_bytes()))


def choices(*chosen: str, control: str = "theme") -> Row:
    return {"id": "EmgEj", "type": "choices", "value": {"choices": [*chosen]}, "to_name": "text", "from_name": control}


def annotated(task: Row, *annotations: Row, **more: Any) -> Row:
    return {"id": 7, "data": task["data"], "annotations": [*annotations], "predictions": [1], **more}


def annotation(*regions: Row, **more: Any) -> Row:
    row = {"id": 9, "completed_by": 1, "was_cancelled": False, "updated_at": "2026-03-01T08:00:00.5Z"}
    return {**row, "result": [*regions], **more}


def take(path: Path, rows: object, store: Store, scheme: Scheme) -> Taken:
    path.write_bytes(orjson.dumps(rows))
    return import_file(path, store, Terms(scheme))


def test_tasks_carry_the_prediction(tasks: list[Row], scheme: Scheme):
    """A task has its text, its place, the model's answer as one region by theme ids; a blind one none of the latter."""
    task, blind = tasks
    (prediction,) = task["predictions"]
    assert (prediction["model_version"], prediction["score"]) == ("themes-0001", 0.4)
    assert [region["value"] for region in prediction["result"]] == [{"choices": ["security"]}, {"choices": ["body"]}]
    assert task["data"]["p_security"] == 0.9
    assert task["data"]["text"] == ITEM.text
    assert blind["predictions"] == []
    assert not [name for name in blind["data"] if name.startswith("p_")]
    assert blind["data"]["reason"] == ""
    assert {len(task["data"]["heading_path"]) > 0 for task in tasks} == {True}
    assert set(scheme.ids) == {name[2:] for name in task["data"] if name.startswith("p_")}


def test_the_config_has_every_theme_and_role(scheme: Scheme, five_themes: Scheme):
    """Choices show both languages and export ids; the controls are those that results name; every variable has data."""
    for known in (scheme, five_themes):
        root = ET.fromstring(config(known))
        controls = {control.get("name"): control for control in root if control.get("toName")}
        assert set(controls) == {"theme", "role", "note"}
        assert [choice.get("alias") for choice in controls["theme"]] == list(known.ids)
        assert [choice.get("value") for choice in controls["theme"]] == [
            f"{theme.name_zh} / {theme.id}" for theme in known.themes
        ]
        assert len(controls["role"]) == 6


def test_the_config_stands_beside_the_tasks(tasks: list[Row], tmp_path: Path, scheme: Scheme):
    """The config is a file of its own, to be pasted into the project's settings."""
    assert len(tasks) == 2
    assert (tmp_path / "tasks.config.xml").read_text("utf-8") == config(scheme)


@pytest.mark.parametrize(
    ("more", "reviewer"),
    [
        ({}, "label-studio-1"),
        ({"completed_by": {"id": 4, "email": "wang@example.org", "first_name": ""}}, "wang@example.org"),
        ({"completed_by": {"id": 4}}, "label-studio-4"),
        ({"completed_by": "wang@example.org"}, "wang@example.org"),
    ],
)
def test_who_answered(*, tmp_path: Path, tasks: list[Row], store: Store, scheme: Scheme, more: Row, reviewer: str):
    """The reviewer is a number, an object or a name, as the edition has it; the time is that of the last change."""
    rows = [annotated(tasks[0], annotation(choices("mediation", "party_building"), **more))]
    assert take(tmp_path / "a.json", rows, store, scheme).lost == []
    (decision,) = store.events()
    assert (decision.reviewer, decision.at) == (reviewer, "2026-03-01T08:00:00.500000+00:00")
    assert (decision.themes, decision.role, decision.source) == (
        ("party_building", "mediation"),
        "body",
        "label_studio",
    )
    assert decision.shown is not None
    assert decision.shown.themes == ("security",)


def test_states_stay_apart(tmp_path: Path, tasks: list[Row], store: Store, scheme: Scheme):
    """An empty result is a review that found no theme, a cancelled one a skip; no annotation or a draft is neither."""
    task, blind = tasks
    rows = [annotated(task, annotation()), annotated(blind, drafts=[{"result": [choices("security")]}])]
    taken = take(tmp_path / "a.json", rows, store, scheme)
    assert taken.rows == {"reviewed_none": 1, "not_reviewed": 1}
    assert taken.lost == [
        f"{tmp_path}/a.json, task 2: a draft nobody submitted is not an answer; submit it in Label Studio"
    ]
    skip = annotation(choices("security"), was_cancelled=True, updated_at="2026-03-02T08:00:00Z")
    taken = take(tmp_path / "b.json", [annotated(task, skip)], store, scheme)
    assert (taken.rows, taken.events) == ({"skipped": 1}, {"updated": 1})
    assert (store.events()[-1].action, store.events()[-1].themes) == ("skip", ())


def test_several_people_annotate_a_task(tmp_path: Path, tasks: list[Row], store: Store, scheme: Scheme):
    """Every annotation of a task is one person's answer; the order in the file does not matter."""
    older = annotation(choices("mediation"), updated_at="2026-02-01T08:00:00Z")
    rows = [annotated(tasks[0], annotation(choices("security")), older, annotation(completed_by=2))]
    assert take(tmp_path / "a.json", rows, store, scheme).events == {"new": 2, "older": 1}
    latest = store.latest(ITEM.item)
    assert (latest["label-studio-1"].themes, latest["label-studio-2"].themes) == (("security",), ())
    assert take(tmp_path / "a.json", rows, store, scheme).events == {"known": 3}


def test_old_and_single_exports(tmp_path: Path, tasks: list[Row], store: Store, scheme: Scheme):
    """The old name of annotations, one object without a list, a choice without a list, a byte order mark: all read."""
    region = choices()
    region["value"] = {"choices": "mediation"}
    row = {"data": tasks[0]["data"], "completions": [annotation(region)]}
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf" + orjson.dumps(row))
    assert import_file(tmp_path / "a.json", store, Terms(scheme)).events == {"new": 1}
    assert store.events()[0].themes == ("mediation",)


def test_role_and_note(tmp_path: Path, tasks: list[Row], store: Store, scheme: Scheme):
    """A corrected role and a note come along; labels may be those that people read."""
    note = {"type": "textarea", "from_name": "note", "value": {"text": ["像图注", "第二行"]}}
    rows = [annotated(tasks[0], annotation(choices(), choices("图注 / caption", control="role"), note))]
    assert take(tmp_path / "a.json", rows, store, scheme).lost == []
    assert (store.events()[0].role, store.events()[0].note) == ("caption", "像图注\n第二行")


def test_a_decision_that_travelled(tmp_path: Path, store: Store, scheme: Scheme):
    """An exported decision is known when it comes back as it was; changed, it is the word of who changed it."""
    made = store.record(decision_on(ITEM, "security", "mediation", note="好"))
    FORMAT.write([Entry(ITEM, made)], tmp_path / "tasks.json", scheme)
    (task,) = orjson.loads((tmp_path / "tasks.json").read_bytes())
    (sent,) = task["annotations"]
    returned = annotation(*sent["result"])
    assert take(tmp_path / "a.json", [annotated(task, returned)], store, scheme).events == {"known": 1}
    returned["result"][0]["value"] = {"choices": ["security"]}
    assert take(tmp_path / "b.json", [annotated(task, returned)], store, scheme).events == {"new": 1}
    assert store.latest(ITEM.item)["label-studio-1"].themes == ("security",)
    assert store.latest(ITEM.item)["王芳"].themes == ("security", "mediation")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        ({"result": [choices("securty")]}, 'annotation 1: theme "securty" is unknown'),
        ({"result": "none"}, "annotation 1: result is 'none'; a list is wanted"),
        ({"result": [{"from_name": "theme", "value": {"choices": [1]}}]}, "annotation 1: theme is {'choices': [1]}; a"),
        ({"result": [{"from_name": "theme", "value": 3}]}, "annotation 1: theme is 3; a list of choices is wanted"),
        ({"result": [choices("body", "title", control="role")]}, "annotation 1: it has the roles body, title; choose"),
        ({"result": [choices("security"), choices("title", control="role")]}, "annotation 1: a title has themes; only"),
        ({"updated_at": "gestern"}, 'annotation 1: time "gestern" is not ISO 8601'),
        ({"completed_by": None}, "annotation 1: no reviewer; write the name in its column or give --reviewer NAME"),
    ],
)
def test_what_cannot_be_taken(
    *, tmp_path: Path, tasks: list[Row], store: Store, scheme: Scheme, spoil: Row, message: str
):
    """An annotation that is damaged is named by task and number; the others are taken."""
    rows = [annotated(tasks[0], {**annotation(), **spoil}), annotated(tasks[1], annotation())]
    taken = take(tmp_path / "a.json", rows, store, scheme)
    assert [lost.partition("task 1, ")[2][: len(message)] for lost in taken.lost] == [message]
    assert taken.events == {"new": 1}


@pytest.mark.parametrize(
    "rows",
    [
        [{"id": 1, "text": "文", "theme": {"choices": ["security", "mediation"]}, "annotator": 1}],
        [{"id": 1, "text": "文", "theme": "security"}],
        [{"id": 1, "text": "文"}],
        ["security"],
        3,
    ],
)
def test_json_min_is_refused(tmp_path: Path, store: Store, scheme: Scheme, rows: object):
    """The export without states is refused as a whole: in it no theme, skipped and not reviewed look the same."""
    with pytest.raises(UserError, match=r"JSON-MIN and CSV leave out who skipped or found no theme: export as JSON$"):
        take(tmp_path / "a.json", rows, store, scheme)


def test_a_task_of_others(tmp_path: Path, store: Store, scheme: Scheme):
    """A task that was not exported from here has no key, and is named."""
    taken = take(tmp_path / "a.json", [{"data": {"text": "文"}, "annotations": [annotation()]}], store, scheme)
    assert taken.lost == [f"{tmp_path}/a.json, task 1: it has no key; keep the rows as they were exported"]


def test_a_theme_nobody_could_choose(tmp_path: Path, tasks: list[Row], store: Store, five_themes: Scheme):
    """A theme that came to the scheme after the export was not judged, so it is not among the considered."""
    taken = take(tmp_path / "a.json", [annotated(tasks[0], annotation())], store, five_themes)
    assert taken.lost == []
    assert store.events()[0].considered == five_themes.ids[:4]
