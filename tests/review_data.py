"""Items and decisions for the tests of the review loop."""

from __future__ import annotations

from typing import Any

from labels.decision import Decision
from labels.item import Item, item_id, text_hash

FOUR = ("party_building", "security", "mediation", "rule_of_law")


def an_item(line: int = 1, *, report: str = "清河县/2020.txt", text: str = "", **change: Any) -> Item:
    """An item with nothing beside it; its text is its own unless given."""
    text = text or f"全县第{line}次排查矛盾纠纷。"
    facts: dict[str, Any] = {
        "role": "body",
        "section": 0,
        "heading_path": (),
        "heading_lines": (),
        "before": (),
        "after": (),
        "themes": ("mediation",),
        "probabilities": dict.fromkeys(FOUR, 0.25),
        "thresholds": dict.fromkeys(FOUR, 0.5),
        "evidence": (),
        "reason": "随机抽取 / drawn at random",
        "stratum": "random",
        "inclusion": 0.5,
        "blind": False,
        "model": "themes-1",
        "meta": {},
    }
    place = {"report": report, "line": line, "text": text, "text_sha256": text_hash(text)}
    return Item(item=item_id(report, line, text_hash(text)), **place, **{**facts, **change})


def a_decision(item: Item, *themes: str, reviewer: str = "王", **change: Any) -> Decision:
    """A decision that all four themes were judged and `themes` are there."""
    facts: dict[str, Any] = {"action": "decide", "role": "body", "themes": themes, "considered": FOUR}
    place = {"item": item.item, "report": item.report, "line": item.line, "text_sha256": item.text_sha256}
    return Decision(reviewer=reviewer, **place, **{**facts, **change})
