"""The page for people: nothing in a report is markup, and nothing comes from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as BrowserPage

from labels.scheme import load_scheme
from predict.annotation import Evidence, Report, ThemeScore
from predict.formats import Legend
from predict.html import write
from predict.html_text import marked
from tests.stand_in import stand_in_report

LEGEND = Legend(load_scheme())
TEXT = """云江市2023年政法工作总结
来源：云江日报
全市政法机关忠诚履职。
一、维护平安稳定
开展扫黑除恶专项斗争，人民调解成功率98%。
（一）化解矛盾
人民调解进网格。
图为调解现场
版权所有
上一篇：公告
"""
EVIL = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> javascript:alert(1) \u202ecba </script>"
    "<!-- ]]> {{script}} & \"'"
)


class Page(HTMLParser):
    """Tags with their attributes, and the text a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._inside = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag) -> None:
        del tag
        self._inside = ""

    def handle_data(self, data) -> None:
        if self._inside not in ("script", "style"):
            self.text.append(data)

    def of_class(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs in self.tags if name in (attrs.get("class") or "").split()]


def page(*reports: Report) -> str:
    """The page of some reports."""
    stream = io.BytesIO()
    write(iter(reports), stream, LEGEND)
    return stream.getvalue().decode()


def opened(html: str) -> str:
    """The page with the reports that its script would make out of the texts it holds."""
    return re.sub(r'<script type="text/html" id="held-r\d+">(.*?)</script>', r"\1", html, flags=re.DOTALL)


def test_a_report_is_laid_out_as_its_roles_say():
    """The title once, headings by level, captions, the web page's own lines folded away, bylines in their place."""
    html = page(stand_in_report(TEXT))
    parsed = Page(html)
    assert re.search("<h1>云江市2023年政法工作总结</h1>", html)
    assert len(parsed.of_class("title")) == 0
    assert re.search('<h2 class="text">一、维护', html)
    assert re.search('<h3 class="text">（一）', html)
    assert [len(parsed.of_class(role)) for role in ("byline", "caption", "boilerplate", "web")] == [1, 1, 2, 1]
    assert "网页杂项 2 段" in html


def test_paragraphs_show_themes_probabilities_and_the_sum_behind_them():
    """A line with two themes has two tags, a bar of two colours, its evidence marked, and a sum that can be opened."""
    html = page(stand_in_report(TEXT))
    assert re.search(r"--bar:linear-gradient\(var\(--c2\) 0% 50%,var\(--c3\) 50% 100%\)", html)
    assert re.search('<mark class="c2" title="[^"]*">扫黑除恶</mark>', html)
    assert "平安稳定" in html
    assert "Public security and stability" in html
    assert "得分" in html
    assert "−0.20" in html


def test_shares_stand_with_their_intervals():
    """Every theme has its share and interval as numbers, none included."""
    text = "".join(Page(page(stand_in_report(TEXT))).text)
    report = stand_in_report(TEXT)
    for share in report.row.shares.values():
        assert f"{share.share:.0%}" in text
        assert f"{share.low:.0%}".rstrip("%") + "–" + f"{share.high:.0%}" in text


def test_nothing_in_a_report_is_markup():
    """Scripts, attributes, comments, placeholders and quotes in a report, its name and its metadata are plain text."""
    clean = Page(page(stand_in_report(TEXT.replace("忠诚", "忠诚x"))))
    text = f"{EVIL}政法工作总结\n{EVIL}人民调解\n一、{EVIL[:30]}\n{EVIL}扫黑除恶。\n来源：{EVIL}"
    report = stand_in_report(text, EVIL, {"place": EVIL, EVIL: EVIL})
    report = replace(report, row=replace(report.row, warnings=(EVIL,), primary=EVIL))
    html = page(report, report)
    assert Counter(tag for tag, _ in Page(html).tags)["script"] == 3
    parsed = Page(opened(html))
    assert Counter(tag for tag, _ in parsed.tags)["script"] == 1
    assert (
        not {tag for tag, _ in parsed.tags}
        - {tag for tag, _ in clean.tags}
        - {"h1", "input", "ol", "section", "br", "noscript"}
    )
    assert not [name for _, attrs in parsed.tags for name in attrs if name.startswith("on")]
    assert all((attrs.get("href") or "#").startswith("#") for _, attrs in parsed.tags)
    assert "\u202e" not in html
    assert "U+202E" in html
    assert html.count("alert(1)</script>") == 0


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 80))
def test_marks_keep_the_text(text: str, start: int, end: int):
    """Whatever is marked, the paragraph's text comes out whole, apart from breaks and what is invisible."""
    report = stand_in_report("开展扫黑除恶。")
    theme = ThemeScore("security", 0.9, 0.4, 1.0, (Evidence("x", 1.0, start, end), Evidence("y", 2.0, 3, 9)), {}, 0.0)
    line = replace(report.lines[0], text=text, start=0, end=len(text), themes=(theme,))
    parsed = Page(marked(line, replace(report, text=text), {"security": "c2"}))
    seen = re.sub(r"U\+[0-9A-F]{4}", "", "".join(parsed.text))
    visible = re.sub("[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u3000 ]", "", text)
    assert re.sub("[\u3000 \t]", "", seen) == re.sub(r"U\+[0-9A-F]{4}", "", visible)


def test_the_page_stands_alone():
    """No address, no file, no font from elsewhere; the policy allows this page's own script and nothing else."""
    html = page(stand_in_report(TEXT))
    assert not re.search(r"https?:|//[a-z]|@import|url\(|<link|<img|srcset", html)
    script = re.search("<script>(.*?)</script>", html, re.DOTALL)
    policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert script
    assert policy
    digest = base64.b64encode(hashlib.sha256(script.group(1).encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy.group(1)
    assert policy.group(1).startswith("default-src 'none'")


def test_several_reports_have_an_index():
    """The index stands before the reports, links to each, and says how many there are."""
    html = page(stand_in_report(TEXT, "a.txt"), stand_in_report("人民调解进网格。", "2018/b.txt"))
    assert html.index('id="index"') < html.index('id="r1"') < html.index('id="r2"')
    assert 'href="#r2"' in html
    assert "2 篇报告" in html
    assert "2018/b.txt" in html
    assert 'id="index"' not in page(stand_in_report(TEXT))


def test_anchors_are_unique():
    """Every id of the page is there once, so that links lead to one place."""
    html = page(stand_in_report(TEXT), stand_in_report(TEXT), stand_in_report(TEXT))
    html = opened(html)
    ids = [attrs["id"] for _, attrs in Page(html).tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = {(attrs.get("href") or "")[1:] for tag, attrs in Page(html).tags if tag == "a"} - {""}
    assert targets <= set(ids)


def test_themes_that_the_scheme_does_not_know_are_shown_by_their_id():
    """A report of another scheme still can be read."""
    report = stand_in_report(TEXT)
    theme = replace(report.lines[4].themes[0], id="environment")
    lines = tuple(replace(line, themes=(theme,)) if line.themes else line for line in report.lines)
    assert "environment" in page(replace(report, lines=lines))


def test_a_persons_decision_and_doubt_are_flagged():
    """Lines decided by a person and lines to check say so."""
    report = stand_in_report(TEXT)
    lines = (replace(report.lines[4], decided_by="human"), replace(report.lines[6], band="review"))
    html = page(replace(report, lines=lines))
    assert "人工认定" in html
    assert "待核" in html


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def show(browser: Browser, path: Path, html: str, fragment: str = "") -> BrowserPage:
    """A page in the browser, in Chinese; whatever goes wrong in its script, or asks for a network, fails the test."""
    path.write_text(html, "utf-8")
    shown = browser.new_page(locale="zh-CN", viewport={"width": 1300, "height": 800})
    problems: list[str] = []
    shown.on("pageerror", lambda error: problems.append(str(error)))
    shown.on("console", lambda message: problems.append(message.text))
    shown.on("request", lambda request: problems.append(request.url) if not request.url.startswith("file:") else None)
    shown.on("dialog", lambda dialog: (problems.append(dialog.message), dialog.dismiss()))
    shown.goto(f"{path.as_uri()}{fragment}")
    shown.evaluate("window.problems = []")
    assert problems == []
    return shown


def visible(shown: BrowserPage) -> list[str]:
    """The paragraphs that are to be seen."""
    return [text.strip() for text in shown.locator(".para:not(.gap) > .text").all_inner_texts()]


@pytest.mark.slow
def test_several_reports_are_read_one_by_one(tmp_path: Path, browser: Browser):
    """The page opens at its index; a link makes a report with its counts, arrows turn to the next, i leads back."""
    shown = show(browser, tmp_path / "a.html", page(stand_in_report(TEXT, "a.txt"), stand_in_report(TEXT, "b.txt")))
    assert shown.locator(".report").count() == 0
    shown.locator(".search").fill("b.txt")
    assert shown.locator(".entries li:visible").count() == 1
    shown.locator(".entries a:visible").click()
    assert shown.locator(".report").get_attribute("id") == "r2"
    assert shown.locator('[data-theme="t-security"] .count').inner_text() == "1"
    shown.keyboard.press("ArrowLeft")
    shown.wait_for_selector("#r1")
    shown.keyboard.press("i")
    shown.wait_for_selector("#index", state="visible")


@pytest.mark.slow
def test_keys_work(tmp_path: Path, browser: Browser):
    """Numbers filter by theme, / finds, j and Enter open the sum behind a theme, ? shows the keys, d darkens."""
    shown = show(browser, tmp_path / "a.html", page(stand_in_report(TEXT)))
    shown.keyboard.press("2")
    assert visible(shown) == ["一、维护平安稳定", "开展扫黑除恶专项斗争，人民调解成功率98%。"]
    shown.keyboard.press("0")
    shown.keyboard.press("/")
    shown.keyboard.type("网格")
    assert visible(shown) == ["一、维护平安稳定", "（一）化解矛盾", "人民调解进网格。"]
    assert shown.evaluate("CSS.highlights.get('found').size") == 1
    shown.keyboard.press("Escape")
    for _ in range(20):
        shown.keyboard.press("j")
    for _ in range(2):
        shown.keyboard.press("k")
    shown.keyboard.press("Enter")
    assert "得分" in shown.locator(".tag[open] .why").inner_text()
    shown.keyboard.press("?")
    assert shown.locator("#help").is_visible()
    shown.keyboard.press("Escape")
    shown.keyboard.press("d")
    assert shown.evaluate("document.documentElement.dataset.mode") == "dark"


@pytest.mark.slow
def test_hostile_text_does_nothing(tmp_path: Path, browser: Browser):
    """Scripts in a report, its name and its metadata neither run nor reach for a network, nor end what holds them."""
    reports = [stand_in_report(f"{EVIL}\n{EVIL}扫黑除恶。", f"{EVIL}{number}", {EVIL: EVIL}) for number in range(2)]
    shown = show(browser, tmp_path / "a.html", page(*reports), "#r1")
    assert shown.locator(".report").count() == 1
    assert shown.locator(".report script, .report img, body > img").count() == 0
    assert "<script>alert(1)</script>" in shown.locator(".report .para").last.inner_text()
    show(browser, tmp_path / "b.html", page(reports[0]))


@pytest.mark.slow
def test_a_report_is_printed_whole(tmp_path: Path, browser: Browser):
    """On paper there are the text and its tags, no buttons, and no darkness."""
    shown = show(browser, tmp_path / "a.html", page(stand_in_report(TEXT)))
    shown.keyboard.press("d")
    shown.emulate_media(media="print")
    assert not shown.locator(".bar").is_visible()
    assert shown.locator(".para.body .tag").first.is_visible()
    assert shown.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
