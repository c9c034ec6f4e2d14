"""A comparison of two runs, for people as a table and for programs as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from labels.tables import aligned
from predict.diff import Change, Diff

_PLACES: Final = 10
_SHARDS: Final = 20


def diff_json(diff: Diff) -> dict[str, Any]:
    """All that was counted; a share is the mean over reports of the part of their body text."""
    return {
        "models": {"before": sorted(diff.models[0]), "after": sorted(diff.models[1])},
        "only_before": diff.only_before,
        "only_after": diff.only_after,
        "other_text": diff.other_text,
        **_change_json(diff.all),
        "years": [{"year": year, **_change_json(change)} for year, change in _in_order(diff.years)],
        "places": [{"place": place, **_change_json(change)} for place, change in _in_order(diff.places)],
        "shards": diff.shards,
    }


def diff_text(diff: Diff) -> Iterator[str]:
    """The lines of a table: themes, years, the places that changed most, the shards to redo."""
    yield from _head(diff)
    themes = list(diff.all.themes)
    yield from ("", *aligned([_THEME_HEAD, *(_theme_row(theme, diff.all) for theme in themes)]).split("\n"))
    columns = ("报告 reports", "段落 lines", "有变 changed", *themes)
    years = [(_name(year), *_group_row(change, themes)) for year, change in _in_order(diff.years)]
    yield from ("", "占比 / share: 前 before → 后 after", *aligned([("年 / year", *columns), *years]).split("\n"))
    most = sorted(_in_order(diff.places), key=lambda item: -item[1].flipped)
    places = [(_name(place), *_group_row(change, themes)) for place, change in most[:_PLACES]]
    yield from ("", *aligned([("地方 / place", *columns), *places]).split("\n"))
    if len(most) > _PLACES:
        yield f"… {len(most) - _PLACES:,}（--json）"
    yield from _shards(diff.shards)


_THEME_HEAD: Final = ("主题 / theme", "前 before", "后 after", "新增 gained", "失去 lost", "占比 share")


def _head(diff: Diff) -> Iterator[str]:
    before, after = (", ".join(sorted(models)) or "–" for models in diff.models)
    yield f"模型 / models: {before} → {after}"
    yield (
        f"报告 / reports: {diff.all.reports:,}；只在前 / only before {diff.only_before:,}，"
        f"只在后 / only after {diff.only_after:,}，原文不同 / other text {diff.other_text:,}"
    )
    yield f"段落 / lines: {diff.all.lines:,}；主题有变 / themes changed {_part(diff.all.flipped, diff.all.lines)}"
    yield f"首要主题有变 / other primary theme: {_part(diff.all.primary, diff.all.reports)}"


def _theme_row(theme: str, change: Change) -> tuple[str, ...]:
    counts = change.themes[theme]
    numbers = (counts.before, counts.after, counts.gained, counts.lost)
    return (theme, *(f"{number:,}" for number in numbers), _shares(change, theme))


def _group_row(change: Change, themes: Iterable[str]) -> tuple[str, ...]:
    counts = (f"{change.reports:,}", f"{change.lines:,}", _part(change.flipped, change.lines))
    return (*counts, *(_shares(change, theme) for theme in themes))


def _shares(change: Change, theme: str) -> str:
    if theme not in change.themes:
        return "–"
    counts, reports = change.themes[theme], max(change.reports, 1)
    return f"{counts.share_before / reports:.3f} → {counts.share_after / reports:.3f}"


def _shards(shards: Mapping[str, int]) -> Iterator[str]:
    yield ""
    yield f"需重做的分片 / shards to redo: {len(shards):,}"
    if shards:
        names = sorted(shards)
        yield "  " + " ".join(names[:_SHARDS]) + (" …（--json）" if len(names) > _SHARDS else "")


def _change_json(change: Change) -> dict[str, Any]:
    reports = max(change.reports, 1)
    return {
        "reports": change.reports,
        "lines": change.lines,
        "flipped": change.flipped,
        "primary": change.primary,
        "themes": {
            theme: {
                "before": counts.before,
                "after": counts.after,
                "gained": counts.gained,
                "lost": counts.lost,
                "share_before": round(counts.share_before / reports, 4),
                "share_after": round(counts.share_after / reports, 4),
            }
            for theme, counts in change.themes.items()
        },
    }


def _in_order(groups: Mapping[Any, Change]) -> list[tuple[Any, Change]]:
    return sorted(groups.items(), key=lambda item: (item[0] is None, str(item[0])))


def _name(value: str | int | None) -> str:
    # A place comes from a report's text, which may hold anything.
    return "".join(char if char.isprintable() else "\ufffd" for char in str(value)) if value is not None else "–"


def _part(count: int, of: int) -> str:
    return f"{count:,} ({count / max(of, 1):.1%})"
