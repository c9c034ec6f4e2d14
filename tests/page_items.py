"""Items for the tests of the review page: the model says security, of invented lines."""

from __future__ import annotations

from typing import Any

from labels.item import Evidence, Item, Neighbour
from tests.review_data import FOUR, an_item

THEMES = FOUR


def make_item(number: int, **changes: Any) -> Item:
    """The item at line `number` of an invented report."""
    text = changes.pop("text", f"第{number}组巡防队员在澄溪镇夜巡，查获电动车盗窃案{number}起。")
    facts: dict[str, Any] = {
        "section": 1,
        "heading_path": ("二、守一方平安",),
        "heading_lines": (1,),
        "before": (Neighbour(number - 1, "body", "澄溪镇党委召开会议。"),),
        "after": (Neighbour(number + 1, "body", "全镇警情下降。"),),
        "themes": ("security",),
        "probabilities": dict.fromkeys(THEMES, 0.1) | {"security": 0.62},
        "evidence": (Evidence("security", text[:2], 0, 2),),
        "reason": "概率接近门槛 / close to its threshold",
        "stratum": "doubtful",
        "meta": {"place": "澄溪", "year": 2023},
    }
    return an_item(number, text=text, **({"report": "cx/2023.txt"} | facts | changes))
