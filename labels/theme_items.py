"""Items of a queue in the words of the present themes, so that what was asked before a change can still be answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from labels.item import Item
from labels.theme_changes import Judged, ThemeChange, carry


def carry_item(item: Item, changes: Iterable[ThemeChange]) -> Item:
    """The item after those changes that its model did not know.

    A renamed or merged theme keeps the largest of the old probabilities, with its threshold; of a split one the model
    can say nothing, so it is left out.
    """
    for change in changes:
        if _is_before(item, change):
            item = _carried(item, change)
    return item


def _is_before(item: Item, change: ThemeChange) -> bool:
    """Whether the item's model had themes that the change took away, or not yet those that it brought."""
    known = set(item.probabilities)
    gone, brought = set(change.old) - set(change.new), set(change.new) - set(change.old)
    return bool(known & gone) or (bool(known & set(change.old)) and bool(brought - known))


def _carried(item: Item, change: ThemeChange) -> Item:
    new = () if change.action == "split" else change.new
    strongest = max((theme for theme in change.old if theme in item.probabilities), key=item.probabilities.__getitem__)
    return replace(
        item,
        themes=carry(Judged(item.themes, None), [change]).themes,
        probabilities=_figures(item.probabilities, change, new, strongest),
        thresholds=_figures(item.thresholds, change, new, strongest),
        evidence=tuple(
            replace(one, theme=new[0]) if one.theme in change.old else one
            for one in item.evidence
            if new or one.theme not in change.old
        ),
    )


def _figures(figures: dict[str, float], change: ThemeChange, new: tuple[str, ...], strongest: str) -> dict[str, float]:
    kept = {theme: figure for theme, figure in figures.items() if theme not in change.old}
    return kept | {theme: figures[strongest] for theme in new if strongest in figures}
