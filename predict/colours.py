"""The colours of themes, and paler and darker ones made from them."""

from __future__ import annotations

from labels.scheme import NONE_COLOUR, Scheme

Rgb = tuple[int, int, int]


def theme_colours(scheme: Scheme) -> dict[str, str]:
    """Colour `#rrggbb` of every theme by its id, and of `none`."""
    return {**{theme.id: theme.colour for theme in scheme.themes}, "none": NONE_COLOUR}


def rgb(colour: str) -> Rgb:
    """The parts of `#rrggbb`.

    >>> rgb("#00a88f")
    (0, 168, 143)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mixed(colour: str, other: str, part: float) -> str:
    """`colour` with `part` (0 to 1) of it replaced by the other.

    >>> mixed("#000000", "#ffffff", 0.2)
    '#333333'
    """
    pairs = zip(rgb(colour), rgb(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * part):02x}" for one, two in pairs)


def tint(colour: str) -> str:
    """A pale colour to stand behind dark text."""
    return mixed(colour, "#ffffff", 0.84)


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on the colour.

    >>> ink_on("#e0b000"), ink_on("#cc3311")
    ('#000000', '#ffffff')
    """
    red, green, blue = rgb(colour)
    return "#000000" if red * 0.299 + green * 0.587 + blue * 0.114 > 150 else "#ffffff"
