"""Comparing reports: cells, intervals, words that set apart, what is new."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest

from labels.scheme import load_scheme
from model.rollup import Share
from predict.compare import Comparison, Member, When, change, compare, strongest, together
from predict.compare_input import Members
from predict.compare_new import new_in_places, news
from predict.compare_words import WordScore, log_odds, set_apart
from tests.stand_in import stand_in_report

SCHEME = load_scheme()
POLICE = "开展扫黑除恶专项斗争，破获盗窃案件，巡逻防控。公安机关巡逻，夜间巡逻加密。\n"
QUARRELS = "人民调解进网格，调解员化解邻里纠纷。调解成功率上升，调解协议履行。\n"
QUIET = "天气晴好，山河壮丽，百姓安居。\n"


def comparison(texts: Mapping[tuple[str | None, int | None, str], str]) -> Comparison:
    """A comparison of reports by place, year and period."""
    members = Members(SCHEME)
    found = []
    for (place, year, period), text in texts.items():
        given = {"place": place, "year": str(year) if year else None, "period": period}
        metadata = {key: value for key, value in given.items() if value}
        found.append(members.of_report(stand_in_report(text, f"{place}-{year}-{period}.txt", metadata)))
    return compare(found, SCHEME, members.vocabulary.listed, members.models)


def test_reports_fall_into_cells_of_place_and_time():
    """Half years and years stay apart, in their order; a place unknown is called by its report."""
    found = comparison({
        ("云江市", 2020, "H1"): POLICE,
        ("云江市", 2020, "year"): POLICE,
        ("云江市", 2019, "year"): POLICE,
        (None, None, "year"): QUARRELS,
    })  # fmt: skip
    assert [when.names[0] for when in found.spans] == ["2019年", "2020年", "2020年上半年", "年份不明"]
    assert found.places == ("None-None-year.txt", "云江市")
    assert found.models == ("themes-standin",)


def test_what_has_no_text_is_missing():
    """A report without body text is no row of zeros."""
    found = comparison({("云江市", 2019, "year"): POLICE, ("云江市", 2020, "year"): "云江市工作总结"})
    assert [cell.when.year for cell in found.cells] == [2019]


def test_several_reports_of_a_cell_are_weighted_by_their_text():
    """A share is that of all text together; its interval is narrower than that of either report."""
    wide = {"security": Share(0.2, 0.0, 0.4)}
    members = [Member("a", "云江", When.of(2020, None), wide, ()), Member("b", "云江", When.of(2020, None), wide, ())]
    texts = (stand_in_report("平" * 29 + "。"), stand_in_report("安" * 89 + "。"))
    built = [Members(SCHEME).of_report(report) for report in texts]
    first, second = (
        Member(one.report, one.place, one.when, shares, two.paragraphs)
        for one, two, shares in zip(members, built, (wide, {"security": Share(0.6, 0.4, 0.8)}), strict=True)
    )
    share = together([first, second])["security"]
    assert share.share == pytest.approx(0.25 * 0.2 + 0.75 * 0.6)
    assert share.high - share.low == pytest.approx(math.hypot(0.25 * 0.4, 0.75 * 0.4), abs=2e-4)


def test_a_change_has_the_uncertainty_of_both():
    """The error of a difference is the root of the sum of squares."""
    moved = change(Share(0.5, 0.4, 0.6), Share(0.3, 0.2, 0.4))
    assert moved.share == pytest.approx(0.2)
    assert moved.high - moved.low == pytest.approx(math.sqrt(2) * 0.2, abs=1e-3)


def test_log_odds_are_those_of_the_paper():
    """Equations 16 and 20 to 22 of Monroe et al., worked out term by term."""
    group, rest, prior = np.array([30, 10, 60]), np.array([10, 40, 50]), np.array([4.0, 5.0, 11.0])
    ratio, error = log_odds(group, rest, prior)
    ours, theirs = (30 + 4) / (100 + 20 - 30 - 4), (10 + 4) / (100 + 20 - 10 - 4)
    assert ratio[0] == pytest.approx(math.log(ours) - math.log(theirs))
    assert error[0] == pytest.approx(math.sqrt(1 / 34 + 1 / 14))


def test_words_set_a_theme_apart():
    """The words of a theme are those of its paragraphs, with how often, in how many places, and a sound interval."""
    texts = {(place, 2020, "year"): (POLICE + QUARRELS) * 3 for place in ("云江市", "澜阳市", "龙硐县")}
    found = {(group.by, group.key): group.words for group in set_apart(comparison(texts))}
    police = {word.word: word for word in found["theme", "security"]}
    quarrels = {word.word for word in found["theme", "mediation"]}
    assert "巡逻" in police
    assert "网格" in quarrels
    assert not set(police) & quarrels
    assert (police["巡逻"].count, police["巡逻"].places) == (27, 3)
    assert all(word.low > 0 and word.low < word.log_odds < word.high for word in police.values())
    assert list(police) == [word.word for word in sorted(police.values(), key=lambda word: -word.z)]


def test_a_place_is_not_set_apart_by_its_own_name():
    """A place's name among its words would say nothing."""
    texts = {("云江市", 2020, "year"): ("云江巡逻。" * 9) + POLICE, ("澜阳市", 2020, "year"): QUARRELS * 4}
    groups = [group for group in set_apart(comparison(texts)) if group.by == "place"]
    words: list[WordScore] = [word for group in groups for word in group.words]
    assert words
    assert not [word for word in words if word.word in "云江市澜阳市"]


def test_what_is_new_is_new_against_the_year_before():
    """Words that were not there, paragraphs unlike all others, shares that moved; only where there is a year before."""
    texts = {
        ("云江市", 2019, "year"): POLICE * 3,
        ("云江市", 2020, "year"): POLICE + QUARRELS * 2,
        ("澜阳市", 2019, "year"): POLICE,
        ("澜阳市", 2020, "year"): POLICE + QUARRELS * 2,
        ("澜阳市", 2022, "year"): POLICE,
    }
    found = news(comparison(texts))
    assert [(one.cell.place, one.cell.when.year) for one in found] == [("云江市", 2020), ("澜阳市", 2020)]
    assert "网格" in {word.word for word in found[0].words}
    assert "巡逻" not in {word.word for word in found[0].words}
    assert {new.paragraph.text for new in found[0].paragraphs} == {QUARRELS.strip()}
    assert found[0].changes["mediation"].share > 0 > found[0].changes["security"].share
    assert dict(new_in_places(found)[When.of(2020, "year")])["网格"] == 2


def test_the_strongest_paragraphs_are_not_all_of_one_place():
    """At most two paragraphs of a place stand among the strongest, the most probable first."""
    texts = {("云江市", 2020, "year"): POLICE * 5, ("澜阳市", 2020, "year"): "开展扫黑除恶。"}
    found = strongest(comparison(texts), "security")
    assert [cell.place for cell, _ in found] == ["云江市", "云江市", "澜阳市"]
    scores = [paragraph.themes["security"] for _, paragraph in found]
    assert scores == sorted(scores, reverse=True)
