"""Reports that mean harm: whatever stands in them, a page made of them runs nothing and asks for nothing."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from labels.scheme import load_scheme
from predict.formats import Legend
from predict.html import write
from tests.stand_in import stand_in_report

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


def page() -> str:
    """Hostile text wherever a report can have any: title, headings, body, names, metadata, evidence."""
    text = "\n".join([f"{EVIL[0]}政法工作总结", *(f"一、{evil}\n开展扫黑除恶，{evil}" for evil in EVIL), *EVIL])
    reports = []
    for name in (NAME, "b.txt"):
        report = stand_in_report(text, name, {"place": EVIL[4], "title": EVIL[0], "own": EVIL[3]})
        lines = tuple(
            replace(line, themes=tuple(replace(theme, context={EVIL[3]: 0.5}) for theme in line.themes))
            for line in report.lines
        )
        reports.append(replace(report, lines=lines))
    stream = io.BytesIO()
    write(iter(reports), stream, Legend(load_scheme(), ("own",)))
    return stream.getvalue().decode()


@pytest.mark.slow
def test_nothing_runs_in_a_browser(tmp_path: Path):
    """In Chromium: no dialog, no request, no change of title, no script, handler or frame beyond the page's own."""
    from playwright.sync_api import sync_playwright

    path = tmp_path / "page.html"
    path.write_text(page(), "utf-8")
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert program, "Chromium is needed"
    dialogs, requests = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        tab.on("request", lambda request: requests.append(request.url))
        for anchor in ("", "#r1", "#r2", "#<img src=x onerror=alert(17)>"):
            tab.goto(path.as_uri() + anchor)
            for key in ("Tab", "j", "k", "/", "Escape", "?"):
                tab.keyboard.press(key)
            for opened in tab.query_selector_all("summary"):
                opened.evaluate("it => it.click()")
        tab.mouse.move(200, 200)
        found = tab.evaluate(
            """() => ({
                scripts: document.querySelectorAll('script').length,
                active: document.querySelectorAll('iframe,object,embed,img,form,base,svg[onload]').length,
                handlers: [...document.querySelectorAll('*')].flatMap(it => it.getAttributeNames())
                    .filter(name => name.startsWith('on')).length,
                links: [...document.querySelectorAll('[href],[src]')].map(it => it.getAttribute('href') || it.src)
                    .filter(link => !link.startsWith('#')),
                title: document.title,
                text: document.body.textContent,
            })"""
        )
        browser.close()
    assert dialogs == []
    assert {url.partition("#")[0] for url in requests} == {path.as_uri()}
    assert (found["scripts"], found["active"], found["handlers"], found["links"]) == (1, 0, 0, [])
    assert found["title"] != "owned"
    assert all(evil in found["text"] for evil in EVIL[:9])
    assert "\u202e" not in found["text"]
