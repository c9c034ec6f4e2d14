"""The review page in a real browser: every key, languages, practice, the lead's page."""

from __future__ import annotations

import pytest

from tests.page_items import make_item

pytestmark = pytest.mark.slow
pytest_plugins = ("tests.page_visit",)


def test_every_key(visit, server):
    """1-4, 0, Enter, s, u, n, r, j, k, f, l and ? do what the help says, and only what the help says."""
    items = [make_item(number) for number in range(1, 7)]
    person = visit(server.queue(items, "--name", "王芳"))
    page = person.page
    assert (person.item(), person.on()) == (items[0].item, ["security"])

    person.press("1", "3", "4", "2")
    assert person.on() == ["party_building", "mediation", "rule_of_law"]
    person.press("0")
    assert person.on() == ["none"]
    person.press("3", "9")
    assert person.on() == ["mediation"]
    assert person.go("Enter") == items[1].item

    person.press("n")
    page.keyboard.type("s1u0j?")
    person.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    assert (page.input_value("textarea"), person.item(), person.on()) == ("s1u0j?", items[1].item, ["security"])
    person.press("r")
    assert page.get_attribute(".roles .on", "data-role") == "caption"
    assert person.on() == ["none"]
    person.press("r", "r", "r", "r", "r")
    assert (page.get_attribute(".roles .on", "data-role"), person.on()) == ("body", ["security"])
    assert person.go("Enter") == items[2].item

    assert person.go("s") == items[3].item
    assert person.go("j") == items[4].item
    assert person.go("k") == items[3].item
    assert person.go("u") == items[2].item
    assert person.go("u") == items[1].item
    assert page.input_value("textarea") == ""

    person.press("?")
    page.wait_for_selector(".help .guide h1")
    person.press("1", "Enter", "?")
    assert page.query_selector(".help") is None
    assert person.on() == ["security"]
    person.press("f")
    page.click("[data-filter='state:reviewed_themes']")
    page.wait_for_function("document.querySelector('.place').innerText.includes('1')")
    assert person.item() == items[0].item
    person.press("Escape")
    person.press("l")
    assert page.inner_text(".acts .go").startswith("Next")
    assert [(event.action, event.themes, event.note) for event in server.events()] == [
        ("decide", ("mediation",), ""),
        ("decide", ("security",), "s1u0j?"),
        ("skip", (), ""),
        ("undo", (), ""),
        ("undo", ("security",), "s1u0j?"),
    ]
    assert person.errors == []


def test_keys_of_an_input_method(visit, server):
    """With an input method on, letters that arrive as "Process" work; the Enter that ends a word does nothing."""
    items = [make_item(number) for number in range(1, 4)]
    person = visit(server.queue(items, "--name", "王芳"))
    person.item()
    send = (
        "([where, init]) => document.querySelector(where)"
        ".dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, ...init}))"
    )
    person.press("n")
    person.page.evaluate(send, ["textarea", {"key": "Enter", "isComposing": True}])
    assert person.page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    person.press("Escape")
    person.page.evaluate(send, ["body", {"key": "Enter", "isComposing": True}])
    person.page.evaluate(send, ["body", {"key": "Enter", "ctrlKey": True}])
    person.page.evaluate(send, ["body", {"key": "Enter", "repeat": True}])
    assert (person.item(), server.events()) == (items[0].item, [])
    person.page.evaluate(send, ["body", {"key": "Process", "code": "KeyS", "keyCode": 229}])
    person.page.wait_for_selector(f".desk[data-item='{items[1].item}']")
    assert [event.action for event in server.events()] == ["skip"]


def test_two_enters_answer_one_line(visit, server):
    """A second Enter before the next line is there answers nothing that nobody has seen."""
    items = [make_item(number) for number in range(1, 4)]
    person = visit(server.queue(items, "--name", "王芳"))
    person.item()
    person.page.evaluate(
        "for (const _ of [1, 2, 3])"
        " document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))"
    )
    person.page.wait_for_selector(f".desk[data-item='{items[1].item}']")
    assert [event.item for event in server.events()] == [items[0].item]


def test_a_blind_line_wants_a_choice(visit, server):
    """Without a suggestion nothing is chosen or marked, and Enter alone does not record "no theme"."""
    person = visit(server.queue([make_item(1, blind=True, stratum="blind")], "--name", "王芳"))
    person.item()
    assert person.on() == []
    assert person.page.query_selector_all("mark, .chance") == []
    person.press("Enter")
    person.page.wait_for_selector(".toast.up")
    assert server.events() == []
    person.press("0", "Enter")
    person.page.wait_for_selector(".over")
    assert [(event.themes, event.shown) for event in server.events()] == [((), None)]


@pytest.mark.parametrize(("language", "button"), [("zh-CN", "接受"), ("de-DE", "Accept")])
def test_language_of_the_browser(visit, server, language, button):
    """The page speaks the browser's language, Chinese or English, and remembers another choice."""
    person = visit(server.queue([make_item(1)], "--name", "王芳"), language)
    person.item()
    assert person.page.inner_text(".acts .go").startswith(button)
    person.press("l")
    other = person.page.inner_text(".acts .go")
    assert not other.startswith(button)
    person.page.reload()
    person.item()
    assert person.page.inner_text(".acts .go") == other


def test_five_thousand_items(visit, server):
    """With 5,000 lines the page opens, moves, filters and records as with five."""
    person = visit(server.queue([make_item(number) for number in range(1, 5001)], "--name", "王芳"))
    person.item()
    for _ in range(5):
        person.go("Enter")
    person.press("f")
    person.page.click("[data-filter='theme:security']")
    person.page.wait_for_function("document.querySelector('.chip.on[data-filter]')")
    assert "5000" in person.page.inner_text(".place")
    assert person.page.inner_text(".meter .done") == "5/5000"
    assert len(server.events()) == 5


def test_practice_tells_right_from_wrong(visit, server):
    """An answer in practice is followed by the corpus's, which stays until Enter."""
    person = visit(server.start("--practice", "--port", "0", "--name", "新人"))
    first = person.item()
    person.press("1", "2", "3", "4", "Enter")
    assert person.page.wait_for_selector(".verdict").inner_text() == "与语料不同"
    assert person.page.query_selector_all(".switch.should_not") != []
    assert person.item() == first
    assert person.go("Enter") != first
    assert person.page.inner_text(".meter .done") == "1/40"


def test_the_lead_ends_a_dispute(visit, server):
    """A disagreement is shown side by side, the lead's word ends it, and undo opens it again."""
    items = [make_item(1), make_item(2)]
    address = server.queue(items, "--overlap", "2")
    one, other = visit(address), visit(address)
    one.name("王芳")
    one.item()
    one.go("Enter")
    other.name("李明")
    other.item()
    other.press("3")
    other.go("Enter")
    server.kill()
    lead = visit(server.start("queue.jsonl", "--port", "0", "--lead", "--name", "主编"))
    lead.page.wait_for_selector(".figures")
    assert "75%" not in lead.page.inner_text("[data-figure=agreement] tr[data-what=mediation]")
    assert "0%" in lead.page.inner_text("[data-figure=agreement] tr[data-what=mediation]")
    lead.page.click("[data-tab=disputes]")
    assert lead.item() == items[0].item
    assert lead.page.inner_text(".sides thead").split() == ["主题", "王芳", "李明"]
    lead.page.click("[data-take='李明']")
    assert lead.on() == ["security", "mediation"]
    lead.press("Enter")
    lead.page.wait_for_selector(".over")
    lead.press("u")
    assert lead.item() == items[0].item
    assert [event.action for event in server.events()] == ["decide", "decide", "adjudicate", "undo"]
    assert lead.errors == []
