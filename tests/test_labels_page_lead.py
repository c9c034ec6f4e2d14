"""The lead's page: figures that can be checked by hand, and disputes that end."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from labels.decision import Shown, State
from labels.page_figures import agreement, interval, prefill_bias, progress, share
from labels.page_lead import Lead, LeadTalk
from labels.page_stop import Estimate, Succession, advice, estimate, succession
from labels.standing import state_of
from labels.store import Store
from tests.page_items import make_item
from tests.review_data import a_decision


@pytest.fixture
def store(tmp_path):
    store = Store.open(tmp_path / "q.db")
    yield store
    store.close()


def lead_of(store, items, scheme, models=Path("nowhere")):
    store.add_items(items)
    return Lead(store, items, scheme, models)


def decide(store, item, reviewer, *themes, shown=True, **change):
    seen = Shown(item.themes, item.probabilities) if shown else None
    return store.record(a_decision(item, *themes, reviewer=reviewer, shown=seen, **change))


def test_agreement_by_hand(store, scheme):
    """Four lines judged by two, one of them differently in one theme: the figures of Cohen and Krippendorff."""
    items = [make_item(number) for number in range(1, 6)]
    lead = lead_of(store, items, scheme)
    for item, one, other in zip(
        items,
        (["security"], ["security"], [], []),
        (["security"], [], [], []),
        strict=False,
    ):
        decide(store, item, "王芳", *one)
        decide(store, item, "李明", *other)
    decide(store, items[4], "王芳", "security")
    found = agreement(items, lead.standings(), scheme)
    rows = {row["what"]: row for row in found["rows"]}
    row = rows["security"]
    # po = 3/4, pe = (2*1 + 2*3) / 16 = 1/2; alpha = 1 - 7 * 2 / (2 * 3 * 5).
    assert (found["items"], row["n"], row["agreement"], row["kappa"]) == (4, 4, 0.75, 0.5)
    assert row["alpha"] == round(1 - 7 * 2 / (2 * 3 * 5), 4)
    silent = rows["mediation"]
    assert (silent["agreement"], silent["kappa"], silent["alpha"]) == (1.0, None, None)
    assert rows["theme_set"]["alpha"] == row["alpha"]
    assert row["low"] < row["alpha"] < row["high"]


def test_agreement_is_that_before_adjudication(store, scheme):
    """The lead's word changes no figure of agreement."""
    items = [make_item(number) for number in range(1, 4)]
    lead = lead_of(store, items, scheme)
    for item in items:
        decide(store, item, "王芳", "security")
        decide(store, item, "李明")
    before = agreement(items, lead.standings(), scheme)
    decide(store, items[0], "主编", "security", action="adjudicate")
    assert agreement(items, lead.standings(), scheme) == before


def test_without_anything_the_figures_are_empty(store, scheme):
    """A fresh queue has figures of JSON's null, no error and no NaN."""
    lead = lead_of(store, [make_item(1)], scheme)
    figures = lead.figures()
    json.dumps(figures, allow_nan=False)
    assert figures["agreement"] == {"items": 0, "rows": []}
    assert figures["stop"]["advice"] == {"advice": "measure"}


def test_progress_keeps_states_apart(store, scheme):
    """Every state is counted for itself, each person and each stratum too."""
    items = [make_item(number, stratum="random" if number > 4 else "doubtful") for number in range(1, 7)]
    lead = lead_of(store, items, scheme)
    decide(store, items[0], "王芳", "security")
    decide(store, items[1], "王芳")
    decide(store, items[2], "王芳", action="skip", considered=())
    decide(store, items[3], "王芳", "security")
    decide(store, items[3], "李明", "mediation")
    found = progress(items, lead.standings())
    assert found["states"] == {
        State.REVIEWED_THEMES: 1, State.REVIEWED_NONE: 1, State.SKIPPED: 1, State.DISPUTED: 1, State.NOT_REVIEWED: 2
    }  # fmt: skip
    assert found["people"] == [
        {"name": "李明", "decided": 1, "none": 0, "skipped": 0},
        {"name": "王芳", "decided": 3, "none": 1, "skipped": 1},
    ]
    assert found["strata"] == [
        {"stratum": "doubtful", "done": 3, "total": 4},
        {"stratum": "random", "done": 0, "total": 2},
    ]


def test_prefill_bias_compares_random_lines(store, scheme):
    """Kept suggestions are counted where they were shown, agreement with the model where it was hidden."""
    items = [make_item(number, stratum="random") for number in range(1, 5)]
    items += [make_item(number, stratum="blind", blind=True) for number in range(5, 9)]
    items += [make_item(9)]
    lead = lead_of(store, items, scheme)
    for item in items[:4]:
        decide(store, item, "王芳", "security")
    for number, item in enumerate(items[4:8]):
        decide(store, item, "王芳", *(["security"] if number else []), shown=False)
    decide(store, items[8], "王芳")
    found = prefill_bias(items, lead.standings())
    assert (found["random"]["value"], found["blind"]["value"], found["gap"]) == (1.0, 0.75, 0.25)
    assert (found["shown"]["n"], found["shown"]["value"]) == (5, 0.8)


def test_estimate_weighs_lines_by_what_they_stand_for(store, scheme):
    """A line that stands for nine others counts nine times, and the interval is that of fewer lines."""
    items = [make_item(1, stratum="random", inclusion=0.1), make_item(2, stratum="blind", inclusion=0.9), make_item(3)]
    lead = lead_of(store, items, scheme)
    decide(store, items[0], "王芳", "security")
    decide(store, items[1], "王芳", shown=False)
    decide(store, items[2], "王芳")
    found = estimate(items, lead.standings())
    assert (found.n, found.value) == (2, 0.9)
    low, high = interval(0.9, (10 + 1 / 0.9) ** 2 / (100 + 1 / 0.81))
    assert (found.low, found.high) == (round(low, 4), round(high, 4))


def test_shares_without_any():
    """Nothing counted is no share."""
    assert share([]).value is None
    assert share([True] * 10).high == 1.0


def model_folder(folder, name, chances, at):
    place = folder / name
    place.mkdir()
    (place / "manifest.json").write_text(json.dumps({"thresholds": {"security": 0.5}}), "utf-8")
    rows = [
        {"text_sha256": f"{number:016x}", "role": "body", "probabilities": {"security": chance}}
        for number, chance in enumerate(chances)
    ]
    (place / "oof.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    os.utime(place / "oof.jsonl", (at, at))


def test_succession_compares_the_last_two_models(tmp_path):
    """The newest two by time, on the lines of both, at each model's thresholds; the link `current` is no third."""
    model_folder(tmp_path, "themes-c", [0.1] * 4, 1)
    model_folder(tmp_path, "themes-b", [0.9, 0.9, 0.1, 0.1, 0.9], 2)
    model_folder(tmp_path, "themes-a", [0.8, 0.2, 0.1, 0.1], 3)
    (tmp_path / "current").symlink_to("themes-a")
    assert succession(tmp_path) == Succession("themes-b", "themes-a", 4, 0.5)


@pytest.mark.parametrize("damage", ["", "{}", "[1]", '{"text_sha256": 1}'])
def test_succession_survives_what_it_cannot_read(tmp_path, damage):
    """One model, none, or a damaged folder gives no figure, and no error."""
    assert succession(tmp_path) is None
    model_folder(tmp_path, "themes-a", [0.1, 0.9], 1)
    assert succession(tmp_path) is None
    model_folder(tmp_path, "themes-b", [0.1, 0.9], 2)
    (tmp_path / "themes-b" / "oof.jsonl").write_text(damage, "utf-8")
    assert succession(tmp_path) is None


@pytest.mark.parametrize(
    ("found", "kappa", "said"),
    [
        (Estimate(0), 1.0, "measure"),
        (Estimate(20, 1.0, 0.9, 1.0, 10), 1.0, "measure"),
        (Estimate(200, 0.9, 0.85, 0.94, 0), None, "train"),
        (Estimate(200, 0.9, 0.85, 0.94, 0), 0.97, "go_on"),
        (Estimate(200, 0.9, 0.85, 0.94, 0), 0.995, "stop"),
    ],
)
def test_advice(found, kappa, said):
    """Stop only where enough random lines were measured and the models hardly differ."""
    models = None if kappa is None else Succession("a", "b", 900, kappa)
    assert advice(found, models) == {"advice": said}


def test_the_lead_ends_a_dispute_once(store, scheme):
    """Adjudicating writes one event that outranks the answers; sent again it is refused; undo opens it again."""
    items = [make_item(1), make_item(2)]
    talk = LeadTalk(lead_of(store, items, scheme), "主编")
    for item in items:
        decide(store, item, "王芳", "security")
        decide(store, item, "李明", "mediation", note="是调解\u202e")
    reply = talk.answer({"do": "open"})
    assert reply["figures"]["progress"]["states"] == {State.DISPUTED: 2}
    view = reply["view"]
    assert [(one["name"], one["themes"]) for one in view["answers"]] == [
        ("王芳", ("security",)), ("李明", ("mediation",))
    ]  # fmt: skip
    assert view["answers"][1]["note"] == "是调解\ufffd"
    message = {"do": "adjudicate", "item": items[0].item, "role": "body", "themes": ["mediation"], "note": ""}
    assert talk.answer(message)["view"]["item"]["item"] == items[1].item
    assert talk.answer(message)["notice"] == "stale"
    assert state_of(store.standing(items[0].item)) is State.REVIEWED_THEMES
    assert [event.action for event in store.events()].count("adjudicate") == 1
    assert talk.answer({"do": "undo"})["view"]["item"]["item"] == items[0].item
    assert state_of(store.standing(items[0].item)) is State.DISPUTED
    assert talk.answer({"do": "undo"})["notice"] == "nothing"


def test_moving_through_disputes_stops_at_the_ends(store, scheme):
    """Next and previous go through the disputes and no further."""
    items = [make_item(number) for number in range(1, 4)]
    talk = LeadTalk(lead_of(store, items, scheme), "主编")
    for item in items:
        decide(store, item, "王芳", "security")
        decide(store, item, "李明")
    for at, by, there in ((0, 1, 1), (2, 1, 2), (2, -1, 1), (0, -1, 0)):
        view = talk.answer({"do": "move", "at": items[at].item, "by": by})["view"]
        assert (view["item"]["item"], view["place"]) == (items[there].item, {"at": there + 1, "of": 3})
