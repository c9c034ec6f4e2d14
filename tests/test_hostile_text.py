"""Reports that mean harm: whatever stands in them, a page made of them runs nothing and asks for nothing."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from labels.scheme import load_scheme
from predict.formats import Legend
from predict.html import write
from tests.stand_in import stand_in_report

if TYPE_CHECKING:
    from playwright.sync_api import Page

EVIL = (
    "<script>document.title='owned';alert(1)</script>",
    "</script><script>alert(2)</script>",
    "</style><svg onload=alert(3)>",
    "<img src=x onerror=alert(4)>",
    "\"><img src='http://localhost:9/x' onerror='alert(5)'>",
    "' onmouseover='alert(6)' autofocus onfocus='alert(7)' x='",
    '<a href="javascript:alert(8)">扫黑除恶</a>',
    "<iframe srcdoc='<script>parent.alert(9)</script>'></iframe>",
    "{{script}}{{reports}}{{title}} ${alert(10)} ]]> <!-- -->",
    "\u202e<tpircs/>)11(trela<tpircs>\u202c 扫黑\u200b除恶 \x1b[31m",
    '=HYPERLINK("http://localhost:9","x")',
    "&lt;script&gt;alert(12)&lt;/script&gt; &#60;script&#62;alert(13)&#60;/script&#62;",
    "<meta http-equiv=refresh content='0;url=http://localhost:9/'><base href='http://localhost:9/'>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(14)>",
)
NAME = "a'\"><script>alert(15)</script>/../../<img src=x onerror=alert(16)>.txt"


INVENTORY = """() => ({
    scripts: document.querySelectorAll('script').length,
    active: document.querySelectorAll('iframe,object,embed,img,form,base,meta,link,svg[onload]').length,
    handlers: [...document.querySelectorAll('*')].flatMap(it => it.getAttributeNames())
        .filter(name => name.startsWith('on')).length,
    links: [...document.querySelectorAll('[href],[src]')].map(it => it.getAttribute('href') || it.src)
        .filter(link => !link.startsWith('#')).length,
})"""


def page(texts: Sequence[str], name: str) -> str:
    """Two reports with the texts wherever a report can have any: title, headings, body, names, metadata, evidence."""
    text = "\n".join([f"{texts[0]}政法工作总结", *(f"一、{one}\n开展扫黑除恶，{one}" for one in texts), *texts])
    reports = []
    for report_name in (name, "b.txt"):
        report = stand_in_report(text, report_name, {"place": texts[4], "title": texts[0], "own": texts[3]})
        lines = tuple(
            replace(line, themes=tuple(replace(theme, context={texts[3]: 0.5}) for theme in line.themes))
            for line in report.lines
        )
        reports.append(replace(report, lines=lines))
    stream = io.BytesIO()
    write(iter(reports), stream, Legend(load_scheme(), ("own",)))
    return stream.getvalue().decode()


def use(tab: Page, address: str) -> dict[str, int]:
    """Open a page at its several places, press its keys, open what can be opened; what active things it then has."""
    for anchor in ("", "#r2", "#<img src=x onerror=alert(17)>", "#r1"):
        tab.goto(address + anchor)
        for key in ("Tab", "j", "k", "/", "Escape", "?", "Escape"):
            tab.keyboard.press(key)
        for opened in tab.query_selector_all("summary"):
            opened.evaluate("it => it.click()")
    tab.mouse.move(200, 200)
    counts: dict[str, int] = tab.evaluate(INVENTORY)
    return counts


@pytest.mark.slow
def test_nothing_runs_in_a_browser(tmp_path: Path):
    """In Chromium: no dialog, no request, no other title; no script, handler or link that a harmless page lacks."""
    from playwright.sync_api import sync_playwright

    harmless, hostile = tmp_path / "harmless.html", tmp_path / "hostile.html"
    harmless.write_text(page(["平安建设"] * len(EVIL), "a.txt"), "utf-8")
    hostile.write_text(page(EVIL, NAME), "utf-8")
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert program, "Chromium is needed"
    dialogs, requests = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        tab.on("request", lambda request: requests.append(request.url.partition("#")[0]))
        wanted, found = use(tab, harmless.as_uri()), use(tab, hostile.as_uri())
        title, text = tab.title(), tab.evaluate("() => document.body.textContent")
        browser.close()
    assert dialogs == []
    assert set(requests) == {harmless.as_uri(), hostile.as_uri()}
    assert found == wanted
    assert title != "owned"
    assert all(evil in text for evil in EVIL[:9])
    assert "\u202e" not in text
