"""What a model was not trained for: years outside its corpus, themes that nobody has labelled yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from model.folder import Model


def unfamiliar(model: Model, meta: Mapping[str, Any]) -> Iterator[str]:
    """A warning for each, to stand in a report's row."""
    years, year = model.manifest.get("years"), meta.get("year")
    if years and isinstance(year, int) and not years[0] <= year <= years[1]:
        yield (
            f"{year} 年在训练语料的年份（{years[0]}–{years[1]}）之外，主题可能不准 / "
            f"{year} is outside the years of the training corpus, {years[0]}-{years[1]}: themes may be less right"
        )
    for theme, learned in zip(model.scheme.themes, model.themes.learned.tolist(), strict=True):
        if not learned:
            yield (
                f"主题“{theme.name_zh}”的标注还太少，主要凭主题词判断 / "
                f"theme {theme.id} has too few labels to learn from: it goes by its terms"
            )
