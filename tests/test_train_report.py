"""The training report: one page that holds everything, says what the numbers say, and lets nothing in."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from labels.corpus import CorpusReport
from labels.scheme import Scheme
from model.folder import FORMAT
from train.diagnosis import band_of_lines, held_out
from train.findings import Findings
from train.gate import ThemeChange, Verdict
from train.learning_curve import CurvePoint
from train.markup import score
from train.report import page, write_report
from train.report_texts import SECTIONS
from train.saved_rows import write_rows
from train.stack import Stack, stack_reports
from train.succession import Predecessor
from train.themes import Trained, train_themes
from train.wrong_lines import most_wrong

VOID = {"meta", "br", "input", "img", "link", "hr"}
HOSTILE = '<script>alert(1)</script><img src="http://evil.example/x" onerror="x()">&\u202e</style>\x00'
POINTS = (
    CurvePoint(30, 500, 0.8, 0.75, 0.85, (0.81, 0.79, 0.7, 0.9)),
    CurvePoint(60, 1000, 0.85, 0.82, 0.88, (0.86, 0.84, 0.83, 0.87)),
)


@dataclass
class Seen:
    """What a browser would find: tags with attributes, texts, and whether every tag is closed in order."""

    tags: list[tuple[str, dict[str, str | None]]]
    text: str
    balanced: bool


def read(html: str) -> Seen:
    seen, open_tags = Seen([], "", True), []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.tags.append((tag, dict(attrs)))
            if tag not in VOID:
                open_tags.append(tag)

        def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.tags.append((tag, dict(attrs)))

        def handle_endtag(self, tag: str) -> None:
            seen.balanced &= bool(open_tags) and open_tags.pop() == tag

        def handle_data(self, data: str) -> None:
            seen.text += data

    Reader().feed(html)
    seen.balanced &= not open_tags
    return seen


def part_of(html: str, name: str) -> str:
    """One section of the page."""
    start = html.index(f'<section class="part" id="{name}">')
    return html[start : html.index("</section>", start)] + "</section>"


@pytest.fixture(scope="module")
def findings(
    small_stack: Stack,
    small_trained: Trained,
    small_corpus: list[CorpusReport],
    scheme: Scheme,
    tmp_path_factory: pytest.TempPathFactory,
) -> Findings:
    """A training without a model before it and without a learning curve."""
    folder = tmp_path_factory.mktemp("models") / "themes-new"
    folder.mkdir()
    thresholds = dict(zip(scheme.ids, small_trained.model.decision.threshold.tolist(), strict=True))
    manifest = {"format": FORMAT, "version": folder.name, "seed": 0, "corpus_hash": "c0ffee", "thresholds": thresholds}
    manifest |= {"scheme_hash": scheme.hash, "libraries": {"numpy": "2.0"}}
    save(folder, manifest, small_corpus, small_trained)
    held = held_out(small_stack, small_trained)
    return Findings(folder, manifest, scheme, small_stack, small_trained, held, None, None)


def save(folder: Path, manifest: dict, reports: list[CorpusReport], trained: Trained) -> None:
    import orjson

    (folder / "manifest.json").write_bytes(orjson.dumps(manifest))
    write_rows(folder, reports, trained.out_of_fold, list(manifest["thresholds"]), {})


@pytest.fixture(scope="module")
def html(findings: Findings) -> str:
    return page(findings)


@pytest.fixture(scope="module")
def against(findings: Findings, small_corpus: list[CorpusReport]) -> Callable[[Verdict], Findings]:
    """The findings with a model before, which had every line right."""
    folder = findings.folder.with_name("themes-old")
    folder.mkdir()
    rows = findings.trained.out_of_fold
    right = findings.stack.examples.labels[rows.paragraph].astype(np.float64)
    trained = replace(findings.trained, out_of_fold=replace(rows, probability=right))
    save(folder, dict(findings.manifest) | {"version": folder.name}, small_corpus, trained)
    return lambda verdict: replace(findings, predecessor=Predecessor(folder, verdict, not verdict.worse))


def verdict(low: float, high: float, scheme: Scheme) -> Verdict:
    themes = tuple(ThemeChange(theme, 0.9, 0.9 + (low + high) / 2, low, high) for theme in scheme.ids)
    return Verdict("themes-old", high < 0, (low + high) / 2, low, high, 200, 20, themes, 5, 4)


def test_nothing_comes_from_elsewhere(html: str):
    """No address, no fetched picture, style, font or script: the page is whole."""
    seen = read(html)
    assert not re.search(r"https?:|//[a-z]|url\(|@import|@font-face|<link|<iframe|<object|<img", html)
    addresses = [attrs[name] for _, attrs in seen.tags for name in ("src", "href", "xlink:href") if name in attrs]
    assert addresses
    assert all(address is not None and address.startswith("#") for address in addresses)
    assert not [name for _, attrs in seen.tags for name in attrs if name.startswith("on")]


def test_the_page_is_well_formed(html: str):
    """Every tag is closed, every link of the outline leads to a section, the script is the one that is allowed."""
    seen = read(html)
    assert seen.balanced
    ids = [attrs["id"] for _, attrs in seen.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert (
        {attrs["href"] for tag, attrs in seen.tags if tag == "a"}
        == {f"#{name}" for name in SECTIONS}
        <= {f"#{name}" for name in ids}
    )
    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL)
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in html
    assert "{{" not in html.replace("{{chinese", "")


def test_charts_are_well_formed(html: str):
    """Every chart is XML, with no place that is not a number."""
    charts = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(charts) == 8
    for chart in charts:
        ET.fromstring(chart)
        assert not re.search(r"\b(nan|inf)\b", chart)


def test_every_theme_in_both_languages(html: str, scheme: Scheme):
    """Every section that is about themes names each of them in Chinese and in English."""
    for name in ("summary", "curves", "reliability", "bands", "confusion", "words"):
        part = part_of(html, name)
        for theme in scheme.themes:
            assert f'<span class="zh">{theme.name_zh}</span><span class="en">{theme.name_en}</span>' in part


def test_both_languages_everywhere(html: str):
    """What is said in Chinese is said in English, and the other way round."""
    body = html[html.index("<main>") :]
    assert body.count('class="zh') == body.count('class="en') > 100


def test_the_numbers_are_those_of_the_rows(html: str, findings: Findings):
    """The page shows the model's macro-F1, every threshold and the share of lines that are sure."""
    held = findings.held
    both, either = (
        held.hit.sum(axis=0),
        (held.labels & held.judged).sum(axis=0) + (held.found & held.judged).sum(axis=0),
    )
    assert f"<b>{score(float((2 * both / either).mean()))}</b>" in html
    assert all(f"<td>{threshold:.3f}</td>" in html for threshold in findings.manifest["thresholds"].values())
    assert f"<b>{band_of_lines(held).sure:.1%}</b>" in html


def test_hostile_text_stays_text(findings: Findings):
    """Markup in a line, a report's name, a theme's name or a library's version is shown, never obeyed."""
    worst = findings.held.paragraph[most_wrong(findings.held)[0]]
    report = int(findings.stack.examples.report_of[worst])
    line = int(worst - np.searchsorted(findings.stack.examples.report_of, report))
    documents = list(findings.stack.documents)
    lines = list(documents[report].lines)
    lines[line] = replace(lines[line], text=HOSTILE)
    documents[report] = replace(documents[report], name=HOSTILE, lines=tuple(lines))
    first, *others = findings.scheme.themes
    spoilt = replace(
        findings,
        stack=replace(findings.stack, documents=tuple(documents)),
        scheme=Scheme((replace(first, name_zh=HOSTILE, name_en=HOSTILE), *others)),
        manifest=dict(findings.manifest) | {"version": HOSTILE, "libraries": {HOSTILE: HOSTILE}},
    )
    html = page(spoilt)
    seen = read(html)
    assert seen.balanced
    assert [tag for tag, _ in seen.tags].count("script") == 1
    assert not [name for _, attrs in seen.tags for name in attrs if name.startswith("on")]
    assert "<img" not in html
    assert "\u202e" not in html
    assert "\x00" not in html
    assert seen.text.count("<script>alert(1)</script>") > 10


def test_no_curve_and_no_model_before(html: str):
    """What was not computed or is not there is said, with the command that gives it."""
    assert "zhengfa train --learning-curve" in html
    assert "There is no earlier model to compare with." in html


def test_a_learning_curve(findings: Findings):
    """With a curve there is its chart and its table, and no request to compute it."""
    html = page(replace(findings, curve=POINTS))
    part = part_of(html, "learning")
    assert "--learning-curve" not in part
    assert part.count("<svg") == 1
    assert "<b>0.850</b>" in part
    assert "[0.820, 0.880]" in part
    single = page(replace(findings, curve=POINTS[1:]))
    assert "Too few reports to draw smaller samples from." in single


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-0.05, -0.01, ("Worse", "The old model stays in use.")),
        (0.01, 0.05, ("Better", "This model is in use.")),
        (-0.02, 0.03, ("No difference to be seen", "This model is in use.")),
    ],
)
def test_the_change(against: Callable[[Verdict], Findings], scheme: Scheme, low: float, high: float, words):
    """The page says whether the model is better or worse than the one before, which is used, and shows lost lines."""
    part = part_of(page(against(verdict(low, high, scheme))), "change")
    assert all(word in part for word in words)
    assert "themes-old" in part
    assert "Lines that were right and are wrong now" in part
    assert part.count('class="where"') == 6
    assert read(part).balanced


def test_a_model_that_cannot_be_compared(against: Callable[[Verdict], Findings]):
    """Where nothing could be compared, the reason is given."""
    note = Verdict("themes-old", worse=False, difference=0, low=0, high=0, lines=0, reports=0, note="<old> kind")
    assert "Not comparable, so nothing was held back. (themes-old: &lt;old&gt; kind)" in page(against(note))


def test_the_page_is_written_whole(findings: Findings):
    """It stands in the model's folder as UTF-8, the same bytes each time, and nothing half-made beside it."""
    path = write_report(findings)
    first = path.read_bytes()
    assert path == findings.folder / "report.html"
    assert "党的建设与队伍建设" in first.decode()
    assert write_report(findings).read_bytes() == first
    assert not list(findings.folder.glob("*.part"))


def test_a_theme_without_labels(small_corpus: list[CorpusReport], five_themes: Scheme, findings: Findings):
    """A theme that nobody judged has dashes for figures, no curve, and spoils no mean."""
    stack = stack_reports(small_corpus[:14], five_themes)
    trained = train_themes(stack, five_themes, jobs=1)
    held = held_out(stack, trained)
    html = page(replace(findings, scheme=five_themes, stack=stack, trained=trained, held=held))
    assert held.known.tolist() == [True] * 4 + [False]
    assert "No line of the corpus has this theme." in part_of(html, "curves")
    assert "Nobody judged a line for this theme." in part_of(html, "reliability")
    assert not re.search(r"\bnan\b", html)
    assert read(html).balanced
