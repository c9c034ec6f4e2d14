"""Hints: what a document says of its blocks, joined with what the role model says of their text.

The role model is trained on plain text and stays as it is. Blocks that stand in the page's navigation, its footer or
its running heads, and advertisements in any text, are taken out before it, so that it sees the report alone; what a
heading style, a caption's tag or the page's own title says is applied behind it, where it is strong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from model.blocks import NOWHERE, Place
from model.clean import CleanText, clean_paragraphs
from model.dirt import SPAM, spam_lines
from model.paragraphs import Paragraph
from model.roles import RoleModel, predict_roles
from model.source import Source

# A paragraph that is longer, or that ends a sentence, is no heading, whatever its style: styles are misused.
_HEADING_LENGTH: Final = 60
_SENTENCE_END: Final = "。；;"


@dataclass(frozen=True, slots=True)
class Roles:
    """The role of every paragraph, the places of the document's blocks, and what decided where not the model did."""

    roles: list[str]
    places: list[Place]
    why: list[str]


def places_of(source: Source, paragraphs: Sequence[Paragraph]) -> list[Place]:
    """The place of every paragraph: that of the block in which it begins."""
    if not source.blocks:
        return [NOWHERE] * len(paragraphs)
    places, blocks, at = [], source.blocks, 0
    for paragraph in paragraphs:
        while at + 1 < len(blocks) and blocks[at + 1].start <= paragraph.start:
            at += 1
        places.append(blocks[at].place)
    return places


def find_roles(source: Source, paragraphs: Sequence[Paragraph], clean: CleanText, model: RoleModel) -> Roles:
    """The roles of a report's paragraphs, from its document and the role model; `clean` is of all paragraphs."""
    places = places_of(source, paragraphs)
    spam = spam_lines(clean)
    for number in spam:
        places[number] = replace(places[number], role="boilerplate", why=SPAM)
    if not source.blocks and not spam:
        return Roles(predict_roles(clean, model), places, [""] * len(places))
    guessed = _guessed(source, paragraphs, clean, model, places)
    texts = clean.text[:-1].split("\n")
    roles = [_decided(place, role, text) for place, role, text in zip(places, guessed, texts, strict=True)]
    why = [place.why if place.role == role else "" for place, role in zip(places, roles, strict=True)]
    return Roles(roles, places, why)


def find_all_roles(
    sources: Sequence[Source], paragraphs: Sequence[Sequence[Paragraph]], clean: CleanText, model: RoleModel
) -> Roles:
    """The roles of all reports of `clean`, those of plain text without advertisements together."""
    if len(sources) == 1:
        return find_roles(sources[0], paragraphs[0], clean, model)
    count, spam = len(clean.bounds) - 1, spam_lines(clean)
    all_roles = Roles(predict_roles(clean, model), [NOWHERE] * count, [""] * count)
    for number, (first, last) in enumerate(pairwise(clean.pages.tolist())):
        if sources[number].blocks or any(first <= line < last for line in spam):
            own = find_roles(sources[number], paragraphs[number], clean.page(number), model)
            all_roles.roles[first:last], all_roles.places[first:last] = own.roles, own.places
            all_roles.why[first:last] = own.why
    return all_roles


def _guessed(
    source: Source, paragraphs: Sequence[Paragraph], clean: CleanText, model: RoleModel, places: Sequence[Place]
) -> list[str]:
    """The model's roles of the paragraphs that the document does not call boilerplate."""
    inside = [number for number, place in enumerate(places) if place.role != "boilerplate"]
    if len(inside) == len(places):
        return predict_roles(clean, model)
    roles = ["boilerplate"] * len(places)
    if inside:
        kept = clean_paragraphs(source.text, [paragraphs[number] for number in inside])
        for number, role in zip(inside, predict_roles(kept, model), strict=True):
            roles[number] = role
    return roles


def _decided(place: Place, role: str, text: str) -> str:
    """The role of one paragraph; `role` is the model's."""
    if place.role is None:
        return role
    if place.role != "heading":
        return place.role
    fits = len(text) <= _HEADING_LENGTH and text[-1:] not in _SENTENCE_END
    # Many give the style of the uppermost headings to titles, and some style to bylines.
    return role if not fits or role == "byline" or (role == "title" and place.level == 1) else "heading"


def styled_levels(levels: Sequence[int | None], roles: Sequence[str], places: Sequence[Place]) -> list[int | None]:
    """Levels of headings with the document's styles over those of the texts.

    Styled headings nest by their styles, others under the styled one before them, by the level of their texts.

    >>> two = [Place("heading", 2), Place("heading", 3), Place(), Place("heading", 2)]
    >>> styled_levels([1, 1, 1, 1], ["heading"] * 4, two)
    [1, 2, 3, 1]
    """
    styles = [place.level if role == "heading" else None for role, place in zip(roles, places, strict=True)]
    if not any(styles):
        return list(levels)
    given: list[int | None] = [None] * len(levels)
    above: list[tuple[int, int]] = []
    for number, (level, style) in enumerate(zip(levels, styles, strict=True)):
        if level is None:
            continue
        # A heading without a style is below every styled one.
        rank = (style, 0) if style else (99, level)
        above = [*(upper for upper in above if upper < rank), rank]
        given[number] = len(above)
    return given
