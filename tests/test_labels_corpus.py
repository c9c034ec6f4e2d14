"""The labelled corpus: what is written comes back, and every wrong row is named by file and line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.corpus import CorpusLine, CorpusReport, corpus_hash, load_corpus, load_report, write_report
from labels.errors import UserError
from labels.roles import ROLES
from labels.scheme import Scheme, load_scheme

SCHEME = load_scheme()
ROW = {
    "text": "全市排查矛盾纠纷3件。",
    "role": "body",
    "level": None,
    "themes": ["mediation"],
    "considered": ["security", "mediation"],
    "by": "a",
    "at": "2025-01-01",
}


def lines() -> st.SearchStrategy[CorpusLine]:
    """Any right line."""

    def line(text: str, role: str, level: int, considered: list[str] | None, count: int) -> CorpusLine:
        themes = tuple((considered or [])[:count]) if role in ("heading", "body") else ()
        return CorpusLine(
            text=text,
            role=role,
            level=level if role == "heading" else None,
            themes=themes,
            considered=None if considered is None else tuple(considered),
            by="某人",
            line=None if level == 1 else level,
            rationales={theme: ((0, 1), *(((2, len(text)),) if len(text) > 2 else ())) for theme in themes[1:]},
        )

    texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(str.strip)
    themes = st.none() | st.permutations(SCHEME.ids).flatmap(lambda ids: st.integers(0, 4).map(lambda size: ids[:size]))
    return st.builds(line, texts, st.sampled_from(ROLES), st.integers(1, 6), themes, st.integers(0, 4))


@given(st.lists(lines(), min_size=1, max_size=8))
def test_what_is_written_comes_back(tmp_path_factory: pytest.TempPathFactory, written: list[CorpusLine]):
    """Any lines, written and read again, are the same lines."""
    path = tmp_path_factory.mktemp("corpus") / "city-01.jsonl"
    write_report(path, written)
    assert load_report(path, scheme=SCHEME) == CorpusReport("city-01", tuple(written))
    assert [left.name for left in path.parent.iterdir()] == [path.name]


def test_the_bundled_corpus_is_right(corpus: list[CorpusReport], scheme: Scheme):
    """It has every role and every theme, and reports come in the order of their names."""
    rows = [line for report in corpus for line in report.lines]
    assert {line.role for line in rows} == set(ROLES)
    assert {theme for line in rows for theme in line.themes} == set(scheme.ids)
    assert [report.name for report in corpus] == sorted(report.name for report in corpus)


@pytest.mark.parametrize(("name", "expected"), [("city-01", "city"), ("new-town-3", "new-town"), ("suzhou", "suzhou")])
def test_the_slice_is_what_stands_before_the_number(name: str, expected: str):
    """A report's slice is its name up to the last hyphen."""
    assert CorpusReport(name, ()).slice == expected


def test_a_new_theme_leaves_old_lines_unjudged(tmp_path: Path, scheme: Scheme, five_themes: Scheme):
    """Reports labelled under four themes are right under five, with nothing said of the fifth."""
    write_report(tmp_path / "a-1.jsonl", [CorpusLine("调解。", "body", None, ("mediation",), scheme.ids)])
    (report,) = load_corpus(tmp_path, scheme=five_themes)
    assert report.lines[0].considered == scheme.ids


def test_a_theme_that_is_taken_off_takes_its_marks_along(tmp_path: Path):
    """Who edits the themes of a line by hand need not edit the passages that were marked for them."""
    row = {**ROW, "rationales": {"security": [[0, 2]], "mediation": [[0, 4]]}}
    (tmp_path / "a-1.jsonl").write_bytes(orjson.dumps(row))
    assert load_report(tmp_path / "a-1.jsonl", scheme=SCHEME).lines[0].rationales == {"mediation": ((0, 4),)}


def test_the_hash_knows_every_change(corpus: list[CorpusReport]):
    """The same reports have the same hash; another name, order or label gives another."""
    one, two = corpus[0], corpus[1]
    first = one.lines[0]
    relabelled = CorpusReport(one.name, (CorpusLine(first.text, "caption", None, (), None), *one.lines[1:]))
    place, body = next((place, line) for place, line in enumerate(one.lines) if line.themes)
    marked = replace(body, rationales={body.themes[0]: ((0, len(body.text)),)})
    explained = CorpusReport(one.name, (*one.lines[:place], marked, *one.lines[place + 1 :]))
    variants = [[one, two], [two, one], [CorpusReport("x", one.lines), two], [relabelled, two], [explained, two], [one]]
    hashes = [corpus_hash(reports) for reports in variants]
    assert len(set(hashes)) == len(variants)
    assert corpus_hash([one, two]) == hashes[0]
    assert len(hashes[0]) == 16


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"{", "not JSON: "),
        (b"[]", "it is []; a JSON object is wanted"),
        ({**ROW, "theme": []}, 'unknown key "theme"; did you mean themes?'),
        ({**ROW, "role": "boddy"}, 'role "boddy" is unknown; did you mean body?'),
        ({**ROW, "role": None}, 'role "None" is unknown; known: title, byline, heading, body, caption, boilerplate'),
        ({**ROW, "role": []}, 'role "[]" is unknown; known: title, byline, heading, body, caption, boilerplate'),
        ({**ROW, "text": " \n"}, "text is ' \\n'; a paragraph is wanted"),
        ({**ROW, "text": 3}, "text is 3; a paragraph is wanted"),
        ({**ROW, "level": 1}, "level is 1; a heading has 1 to 6, any other role null"),
        ({**ROW, "role": "heading", "level": 7}, "level is 7; a heading has 1 to 6, any other role null"),
        ({**ROW, "role": "heading", "level": True}, "level is True; a heading has 1 to 6, any other role null"),
        ({**ROW, "line": 0}, "line is 0; the number of a line, or no such key, is wanted"),
        ({**ROW, "line": "3"}, "line is '3'; the number of a line, or no such key, is wanted"),
        ({**ROW, "themes": None}, "themes is None; a list of different theme ids is wanted"),
        (
            {**ROW, "themes": ["mediation", "mediation"]},
            "themes is ['mediation', 'mediation']; a list of different theme ids is wanted",
        ),
        ({**ROW, "themes": ["mediaton"]}, 'theme "mediaton" is unknown; did you mean mediation?'),
        ({**ROW, "themes": [7]}, 'theme "7" is unknown; known: party_building, security, mediation, rule_of_law'),
        ({**ROW, "considered": "all"}, "considered is 'all'; a list of different theme ids is wanted"),
        ({**ROW, "considered": ["securty"]}, 'theme "securty" is unknown; did you mean security?'),
        ({**ROW, "role": "caption"}, "a caption has themes mediation; only heading and body have themes"),
        ({**ROW, "considered": ["security"]}, "mediation is in themes but not in considered; add it there"),
        ({**ROW, "considered": None}, "mediation is in themes but not in considered; add it there"),
        ({**ROW, "rationales": [[0, 2]]}, "rationales is [[0, 2]]; passages by theme are wanted"),
        (
            {**ROW, "rationales": {"securty": [[0, 2]]}},
            'rationales: theme "securty" is unknown; did you mean security?',
        ),
        *(
            ({**ROW, "rationales": {"mediation": wrong}}, f"rationales of mediation: {wrong!r}; {wanted}")
            for wanted, cases in (
                ("a list of [start, end] is wanted, counted in characters of text", ([], "调解", [[0]], [[0, True]])),
                (
                    f"passages in order, none in another, inside a text of {len(ROW['text'])} characters",
                    ([[2, 2]], [[-1, 2]], [[0, 99]], [[2, 3], [0, 1]], [[0, 2], [1, 3]]),
                ),
            )
            for wrong in cases
        ),
    ],
)
def test_every_mistake_is_named(tmp_path: Path, raw: bytes | dict[str, object], message: str):
    """A wrong row gives one message: the file, the line, what came, what is wanted."""
    path = tmp_path / "city-01.jsonl"
    wrong = raw if isinstance(raw, bytes) else orjson.dumps(raw)
    path.write_bytes(orjson.dumps(ROW) + b"\n\n" + wrong + b"\n")
    with pytest.raises(UserError) as caught:
        load_report(path, scheme=SCHEME)
    assert str(caught.value).startswith(f"{path}, line 3: {message}")


def test_a_file_that_holds_nothing(tmp_path: Path):
    """A report without lines, a folder without reports and a file that is none are named with what to do."""
    empty = tmp_path / "empty-1.jsonl"
    empty.write_bytes(b"\n \n")
    missing = tmp_path / "none-1.jsonl"
    with pytest.raises(UserError, match=r"empty-1\.jsonl: it has no lines; delete it or label it$"):
        load_report(empty, scheme=SCHEME)
    with pytest.raises(UserError, match=r"none-1\.jsonl: cannot read it \(No such file or directory\)$"):
        load_report(missing, scheme=SCHEME)
    for folder in (missing, empty):
        with pytest.raises(UserError, match=r"no labelled reports \(\*\.jsonl\) here; give the folder that holds them"):
            load_corpus(folder, scheme=SCHEME)
