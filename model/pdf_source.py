"""PDF with a text layer: characters with their boxes, which page_layout and page_paragraphs make paragraphs of."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, Final

from labels.errors import UserError
from model.blocks import TEXT_LIMIT, BlockWriter, Extract
from model.page_layout import PageLine, Piece, page_lines
from model.page_paragraphs import page_blocks

_MOST_PAGES: Final = 3_000
_WIDE: Final = "\u2e80"  # characters from here on are as wide as high
_HEIGHT_OF_EM: Final = 0.75  # an em as part of a loose box's height, where no wide character tells it
_GAP: Final = 1.0  # em between two characters from which on they are two pieces
_BETWEEN_WIDE: Final = 0.22  # em from which on a gap between two wide characters is a blank
_AT_WIDE: Final = 0.32  # and between a wide and a narrow one


@dataclass(frozen=True, slots=True)
class _Glyph:
    """A character as it stands on the page, y running down. made: whether the library made it of a gap."""

    char: str
    left: float
    top: float
    right: float
    bottom: float
    made: bool

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def extract(raw: bytes, name: str) -> Extract:
    """The paragraphs of a PDF; raises UserError if it is damaged, locked, or a scan without text."""
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(raw)
    except PdfiumError as error:
        locked = "password" in str(error).lower()
        remedy = "unlock it with its password and save it anew" if locked else "get it again, or print it to a new PDF"
        raise UserError(f"{name}: this PDF can't be opened ({error}); {remedy}") from error
    try:
        return _extract(document, name)
    except PdfiumError as error:
        raise UserError(f"{name}: this PDF is damaged ({error}); get it again, or print it to a new PDF") from error
    finally:
        document.close()


def _extract(document: Any, name: str) -> Extract:
    count = len(document)
    if count > _MOST_PAGES:
        raise UserError(f"{name}: it has {count:,} pages, at most {_MOST_PAGES:,} are read; split it into reports")
    pages: list[list[PageLine]] = []
    heights: list[float] = []
    size = 0
    for number in range(count):
        page = document[number]
        glyphs = _glyphs(page)
        size += len(glyphs)
        if size > TEXT_LIMIT:
            raise UserError(f"{name}: it has more than {TEXT_LIMIT:,} characters of text; split it into reports")
        pages.append(page_lines(list(_pieces(glyphs)), number + 1))
        heights.append(page.get_height())
        page.close()
    blank = sum(not page for page in pages)
    if blank == count:
        raise UserError(
            f"{name}: none of its {count} pages holds text, so it seems to be a scan; "
            "recognise its characters first (OCR, with OCRmyPDF or WPS) and give the result"
        )
    writer = BlockWriter(name)
    for text, place in page_blocks(pages, heights):
        writer.add(text, place)
    warnings = (f"{blank} of {count} pages hold no text (pictures or blank)",) if blank else ()
    return replace(writer.extract(), warnings=warnings)


def _glyphs(page: Any) -> list[_Glyph]:
    """The characters of a page in the order of the file; what is drawn twice, to look bold, comes once."""
    from pypdfium2 import raw as pdfium

    text = page.get_textpage()
    count = pdfium.FPDFText_CountChars(text)
    if count > TEXT_LIMIT:
        return [_Glyph("\ufffd", 0, 0, 0, 0, made=False)] * count
    box = pdfium.FS_RECTF()
    reference = ctypes.byref(box)
    turn, width, height = page.get_rotation(), page.get_width(), page.get_height()
    seen: dict[tuple[int, int, int], int] = {}
    glyphs: list[_Glyph] = []
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if code in (0, 10, 13, 0xFFFE, 0xFFFF) or not pdfium.FPDFText_GetLooseCharBox(text, index, reference):
            continue
        made = pdfium.FPDFText_IsGenerated(text, index) == 1
        spot = (code, round(box.left), round(box.bottom))
        # Two in the same place side by side are one glyph for both, as fonts have for a dash of two.
        if made or seen.setdefault(spot, index) >= index - 1:
            seen[spot] = index
            corners = _turned((box.left, box.bottom, box.right, box.top), turn, width, height)
            glyphs.append(_Glyph(_RADICALS.get(code) or chr(code), *corners, made=made))
    text.close()
    return glyphs


# Fonts give some characters the code of the radical that looks the same; NFKC knows the first kind only.
_RADICALS: Final = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)},
    **dict(
        zip(
            map(ord, "⺁⺇⺌⺎⺕⺠⺩⺬⺮⺶⺼⻁⻄⻅⻆⻇⻉⻋⻌⻐⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳"),
            "厂几小尢彐民王示竹羊月虎西见角角贝车辶钅長长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
            strict=True,
        )
    ),
}


_Corners = tuple[float, float, float, float]


def _turned(corners: _Corners, turn: int, width: float, height: float) -> _Corners:
    """Left, top, right, bottom with y down, as the page is seen, from left, bottom, right, top as it is stored."""
    left, low, right, high = corners
    if turn == 90:
        return low, left, high, right
    if turn == 180:
        return width - right, low, width - left, high
    if turn == 270:
        return width - high, height - right, width - low, height - left
    return left, height - high, right, height - low


def _pieces(glyphs: list[_Glyph]) -> Iterator[Piece]:
    """Characters that follow each other on a baseline, as pieces."""
    run: list[_Glyph] = []
    for glyph in glyphs:
        if run and not _goes_on(run[-1], glyph):
            yield from _piece(run)
            run = []
        run.append(glyph)
    yield from _piece(run)


def _goes_on(before: _Glyph, glyph: _Glyph) -> bool:
    if glyph.made:
        return True
    em = _em(glyph)
    gap = glyph.left - before.right
    return abs(glyph.middle - before.middle) < 0.4 * max(em, _em(before)) and -0.7 * em < gap < _GAP * em


def _em(glyph: _Glyph) -> float:
    if glyph.char >= _WIDE and glyph.right > glyph.left:
        return glyph.right - glyph.left
    return max(_HEIGHT_OF_EM * (glyph.bottom - glyph.top), 1e-3)


def _piece(run: list[_Glyph]) -> Iterator[Piece]:
    inked = [glyph for glyph in run if not glyph.char.isspace()]
    if not inked:
        return
    wide = [glyph.right - glyph.left for glyph in inked if glyph.char >= _WIDE and glyph.right > glyph.left]
    yield Piece(
        text=_text(run).strip(),
        left=min(glyph.left for glyph in inked),
        top=min(glyph.top for glyph in inked),
        right=max(glyph.right for glyph in inked),
        bottom=max(glyph.bottom for glyph in inked),
        em=median(wide) if wide else median(_em(glyph) for glyph in inked),
    )


def _text(run: list[_Glyph]) -> str:
    """The characters of a piece. Of the blanks that the library makes of gaps, only those wide enough are some."""
    chars = []
    for number, glyph in enumerate(run):
        if not glyph.made or (0 < number < len(run) - 1 and _is_blank(run[number - 1], run[number + 1])):
            chars.append(glyph.char)
    return "".join(chars)


def _is_blank(before: _Glyph, after: _Glyph) -> bool:
    """Whether a gap is a blank: between Latin letters always; at a wide character programs leave a quarter em."""
    if before.char < _WIDE and after.char < _WIDE:
        return True
    least = _BETWEEN_WIDE if before.char >= _WIDE and after.char >= _WIDE else _AT_WIDE
    return after.left - before.right > least * max(_em(before), _em(after))
