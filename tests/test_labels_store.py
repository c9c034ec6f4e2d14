"""The store: events are only added, what is acknowledged is kept, several writers do not hinder each other."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from labels.decision import Shown, State
from labels.errors import UserError
from labels.item import write_queue
from labels.store import Store
from tests.review_data import a_decision, an_item

ROOT = Path(__file__).parent.parent
WRITER = """
import sys
from pathlib import Path
from labels.store import Store
from tests.review_data import a_decision, an_item
store, item = Store.open(Path(sys.argv[1])), an_item()
for number in range(int(sys.argv[3])):
    recorded = store.record(a_decision(item, reviewer=sys.argv[2], note=str(number)))
    print(recorded.id, number, flush=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with three items."""
    store = Store.open(tmp_path / "review.db")
    assert store.add_items([an_item(1), an_item(2), an_item(3)]) == 3
    return store


def test_a_decision_comes_back(store: Store):
    """What is recorded has an id and a time, and another process's store sees the very same."""
    shown = Shown(("mediation",), {"mediation": 0.7})
    decision = a_decision(an_item(1), "security", note="“平安”", shown=shown, source="api")
    recorded = store.record(decision)
    assert recorded.id == 1
    assert recorded.at.endswith("+00:00")
    assert replace(recorded, id=0, at="") == decision
    assert Store.open(store.path).events() == [recorded]
    assert store.events(an_item(2).item) == []


def test_events_stay(store: Store):
    """Not even SQL can change or delete an event, and ids are never used again."""
    store.record(a_decision(an_item(1)))
    connection = sqlite3.connect(store.path)
    for statement in ("UPDATE events SET reviewer = 'x'", "DELETE FROM events"):
        with pytest.raises(sqlite3.IntegrityError, match="events are never"):
            connection.execute(statement)
        connection.rollback()
    connection.close()
    assert len(store.events()) == 1


def test_settings(store: Store):
    """The file keeps a write-ahead log, and a commit returns only when the disk has it."""
    with store._reading() as connection:  # noqa: SLF001 - a promise about the file itself
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_states(store: Store):
    """Not reviewed, skipped, reviewed without and with a theme, in dispute: five states, never confused."""
    items = [an_item(number) for number in range(1, 6)]
    store.add_items(items)
    store.record(a_decision(items[1], action="skip", considered=()))
    store.record(a_decision(items[2]))
    store.record(a_decision(items[3], "security"))
    store.record(a_decision(items[4], "security"))
    store.record(a_decision(items[4], "mediation", reviewer="李"))
    assert list(store.states().values()) == [
        State.NOT_REVIEWED,
        State.SKIPPED,
        State.REVIEWED_NONE,
        State.REVIEWED_THEMES,
        State.DISPUTED,
    ]
    assert store.state(items[4].item) == State.DISPUTED


def test_items_are_renewed_until_decided(store: Store):
    """A later queue renews an item's reason; once somebody decided, what they were shown stays."""
    store.record(a_decision(an_item(1)))
    assert store.add_items([an_item(1, reason="new"), an_item(2, reason="new"), an_item(9)]) == 1
    assert [item.reason == "new" for item in store.items()] == [False, True, False, False]
    assert [item.line for item in store.items()] == [1, 2, 3, 9]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"themes": ("security",), "considered": ("mediation",)}, "security is in themes but not in considered"),
        ({"themes": ("security",), "role": "title"}, "a title has themes"),
        ({"themes": ("security", "security")}, "themes names one twice"),
        ({"role": "chorus"}, 'role "chorus" is unknown'),
        ({"action": "decides"}, 'action "decides" is unknown; did you mean decide'),
        ({"source": "fax"}, 'source "fax" is unknown'),
        ({"reviewer": " "}, "no reviewer; a decision needs a name"),
        ({"item": "0" * 16}, "item 0000000000000000 is not in this store; add its queue first"),
        ({"note": "\ud800"}, "holds text that is no Unicode"),
    ],
)
def test_a_wrong_decision(store: Store, change: dict[str, object], message: str):
    """A decision that contradicts itself or its store is refused and leaves no trace."""
    with pytest.raises(UserError, match=rf"review\.db: .*{message}"):
        store.record(replace(a_decision(an_item(1)), **change))
    assert store.events() == []


def test_imports_are_made_once(store: Store):
    """The same import again adds nothing; a changed answer is added; an old file does not bring an old answer back."""
    old = a_decision(an_item(1), "security", source="spreadsheet", at="2026-01-01T08:00:00Z")
    new = replace(old, themes=("mediation",), at="2026-01-02T08:00:00Z")
    assert [store.import_decisions([old, old]), store.import_decisions([old])] == [1, 0]
    assert [store.import_decisions([new]), store.import_decisions([old, new])] == [1, 0]
    assert store.latest(old.item)["王"].themes == ("mediation",)
    assert [event.at for event in store.events()] == [
        "2026-01-01T08:00:00.000000+00:00",
        "2026-01-02T08:00:00.000000+00:00",
    ]


def test_imports_take_their_place_in_time(store: Store):
    """An answer from elsewhere that is older than the page's does not outrank it, and none is of the future."""
    store.record(a_decision(an_item(1), "security"))
    imported = a_decision(an_item(1), "mediation", source="label_studio", at="2026-01-01T08:00:00+08:00")
    assert store.import_decisions([imported]) == 1
    assert store.latest(imported.item)["王"].themes == ("security",)
    store.import_decisions([replace(imported, at="9999-01-01")])
    recorded = store.record(a_decision(an_item(1), "rule_of_law"))
    assert recorded.at < "9"
    assert store.latest(imported.item)["王"].themes == ("rule_of_law",)


def test_an_import_that_repeats(store: Store):
    """What the reviewer's last word says already, whatever the order of its themes, is no event."""
    store.record(a_decision(an_item(1), "security", "mediation"))
    assert store.import_decisions([a_decision(an_item(1), "mediation", "security", source="doccano")]) == 0


def test_an_import_is_whole_or_not_at_all(store: Store):
    """One wrong row and nothing of the import is kept."""
    wrong = a_decision(an_item(2), at="yesterday")
    with pytest.raises(UserError, match=r'line 2: time "yesterday" is not ISO 8601'):
        store.import_decisions([a_decision(an_item(1)), wrong])
    assert store.events() == []


def test_foreign_files(tmp_path: Path):
    """What is no store is refused and left as it is."""
    (tmp_path / "text.db").write_text("no database" * 100)
    with pytest.raises(UserError, match=r"text\.db: the store cannot be used \(file is not a database\)"):
        Store.open(tmp_path / "text.db")
    connection = sqlite3.connect(tmp_path / "other.db")
    connection.execute("CREATE TABLE songs (name)")
    connection.close()
    before = (tmp_path / "other.db").read_bytes()
    with pytest.raises(UserError, match=r"other\.db: a database, but no store of decisions"):
        Store.open(tmp_path / "other.db")
    assert (tmp_path / "other.db").read_bytes() == before
    with pytest.raises(UserError, match=r"none\.db: no store of decisions here"):
        Store.open(tmp_path / "none.db", create=False)
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(UserError, match=r"a\.db: the store cannot be used \(unable to open database file\)"):
        Store.open(tmp_path / "nowhere" / "a.db")


def test_a_store_of_a_later_version(store: Store):
    """A file that a later program wrote is refused instead of misread."""
    with store._writing() as connection:  # noqa: SLF001
        connection.execute("PRAGMA user_version = 9")
    with pytest.raises(UserError, match="a store of version 9; this program knows version 1"):
        Store.open(store.path)


def test_many_threads(store: Store):
    """Threads that share a store lose nothing, and no id is given twice."""
    decisions = [a_decision(an_item(1), reviewer=f"r{number % 7}", note=str(number)) for number in range(80)]
    with ThreadPoolExecutor(8) as pool:
        ids = [recorded.id for recorded in pool.map(store.record, decisions)]
    assert sorted(ids) == list(range(1, 81))
    assert {event.note for event in store.events()} == {str(number) for number in range(80)}


def _writer(path: Path, reviewer: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, path, reviewer, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_many_processes(store: Store):
    """Processes that write at once each find all they wrote."""
    writers = [_writer(store.path, f"r{number}", 30) for number in range(3)]
    printed = [writer.communicate()[0].splitlines() for writer in writers]
    assert [len(lines) for lines in printed] == [30] * 3
    assert sorted(int(line.split()[0]) for lines in printed for line in lines) == list(range(1, 91))
    assert len(store.events()) == 90


@pytest.mark.slow
def test_kill_9_loses_nothing(store: Store):
    """Of a hundred processes killed while they write, no acknowledged decision is lost and the file stays sound."""
    moment = random.Random(5)
    acknowledged: dict[int, tuple[str, str]] = {}
    for number in range(100):
        writer = _writer(store.path, f"r{number}", 100_000)
        assert writer.stdout is not None
        seen = [writer.stdout.readline() for _ in range(moment.randrange(1, 12))]
        try:
            writer.wait(moment.random() * 0.02)
        except subprocess.TimeoutExpired:
            writer.kill()
        seen += writer.communicate()[0].splitlines()
        assert writer.returncode == -9
        lines = (line.split() for line in seen if len(line.split()) == 2)
        acknowledged |= {int(id_): (f"r{number}", note) for id_, note in lines}
    found = {event.id: (event.reviewer, event.note) for event in store.events()}
    assert len(acknowledged) > 500
    assert {id_: found.get(id_) for id_ in acknowledged} == acknowledged
    with store._reading() as connection:  # noqa: SLF001 - what SQLite itself says of the file
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_queue_goes_in_whole(tmp_path: Path):
    """Five thousand items are added and read again in their order."""
    items = [an_item(number) for number in range(1, 5001)]
    write_queue(tmp_path / "queue.jsonl", items)
    store = Store.open(tmp_path / "review.db")
    assert (store.add_items(items), store.add_items(items)) == (5000, 0)
    assert store.items() == items
    assert set(store.states().values()) == {State.NOT_REVIEWED}
