"""A small queue with everything that is hard on other programs, and decisions on it by three people."""

from __future__ import annotations

from pathlib import Path

from labels.decision import Decision, Shown
from labels.item import Item, Neighbour, item_id, text_hash
from labels.scheme import load_scheme
from labels.store import Store

IDS = load_scheme().ids
CHANCES = dict.fromkeys(IDS, 0.03)
HARD = (
    "全市打掉团伙3个。",
    '=HYPERLINK("http://localhost/x","看这里")',
    "-5%的增幅，@所有人",
    '调解\n　　纠纷_x0041_120件，“成功率”98%,"二"',
    "坏字\x07与\u202e方向\ufffe",
    "长" * 33_000,
    "𠮷" * 17_000,
    "<script>alert(1)</script>&amp;",
)


def queue_item(text: str, line: int = 2, report: str = "云江市/2023.txt", blind: bool = False) -> Item:
    """An item that the model takes for security, above it a heading, below it a line."""
    sha256 = text_hash(text)
    return Item(
        item=item_id(report, line, sha256),
        report=report,
        line=line,
        text=text,
        text_sha256=sha256,
        role="body",
        section=1,
        heading_path=("一、维护稳定",),
        heading_lines=(1,),
        before=(Neighbour(1, "heading", "一、维护稳定"),),
        after=(Neighbour(9, "body", "=后面一行"),),
        themes=("security",),
        probabilities={**CHANCES, "security": 0.9},
        thresholds=dict.fromkeys(IDS, 0.5),
        evidence=(),
        reason="拿不准 / doubtful",
        stratum="doubtful",
        inclusion=0.5,
        blind=blind,
        model="themes-0001",
        meta={"year": 2023, "place": "云江市"},
    )


def hard_queue() -> list[Item]:
    """Texts that are formulas, codes, controls, markup, too long; the last item is blind."""
    items = [queue_item(text, line) for line, text in enumerate(HARD, 2)]
    return [*items, queue_item("盲审的一段。", report="b.txt", blind=True)]


def decision_on(item: Item, *themes: str, reviewer: str = "王芳", action: str = "decide", **more: str) -> Decision:
    """A decision as the review page makes it."""
    shown = None if item.blind else Shown(item.themes, item.probabilities)
    place = (reviewer, item.item, item.report, item.line, item.text_sha256, action)
    return Decision(*place, more.pop("role", "body"), themes, IDS, shown=shown, model=item.model, **more)


def reviewed_store(path: Path) -> Store:
    """The queue in every state: themes, none, skipped, disputed, adjudicated, not reviewed."""
    items, store = hard_queue(), Store.open(path)
    store.add_items(items)
    for decision in (
        decision_on(items[0], "security", "mediation", note="=备注"),
        decision_on(items[1]),
        decision_on(items[2], action="skip", note="=看不懂\n第二行"),
        decision_on(items[3], "mediation"),
        decision_on(items[3], "security", reviewer="李强"),
        decision_on(items[3], "security", reviewer="组长", action="adjudicate"),
        decision_on(items[4], role="caption"),
        decision_on(items[4], "security", reviewer="=李强"),
        decision_on(items[-1], "rule_of_law", reviewer="李强"),
    ):
        store.record(decision)
    return store
