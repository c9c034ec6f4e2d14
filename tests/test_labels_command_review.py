"""`zhengfa review`: what the command line says before any page is served."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from labels.item import write_queue
from labels.store import Store
from tests.page_items import make_item
from zhengfa import main

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no queue and no --store; make one: zhengfa labels queue RUN.jsonl --out queue.jsonl"),
        ([""], "no queue and no --store"),
        (["none.jsonl"], "none.jsonl: cannot read it"),
        (["--store", "none.db"], "none.db: no store of decisions here"),
        (["none.jsonl", "--port", "x"], '"x" is no port; 0 to 65535, 0 for any free one'),
        (["none.jsonl", "--port", "70000"], '"70000" is no port'),
        (["none.jsonl", "--overlap", "1"], '"1" is no overlap; 0 for none, else 2 or more'),
        (["none.jsonl", "--name", "a\tb"], "printable characters are wanted"),
        (["none.jsonl", "--lead", "--practice"], "not allowed with"),
    ],
)
def test_wrong_use(arguments, message, tmp_path, monkeypatch, capsys):
    """What cannot be served is one line, and leaves no store behind."""
    monkeypatch.chdir(tmp_path)
    assert main(["review", *arguments]) == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_empty_store_is_named(tmp_path, monkeypatch, capsys):
    """A store without items has nothing to review."""
    monkeypatch.chdir(tmp_path)
    Store.open(tmp_path / "q.db").close()
    assert main(["review", "--store", "q.db"]) == 2
    assert "q.db: no items in this store; give a queue: zhengfa review QUEUE --store q.db" in capsys.readouterr().err


def test_without_the_extra(tmp_path, monkeypatch, capsys):
    """Where NiceGUI is not installed the message says how to get it."""
    write_queue(tmp_path / "queue.jsonl", [make_item(1)])
    monkeypatch.setitem(sys.modules, "nicegui", None)
    assert main(["review", str(tmp_path / "queue.jsonl")]) == 2
    assert "the review page needs NiceGUI: pip install 'zhengfa-themes[review]'" in capsys.readouterr().err


def test_help_is_light():
    """The command's help loads no server."""
    code = (
        "import sys, zhengfa\n"
        "try: zhengfa.main(['review', '--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit(any(name.partition('.')[0] in ('nicegui', 'fastapi', 'numpy') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_queue_becomes_a_store(tmp_path, scheme):
    """Decisions on QUEUE.jsonl go to QUEUE.db, which has its items; without a queue all items of a store are served."""
    from labels.page_sites import review_site

    queue = tmp_path / "queue.jsonl"
    write_queue(queue, [make_item(1), make_item(2)])
    site = review_site(queue, tmp_path / "queue.db", scheme, "", 0)
    write_queue(queue, [make_item(2)])
    again = review_site(queue, tmp_path / "queue.db", scheme, "", 0)
    whole = review_site(None, tmp_path / "queue.db", scheme, "", 0)
    totals = [
        one.converse().answer({"do": "open", "name": "王芳"})["view"]["progress"]["total"]
        for one in (site, again, whole)
    ]
    assert totals == [2, 1, 2]
    assert site.boot["queue"] == whole.boot["queue"] != again.boot["queue"]
