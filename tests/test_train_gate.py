"""The gate: a new model takes the old one's place unless the reports they share show it worse."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels.errors import UserError
from model.folder import FORMAT
from train.bootstrap import counts_by_report, f1_of, resampled_f1
from train.gate import LEAST_REPORTS, Pairs, compare, judge, pair
from train.measures import f1_scores
from train.saved_rows import read_rows

THEMES = ("security", "mediation")
REPORTS = 12
LINES = 10


def row(report: int, line: int, themes: Sequence[str], found: Sequence[str], **other: object) -> dict:
    """A saved row; `found` themes get 0.9, the others 0.1."""
    return {
        "report": f"r-{report}",
        "line": line,
        "text_sha256": f"{line:016x}",
        "role": "body",
        "themes": list(themes),
        "considered": list(THEMES),
        "group": report % 3,
        "probabilities": {theme: 0.9 if theme in found else 0.1 for theme in THEMES},
        **other,
    }


def rows(wrong: Iterable[tuple[int, int]] = (), reports: Iterable[int] = range(REPORTS)) -> list[dict]:
    """Ten lines of every report, with themes in turn, all decided right but for the `wrong` (report, line)."""
    kinds = [(), ("security",), ("mediation",), ("security", "mediation")]
    wrong = set(wrong)
    lines = []
    for report, line in itertools.product(reports, range(LINES)):
        themes = kinds[(report + line) % 4]
        lines.append(
            row(
                report,
                line,
                themes,
                [theme for theme in THEMES if theme not in themes] if (report, line) in wrong else themes,
            )
        )
    return lines


def first_lines(count: int) -> list[tuple[int, int]]:
    """The first lines of every report."""
    return list(itertools.product(range(REPORTS), range(count)))


def folder(place: Path, saved: Sequence[dict], thresholds: dict[str, float] | None = None) -> Path:
    """A model folder with what the gate reads of it."""
    place.mkdir(parents=True)
    manifest = {"format": FORMAT, "version": place.name, "thresholds": thresholds or dict.fromkeys(THEMES, 0.5)}
    (place / "manifest.json").write_bytes(orjson.dumps(manifest))
    (place / "oof.jsonl").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in saved))
    return place


@pytest.mark.parametrize(("old", "new"), [(0, 3), (3, 0), (2, 2)], ids=["worse", "better", "same"])
def test_verdict(tmp_path: Path, old: int, new: int):
    """A model that errs more in every report is worse, one that errs less or the same is not."""
    verdict = compare(folder(tmp_path / "a", rows(first_lines(old))), folder(tmp_path / "b", rows(first_lines(new))))
    assert (verdict.previous, verdict.worse, np.sign(verdict.difference)) == ("a", new > old, np.sign(old - new))
    assert verdict.low <= verdict.difference <= verdict.high
    assert (verdict.lines, verdict.reports, verdict.note) == (REPORTS * LINES, REPORTS, "")
    assert (verdict.fixed, verdict.broken) == (REPORTS * max(old - new, 0), REPORTS * max(new - old, 0))
    assert [theme.theme for theme in verdict.themes] == list(THEMES)
    assert verdict.difference == pytest.approx(np.mean([theme.after - theme.before for theme in verdict.themes]))


def test_one_bad_report_is_no_proof(tmp_path: Path):
    """Errors in one report only lower the mean, but not the whole interval."""
    one = [(3, line) for line in range(LINES)]
    verdict = compare(folder(tmp_path / "a", rows()), folder(tmp_path / "b", rows(one)))
    assert verdict.difference < 0 == verdict.high
    assert not verdict.worse


def test_no_common_rows(tmp_path: Path):
    """Models of other reports are not comparable: it passes, and says so."""
    old, new = folder(tmp_path / "a", rows()), folder(tmp_path / "b", rows(first_lines(9), range(50, 62)))
    verdict = compare(old, new)
    assert (verdict.worse, verdict.lines) == (False, 0)
    assert verdict.note == f"0 reports in common, {LEAST_REPORTS} are needed"


def test_few_common_reports(tmp_path: Path):
    """A bootstrap over a handful of reports says nothing, so none is done."""
    verdict = compare(folder(tmp_path / "a", rows()), folder(tmp_path / "b", rows(first_lines(9), range(4))))
    assert (verdict.worse, verdict.lines, verdict.note) == (False, 0, "4 reports in common, 5 are needed")


def test_labels_of_now_count(tmp_path: Path):
    """Where labels were corrected since, the old model is measured by the new ones."""
    old = folder(tmp_path / "a", [line | {"themes": []} for line in rows()])
    assert compare(old, folder(tmp_path / "b", rows())).difference == 0


def test_lines_are_joined_where_they_moved_to(tmp_path: Path):
    """A line keeps its partner when lines were put before it, and equal lines of a report keep their order."""
    moved = [row(report, -1, (), ()) for report in range(REPORTS)] + [
        line | {"line": line["line"] + 7} for line in rows()
    ]
    same = [line | {"text_sha256": "0" * 16} for line in rows(first_lines(1))]
    assert compare(folder(tmp_path / "a", rows()), folder(tmp_path / "b", moved)).fixed == 0
    verdict = compare(folder(tmp_path / "c", same), folder(tmp_path / "d", same))
    assert (verdict.difference, verdict.fixed, verdict.broken, verdict.lines) == (0, 0, 0, REPORTS * LINES)


@pytest.mark.parametrize("change", [{"role": "heading"}, {"considered": []}, {"considered": None}])
def test_only_judged_body_lines_count(tmp_path: Path, change: dict):
    """Headings, and lines that nobody judged, neither help nor harm."""
    spoilt = [line | change if number % LINES < 4 else line for number, line in enumerate(rows(first_lines(4)))]
    verdict = compare(folder(tmp_path / "a", rows()), folder(tmp_path / "b", spoilt))
    assert (verdict.difference, verdict.lines) == (0, REPORTS * (LINES - 4))


def test_unjudged_theme_of_a_judged_line(tmp_path: Path):
    """On a line judged for one theme only, the other theme is not counted."""
    half = [
        line | {"considered": ["mediation"], "themes": ["mediation"] * ("mediation" in line["themes"])}
        for line in rows()
    ]
    pairs = pair(read_rows(folder(tmp_path / "a", rows())), read_rows(folder(tmp_path / "b", half)))
    assert pairs.themes == ("mediation",)
    assert judge("a", pairs).difference == 0


def test_a_theme_more(tmp_path: Path):
    """Only themes that both models know are compared."""
    new = [
        line | {"considered": [*THEMES, "prisons"], "probabilities": line["probabilities"] | {"prisons": 0.9}}
        for line in rows()
    ]
    verdict = compare(
        folder(tmp_path / "a", rows()), folder(tmp_path / "b", new, dict.fromkeys((*THEMES, "prisons"), 0.5))
    )
    assert [theme.theme for theme in verdict.themes] == list(THEMES)
    assert verdict.difference == 0


def test_thresholds_are_each_model_s_own(tmp_path: Path):
    """Probabilities are cut where their own model cuts them."""
    strict = dict.fromkeys(THEMES, 0.95)
    verdict = compare(folder(tmp_path / "a", rows(), strict), folder(tmp_path / "b", rows()))
    assert all((theme.before, theme.after) == (0, 1) for theme in verdict.themes)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda rows_file: rows_file.unlink(), "cannot read it"),
        (lambda rows_file: rows_file.write_bytes(b""), "it has no rows"),
        (lambda rows_file: rows_file.write_bytes(b"{"), "line 1: not JSON"),
        (lambda rows_file: rows_file.write_bytes(b"[]\n"), "line 1: not a row with text hash and probabilities"),
        (
            lambda rows_file: rows_file.write_bytes(orjson.dumps(row(0, 0, (), ()) | {"probabilities": {}})),
            "line 1: not a row",
        ),
        (
            lambda rows_file: rows_file.write_bytes(orjson.dumps(row(0, 0, (), ()) | {"text_sha256": 7})),
            "line 1: not a row",
        ),
        (
            lambda rows_file: rows_file.write_bytes(orjson.dumps(row(0, 0, (), ()) | {"considered": 7})),
            "line 1: not a row",
        ),
        (lambda rows_file: (rows_file.parent / "manifest.json").write_bytes(b"{}"), "not a model's manifest"),
        (
            lambda rows_file: (rows_file.parent / "manifest.json").write_bytes(
                b'{"format": %d, "version": "a"}' % FORMAT
            ),
            "its manifest has no thresholds",
        ),
        (
            lambda rows_file: (rows_file.parent / "manifest.json").write_bytes(
                b'{"format": %d, "version": "a", "thresholds": {"security": []}}' % FORMAT
            ),
            "its manifest has no thresholds",
        ),
    ],
)
def test_a_damaged_model(tmp_path: Path, spoil, message: str):
    """Of an old model, damage or an older kind means not comparable; of the new one it is an error that says where."""
    old, new = folder(tmp_path / "a", rows()), folder(tmp_path / "b", rows())
    spoil(old / "oof.jsonl")
    verdict = compare(old, new)
    assert (verdict.worse, verdict.lines) == (False, 0)
    assert message in verdict.note
    with pytest.raises(UserError, match=message):
        compare(new, old)


marks = st.lists(st.tuples(*(st.booleans() for _ in range(6)), st.integers(0, 6)), min_size=1, max_size=40)


@settings(max_examples=20)
@given(marks)
def test_turned_round(drawn: list[tuple]):
    """Exchanging the models turns the difference and its interval round; the same again gives the same again."""
    table = np.array([line[:6] for line in drawn], dtype=np.bool_)
    report = np.concatenate([np.array([line[6] for line in drawn]), np.arange(LEAST_REPORTS)])
    table = np.vstack([table, np.ones((LEAST_REPORTS, 6), dtype=np.bool_)])
    _, report = np.unique(report, return_inverse=True)
    labels, before, after = table[:, :2], table[:, 2:4], table[:, 4:]
    judged = np.ones_like(labels)
    pairs = Pairs(THEMES, np.arange(len(table)), report, labels, judged, before, after)
    turned = Pairs(THEMES, np.arange(len(table)), report, labels, judged, after, before)
    there, back = judge("a", pairs), judge("a", turned)
    assert there == judge("a", pairs)
    assert (there.difference, there.low, there.high) == pytest.approx((-back.difference, -back.high, -back.low))
    assert (there.fixed, there.broken) == (back.broken, back.fixed)
    assert not (there.worse and back.worse)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 3)), max_size=30))
def test_counts_give_the_same_f1(drawn: list[tuple[bool, bool, int]]):
    """F1 from counts per report is F1 from the rows, and a single report is drawn as it is."""
    wanted, given_, report = (np.array([line[part] for line in drawn]) for part in range(3))
    wanted, given_ = wanted.astype(np.bool_).reshape(-1, 1), given_.astype(np.bool_).reshape(-1, 1)
    counts = counts_by_report(report.astype(np.int64), wanted, given_)
    assert f1_of(counts.sum(axis=0)).tolist() == f1_scores(wanted, given_).tolist()
    alone = counts_by_report(np.zeros(len(report), dtype=np.int64), wanted, given_)
    assert set(resampled_f1(alone).ravel().tolist()) == set(f1_scores(wanted, given_).tolist())
