"""Items and decisions for the tests of the review loop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from labels.decision import Decision
from labels.item import Item, item_id, text_hash
from labels.scheme import Scheme

FOUR = ("party_building", "security", "mediation", "rule_of_law")


def an_item(line: int = 1, *, report: str = "清河县/2020.txt", text: str = "", **change: Any) -> Item:
    """An item with nothing beside it; its text is its own unless given."""
    text = text or f"全县第{line}次排查矛盾纠纷。"
    facts: dict[str, Any] = {
        "role": "body",
        "section": 0,
        "heading_path": (),
        "heading_lines": (),
        "before": (),
        "after": (),
        "themes": ("mediation",),
        "probabilities": dict.fromkeys(FOUR, 0.25),
        "thresholds": dict.fromkeys(FOUR, 0.5),
        "evidence": (),
        "reason": "随机抽取 / drawn at random",
        "stratum": "random",
        "inclusion": 0.5,
        "blind": False,
        "model": "themes-1",
        "meta": {},
    }
    place = {"report": report, "line": line, "text": text, "text_sha256": text_hash(text)}
    return Item(item=item_id(report, line, text_hash(text)), **place, **{**facts, **change})


def a_decision(item: Item, *themes: str, reviewer: str = "王", **change: Any) -> Decision:
    """A decision that all four themes were judged and `themes` are there."""
    facts: dict[str, Any] = {"action": "decide", "role": "body", "themes": themes, "considered": FOUR}
    place = {"item": item.item, "report": item.report, "line": item.line, "text_sha256": item.text_sha256}
    return Decision(reviewer=reviewer, **place, **{**facts, **change})


def run_rows(report: str, lines: Sequence[tuple[str, dict[str, Any]]], model: str = "themes-1") -> list[dict[str, Any]]:
    """Rows as annotate writes them: one section without a heading, the given texts, with what is changed of each."""
    rows: list[dict[str, Any]] = [
        {"kind": "report", "report": report, "model": model, "meta": {"year": 2020, "place": None, "organ": "政法"}},
        {"kind": "section", "report": report, "section": 0, "heading_line": 0, "heading_path": []},
    ]
    for number, (text, change) in enumerate(lines, 1):
        row = {
            "kind": "line",
            "report": report,
            "line": number,
            "start": 100 * number,
            "role": "body",
            "section": 0,
            "heading_path": [],
            "text": text,
            "text_sha256": text_hash(text),
            "themes": [],
            "probabilities": dict.fromkeys(FOUR, 0.02),
            "novelty": 0.0,
            "terms": {},
            "decided_by": "model",
        }
        rows.append({**row, **change})
    return rows


def write_rows(path: Path, rows: Iterable[Any]) -> Path:
    """A file of JSON Lines."""
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return path


def model_folder(folder: Path, scheme: Scheme, out_of_fold: Iterable[Any] = ()) -> Path:
    """The folder of a model `themes-1` as far as labels read it: every threshold is 0.5."""
    folder.mkdir()
    manifest = {
        "version": "themes-1",
        "themes": [asdict(theme) for theme in scheme.themes],
        "thresholds": dict.fromkeys(scheme.ids, 0.5),
    }
    (folder / "manifest.json").write_bytes(orjson.dumps(manifest))
    write_rows(folder / "oof.jsonl", out_of_fold)
    return folder
