"""Items for the tests of the review page, of invented text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from labels.item import Evidence, Item, Neighbour, item_id, text_hash

THEMES = ("party_building", "security", "mediation", "rule_of_law")


def make_item(number: int, **changes: Any) -> Item:
    """The item at line `number` of an invented report; the model says security."""
    text = changes.pop("text", f"第{number}组巡防队员在澄溪镇夜巡，查获电动车盗窃案{number}起。")
    item = Item(
        item="",
        report="cx/2023.txt",
        line=number,
        text=text,
        text_sha256=text_hash(text),
        role="body",
        section=1,
        heading_path=("二、守一方平安",),
        heading_lines=(1,),
        before=(Neighbour(number - 1, "body", "澄溪镇党委召开会议。"),),
        after=(Neighbour(number + 1, "body", "全镇警情下降。"),),
        themes=("security",),
        probabilities=dict.fromkeys(THEMES, 0.1) | {"security": 0.62},
        thresholds=dict.fromkeys(THEMES, 0.5),
        evidence=(Evidence("security", text[:2], 0, 2),),
        reason="概率接近门槛 / close to its threshold",
        stratum="doubtful",
        inclusion=0.5,
        blind=False,
        model="themes-test",
        meta={"place": "澄溪", "year": 2023},
    )
    item = replace(item, **changes)
    return replace(item, item=item_id(item.report, item.line, item.text_sha256))
