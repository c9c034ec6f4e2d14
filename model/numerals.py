"""Numbers as lists show them: 一、 （一） 1. ① a. iv."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

_DIGITS: Final = "零一二三四五六七八九"
_FORMAL: Final = "零壹贰叁肆伍陆柒捌玖"
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def numeral(number: int, form: str) -> str:
    """A number in one of Word's forms (w:numFmt); in an unknown one as a figure.

    >>> [numeral(12, form) for form in ("decimal", "chineseCounting", "decimalEnclosedCircle", "upperRoman")]
    ['12', '十二', '⑫', 'XII']
    """
    return _FORMS.get(form, str)(number)


def _chinese(number: int) -> str:
    """
    >>> [_chinese(number) for number in (9, 10, 11, 20, 21, 105, 110)]
    ['九', '十', '十一', '二十', '二十一', '一百零五', '一百一十']
    """
    return _spelled(number, _DIGITS, "十百千")


def _spelled(number: int, digits: str, units: str) -> str:
    if not 0 < number < 10_000:
        return str(number)
    text, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            text += (digits[0] if gap else "") + digits[digit] + (units[power - 1] if power else "")
        gap = bool(text) and not digit
    return text[1:] if text.startswith("一十") else text


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * (1 + (number - 1) // 26) if 0 < number < 200 else str(number)


def _of(characters: str) -> Callable[[int], str]:
    return lambda number: characters[number - 1] if 0 < number <= len(characters) else str(number)


def _wide(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


_FORMS: Final[dict[str, Callable[[int], str]]] = {
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
         "japaneseCounting", "ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"),
        _chinese,
    ),
    **dict.fromkeys(("chineseLegalSimplified", "ideographLegalTraditional"), lambda n: _spelled(n, _FORMAL, "拾佰仟")),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _circled),
    **dict.fromkeys(("decimalFullWidth", "decimalFullWidth2"), _wide),
    "ideographTraditional": _of(_STEMS),
    "ideographZodiac": _of(_BRANCHES),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "decimalZero": lambda number: f"{number:02}",
    "bullet": lambda number: "•" * (number > 0),
    "none": lambda number: "" * number,
}  # fmt: skip
