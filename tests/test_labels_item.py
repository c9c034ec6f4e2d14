"""Items of the queue: what is written comes back, and every wrong row is named by file and line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from labels.errors import UserError
from labels.item import Evidence, Item, Neighbour, item_id, read_queue, text_hash, write_queue

TEXT = "全县排查矛盾纠纷120件。"


@pytest.fixture
def item() -> Item:
    """A line with all there can be."""
    return Item(
        item=item_id("清河县/2020.txt", 3, text_hash(TEXT)),
        report="清河县/2020.txt",
        line=3,
        text=TEXT,
        text_sha256=text_hash(TEXT),
        role="body",
        section=1,
        heading_path=("一、化解矛盾",),
        heading_lines=(2,),
        before=(Neighbour(2, "heading", "一、化解矛盾"),),
        after=(),
        themes=("mediation",),
        probabilities={"security": 0.2, "mediation": 0.9},
        thresholds={"security": 0.5, "mediation": 0.5},
        evidence=(Evidence("mediation", "矛盾纠纷", 4, 8),),
        reason="随机抽取 / drawn at random",
        stratum="random",
        inclusion=0.25,
        blind=False,
        model="themes-1",
        meta={"year": 2020, "place": "清河县"},
        copies=2,
    )


def test_what_is_written_comes_back(tmp_path: Path, item: Item):
    """A queue file gives the same items in the same order, and nothing is left beside it."""
    other = replace(item, line=4, item=item_id(item.report, 4, item.text_sha256), blind=True)
    write_queue(tmp_path / "queue.jsonl", [other, item])
    assert read_queue(tmp_path / "queue.jsonl") == [other, item]
    assert [path.name for path in tmp_path.iterdir()] == ["queue.jsonl"]


def test_the_same_text_elsewhere_is_another_item():
    """Report, line and text each make an item of their own; no two ways of writing them meet."""
    hashes = {
        item_id("a", 1, "0"),
        item_id("a", 2, "0"),
        item_id("b", 1, "0"),
        item_id("a", 1, "1"),
        item_id("a1", 1, ""),
    }
    assert len(hashes) == 5


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"colour": 1}, 'unknown key "colour"'),
    ({"line": "3"}, "line is '3'; a whole number is wanted"),
    ({"line": True}, "line is True; a whole number is wanted"),
    ({"blind": 0}, "blind is 0; true or false is wanted"),
    ({"role": "chorus"}, 'role "chorus" is unknown; known: title'),
    ({"text": "别的"}, "text and text_sha256 do not belong together"),
    ({"line": 4}, "item is not that of its report, line and text"),
    ({"inclusion": 0}, "inclusion is 0; a probability above 0 is wanted"),
    ({"inclusion": 1.5}, "inclusion is 1.5; a probability"),
    ({"copies": 0}, "copies is 0; 1 or more is wanted"),
    ({"heading_lines": []}, "heading_lines and heading_path differ in length"),
    ({"heading_lines": ["2"]}, r"heading_lines is \['2'\]; a list of whole numbers is wanted"),
    ({"themes": [1]}, r"themes is \[1\]; a list of text is wanted"),
    ({"probabilities": {"security": 2}}, "numbers from 0 to 1 are wanted"),
    ({"before": [{"line": 1}]}, 'before: key "role" is missing'),
    ({"evidence": [{"theme": "security", "term": "x", "start": 0, "end": 99}]}, "evidence 0 to 99 lies outside"),
]


@pytest.mark.parametrize(("change", "message"), WRONG, ids=[message[:30] for _, message in WRONG])
def test_a_wrong_row(tmp_path: Path, item: Item, change: dict[str, Any], message: str):
    """What is wrong is said with file and line."""
    path = tmp_path / "queue.jsonl"
    path.write_bytes(b"\n" + orjson.dumps({**item.as_row(), **change}) + b"\n")
    with pytest.raises(UserError, match=rf"queue\.jsonl, line 2.*{message}"):
        read_queue(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no items here; make a queue"),
        (b"{", "line 1: not JSON"),
        (b"[1]", "line 1: it is .1.; a JSON object is wanted"),
        (b"\xff\xfe", "line 1: not JSON"),
    ],
)
def test_a_file_that_is_no_queue(tmp_path: Path, content: bytes, message: str):
    """An empty or foreign file is refused in one line."""
    (tmp_path / "queue.jsonl").write_bytes(content)
    with pytest.raises(UserError, match=rf"queue\.jsonl.*{message}"):
        read_queue(tmp_path / "queue.jsonl")


def test_an_item_twice(tmp_path: Path, item: Item):
    """The second of two equal items is named, as is a file that is not there."""
    path = tmp_path / "queue.jsonl"
    path.write_bytes((orjson.dumps(item) + b"\n") * 2)
    with pytest.raises(UserError, match=rf"line 2: item {item.item} stands twice; take one out"):
        read_queue(path)
    with pytest.raises(UserError, match=r"away\.jsonl: cannot read it \(No such file"):
        read_queue(tmp_path / "away.jsonl")
