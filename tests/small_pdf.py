"""PDF files written by hand: Chinese text at given places, in a font that every reader of PDF knows by name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

WIDTH, HEIGHT = 595, 842
SIZE, STEP = 16, 28

Text = tuple[float, float, float, str]  # x and y of its baseline from the lower left corner, size, characters


def pdf(pages: Sequence[Sequence[Text]]) -> bytes:
    """A PDF with these texts on its pages."""
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts"
        b"[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>]>>"
    )
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(pages)))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)), font]
    for number, texts in enumerate(pages):
        stream = b"\n".join(
            b"BT /F1 %.2f Tf %.2f %.2f Td <%s> Tj ET" % (size, x, y, text.encode("utf-16-be").hex().encode())
            for x, y, size, text in texts
        )
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
            % (WIDTH, HEIGHT, 5 + 2 * number)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    body, offsets = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def set_text(text: str, at: tuple[float, float], ems: int, *, indent: int = 2) -> list[Text]:
    """A paragraph set into lines of so many em from (x, y) down, its first line indented."""
    cut = [0, *range(ems - indent, len(text), ems), len(text)]
    return [
        (at[0] + (0 if number else indent * SIZE), at[1] - number * STEP, SIZE, text[start:end])
        for number, (start, end) in enumerate(pairwise(cut))
    ]
