"""DOCX: the paragraphs of a Word document in the order of its body, as they read with all changes accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from labels.errors import UserError
from model.blocks import NOWHERE, BlockWriter, Extract, Place
from model.docx_numbering import Lists, read_lists
from model.docx_styles import Styles, numbering_of, outline_of, read_styles, value_of, vanishes
from model.packages import Package, open_package

if TYPE_CHECKING:
    from lxml.etree import _Element

_CELL: Final = 60  # characters; a longer cell is laid out by the table, no datum
# What the text of a document is not: taken back, moved away, a second form of the same, instructions of fields, notes
# in the margin, readings over characters, forms of a picture.
_SKIPPED: Final = frozenset((
    "del", "moveFrom", "Fallback", "instrText", "delText", "delInstrText", "rPr", "pPr", "sdtPr", "rt", "sectPr",
    "tblPr", "tcPr",
))  # fmt: skip
_MARKS: Final = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}


def extract(raw: bytes, name: str) -> Extract:
    """The paragraphs of a document, then its notes; raises UserError if it is damaged or no Word document."""
    package = open_package(raw, name)
    part = _main_part(package)
    root = package.xml(part)
    if root is None or not str(root.tag).endswith("}document"):
        raise UserError(f"{name}: it holds no Word document; open it in Word or WPS and save it as .docx")
    folder = part.rpartition("/")[0]
    word = str(root.tag)[: -len("document")]
    styles = read_styles(package.xml(f"{folder}/styles.xml"))
    reader = _Reader(word, styles, read_lists(package.xml(f"{folder}/numbering.xml")), BlockWriter(name))
    reader.number(root)
    body = root.find(f"{word}body")
    if body is not None:
        reader.read(body)
    for notes in ("footnotes", "endnotes"):
        found = package.xml(f"{folder}/{notes}.xml")
        if found is not None:
            reader.read_notes(found)
    reader.finish()
    return reader.writer.extract()


def _main_part(package: Package) -> str:
    """The part that holds the text, as the package's relations name it."""
    relations = package.xml("_rels/.rels")
    for relation in () if relations is None else relations:
        if str(relation.get("Type", "")).endswith("/officeDocument"):
            return str(relation.get("Target", "")).lstrip("/")
    return "word/document.xml"


@dataclass(slots=True)
class _Line:
    """A paragraph on its way into the text. boxes: text boxes anchored in it, which are read behind it."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    """Reads one document; `word` is its namespace in braces."""

    word: str
    styles: Styles
    lists: Lists
    writer: BlockWriter
    numbers: dict[Any, int] = field(default_factory=dict)
    _open: list[tuple[str, Any]] = field(default_factory=list)

    def number(self, root: _Element) -> None:
        """Count the paragraphs of the part in document order."""
        self.numbers = {element: number for number, element in enumerate(root.iter(f"{self.word}p"))}

    def read(self, parent: _Element) -> None:
        """Write the paragraphs and tables under an element."""
        for element in _content(parent):
            kind = _local(element)
            if kind == "p":
                self._paragraph(element)
            elif kind == "tbl":
                self._table(element)
            elif kind not in _SKIPPED:
                self.read(element)

    def finish(self) -> None:
        """Write what a deleted end of the last paragraph left open."""
        self.writer.add("".join(text for text, _ in self._open))

    def read_notes(self, root: _Element) -> None:
        """Write footnotes or endnotes, but for the lines that part them from the text."""
        for note in root:
            if note.get(f"{self.word}type") not in ("separator", "continuationSeparator", "continuationNotice"):
                self.read(note)

    def _paragraph(self, element: _Element) -> None:
        text, line = self._text(element)
        self._open.append((text, element))
        if not self._merges(element):
            self._write(self._open[0][1], "".join(text for text, _ in self._open))
        for box in line.boxes:
            self.read(box)

    def _write(self, element: _Element, text: str) -> None:
        self._open.clear()
        place = self._place(element)
        marker = self._marker(element) if text.strip() else ""
        for part in (marker + text).split("\n"):
            self.writer.add(part, place)

    def _merges(self, element: _Element) -> bool:
        """Whether the end of the paragraph was deleted, so that it goes on in the next."""
        mark = element.find(f"{self.word}pPr/{self.word}rPr")
        return mark is not None and any(_local(change) in ("del", "moveFrom") for change in mark)

    def _place(self, element: _Element) -> Place:
        properties = element.find(f"{self.word}pPr")
        style = self._style_of(properties, "pStyle")
        said = self.styles.place(style, outline_of(properties, self.word))
        return replace(said, paragraph=self.numbers.get(element))

    def _marker(self, element: _Element) -> str:
        properties = element.find(f"{self.word}pPr")
        style = self._style_of(properties, "pStyle")
        own, styled = numbering_of(properties, self.word), self.styles.numbering(style)
        if own is None or (not own.list_id and styled is None):
            found = styled
        else:
            found = own if own.list_id else replace(styled or own, level=own.level)
        return self.lists.marker(found) if found and found.list_id != "0" else ""

    def _text(self, element: _Element) -> tuple[str, _Line]:
        """A paragraph's text, with a newline for each line break in it, and its text boxes."""
        line = _Line()
        properties = element.find(f"{self.word}pPr")
        styled = self._style_of(properties, "pStyle") or self.styles.default
        hidden = self.styles.hides(styled) or False
        waiting = list(reversed(list(_content(element))))
        while waiting:
            part = waiting.pop()
            kind = _local(part)
            if kind == "txbxContent":
                line.boxes.append(part)
            elif kind not in _SKIPPED and not (kind == "r" and self._is_hidden(part, hidden)):
                self._piece(part, kind, line)
                waiting.extend(reversed(list(_content(part))))
        return "".join(line.pieces), line

    def _piece(self, part: _Element, kind: str, line: _Line) -> None:
        if kind == "t":
            line.pieces.append(part.text or "")
        elif kind == "br" and part.get(f"{self.word}type") in ("page", "column"):
            line.pieces.append("\n")
        elif kind in _MARKS:
            line.pieces.append(_MARKS[kind])
        elif kind == "sym":
            line.pieces.append(_symbol(part.get(f"{self.word}char", "")))

    def _is_hidden(self, run: _Element, otherwise: bool) -> bool:
        """Whether the run, or the style of its characters, hides it; `otherwise` where neither says."""
        properties = run.find(f"{self.word}rPr")
        said = (vanishes(properties, self.word), self.styles.hides(self._style_of(properties, "rStyle")))
        return next((hidden for hidden in said if hidden is not None), otherwise)

    def _style_of(self, properties: _Element | None, kind: str) -> str:
        return "" if properties is None else value_of(properties.find(f"{self.word}{kind}"), self.word)

    def _table(self, table: _Element) -> None:
        rows = list(table.iterchildren(f"{self.word}tr"))
        for row in _content(table):
            if _local(row) == "tr":
                # One row is a layout: of a byline, of two columns.
                self._row(row, NOWHERE if len(rows) < 2 else Place("body", why="a row of a table"))
            elif _local(row) not in _SKIPPED:
                self._table(row)

    def _row(self, row: _Element, place: Place) -> None:
        """Write a row of data as one line, its cells parted by tabs; the cells of another one after another."""
        properties = row.find(f"{self.word}trPr")
        if properties is not None and properties.find(f"{self.word}del") is not None:
            return
        cells = [cell for cell in row.iter(f"{self.word}tc") if self._is_of(cell, row)]
        data = [self._datum(cell) for cell in cells]
        if len(cells) > 1 and None not in data:
            paragraphs = [next(cell.iter(f"{self.word}p")) for cell in cells]
            marked = (self._marker(p) + text for p, text in zip(paragraphs, data, strict=True) if text)
            self.writer.add("\t".join(marked), replace(place, paragraph=self.numbers.get(paragraphs[0])))
            return
        for cell in cells:
            self.read(cell)

    def _is_of(self, cell: _Element, row: _Element) -> bool:
        """Whether a cell is the row's own, not one of a table inside it."""
        return next(cell.iterancestors(f"{self.word}tr")) is row

    def _datum(self, cell: _Element) -> str | None:
        """The text of a cell that holds one short plain paragraph or nothing, else None."""
        paragraphs = list(cell.iter(f"{self.word}p"))
        if len(paragraphs) != 1 or self._place(paragraphs[0]).role or self._merges(paragraphs[0]):
            return None
        text, line = self._text(paragraphs[0])
        return None if line.boxes or "\n" in text or len(text) > _CELL else text.strip()


def _content(element: _Element) -> Iterator[_Element]:
    return (child for child in element if isinstance(child.tag, str))


def _local(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _symbol(code: str) -> str:
    try:
        character = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    # Symbol fonts keep their pictures in the private use area.
    return "" if "\ue000" <= character <= "\uf8ff" else character
