"""The training report: one self-contained HTML page in the model's folder, without network, fonts or libraries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from labels.files import write_whole
from labels.markup import both, script_hash
from labels.scheme import NONE_COLOUR, Scheme
from train.findings import Findings
from train.markup import Section, escape
from train.report_change import change, learning
from train.report_lines import matrices, words, wrong_lines
from train.report_scores import bands, curves, reliabilities, summary

REPORT_FILE: Final = "report.html"
_SECTIONS: Final = (summary, change, curves, reliabilities, bands, matrices, words, wrong_lines, learning)
_FACTS: Final = {
    "corpus_hash": ("语料", "corpus"),
    "copies_hash": ("转载样本", "copies"),
    "scheme_hash": ("主题方案", "themes"),
    "code_hash": ("代码", "code"),
    "seed": ("种子", "seed"),
    "python": ("Python", "Python"),
    "platform": ("平台", "platform"),
}
_DARK_LIFT: Final = 0.28
_NONE_COLOUR_DARK: Final = "#565c67"


def write_report(findings: Findings) -> Path:
    """Write the page into the model's folder; returns its path."""
    path = findings.folder / REPORT_FILE
    write_whole(path, page(findings).encode())
    return path


def page(findings: Findings) -> str:
    """The whole page."""
    sections = [section(findings) for section in _SECTIONS]
    script = _asset("report.js")
    parts = {
        "title": escape(str(findings.manifest["version"])),
        "script_hash": script_hash(script),
        "script": script,
        "style": _asset("report.css"),
        "colours": _colours(findings.scheme),
        "facts": "".join(f"<li>{fact}</li>" for fact in _facts(findings)),
        "outline": "".join(_entry(section) for section in sections),
        "sections": "".join(section.html() for section in sections),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], _asset("report.html"))


def _asset(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")


def _entry(section: Section) -> str:
    return f'<li><a href="#{section.id}">{both(*section.title)}</a></li>'


def _facts(findings: Findings) -> Iterator[str]:
    """What the page is about, and what it takes to get the same model again."""
    manifest, held = findings.manifest, findings.held
    reports, lines = len(findings.stack.documents), len(held.paragraph)
    yield both(f"{reports} 篇报告", f"{reports} reports")
    yield both(f"{lines:,} 段正文", f"{lines:,} body lines")
    for name, wording in _FACTS.items():
        yield f"{both(*wording)} <code>{escape(str(manifest.get(name)))}</code>"
    for library, version in (manifest.get("libraries") or {}).items():
        yield f"{escape(str(library))} <code>{escape(str(version))}</code>"


def _colours(scheme: Scheme) -> str:
    """Variables for the colours of the themes, 1 and up, and of no theme, 0; lighter ones for the dark page."""
    colours = [NONE_COLOUR, *(theme.colour for theme in scheme.themes)]
    light = "".join(f"--rgb{number}:{_parts(colour, 0)};" for number, colour in enumerate(colours))
    colours[0] = _NONE_COLOUR_DARK
    dark = "".join(f"--rgb{number}:{_parts(colour, _DARK_LIFT)};" for number, colour in enumerate(colours))
    classes = "".join(f".c{number}{{--rgb:var(--rgb{number})}}" for number in range(len(colours)))
    return f":root{{{light}}}html[data-mode=dark]{{{dark}}}{classes}"


def _parts(colour: str, lift: float) -> str:
    """The parts of `#rrggbb`, moved towards white by `lift`.

    >>> _parts("#00a88f", 0), _parts("#000000", 0.5)
    ('0,168,143', '128,128,128')
    """
    values = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return ",".join(str(round(value + (255 - value) * lift)) for value in values)
