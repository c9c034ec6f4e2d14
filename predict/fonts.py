"""A Chinese font for pictures, found on this machine."""

from __future__ import annotations

from typing import Final

from predict.extras import extra

# The best on each system first.
_PREFERRED: Final = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC", "Microsoft YaHei"),
    *("Hiragino Sans GB", "STHeiti", "Heiti SC", "SimHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "DengXian"),
    *("Noto Sans CJK JP", "Noto Serif CJK SC", "Noto Serif CJK JP", "SimSun", "Arial Unicode MS"),
)
_NEEDED: Final = "政法平安矛盾调解党建队伍占"


def chinese_font() -> str | None:
    """The name of a font that has the characters of the labels; None where the machine has none."""
    manager = extra("matplotlib.font_manager")
    paths = {entry.name: entry.fname for entry in manager.fontManager.ttflist}
    names = (*_PREFERRED, *sorted(set(paths) - set(_PREFERRED)))
    return next((name for name in names if name in paths and _has_all(paths[name])), None)


def _has_all(path: str) -> bool:
    try:
        font = extra("matplotlib.ft2font").FT2Font(path)
    except (OSError, RuntimeError):
        return False
    return all(font.get_char_index(ord(character)) for character in _NEEDED)
