"""What the role model learns from besides the corpus as it is."""

from dataclasses import replace
from itertools import pairwise

import pytest

from labels.corpus import COPIES, CorpusLine, CorpusReport, load_corpus
from labels.scheme import Scheme
from model.roles import RoleModel, predict_roles
from train.roles import LEAST_WORN, WORN, fit_roles, furnish, worn
from train.stack import clean_report


@pytest.fixture(scope="module")
def copies(scheme: Scheme) -> list[CorpusReport]:
    return load_corpus(COPIES, scheme=scheme)


def test_worn_copies_change_ends_alone(small_corpus: list[CorpusReport]):
    """Roles and words stay; a body paragraph loses or changes its stop only if it is long."""
    changed = dict.fromkeys(WORN, 0)
    for report in small_corpus:
        copy = worn(report)
        assert copy == worn(report)
        for line, other in zip(report.lines, copy.lines, strict=True):
            assert (line.role, line.themes) == (other.role, other.themes)
            if line.text != other.text:
                changed[line.role] += 1
                assert line.text.rstrip("。") == other.text.rstrip("。；，：")
                assert line.role != "body" or len(line.text) > LEAST_WORN
    assert all(changed.values())


def test_roles_do_not_hang_on_full_stops(small_corpus: list[CorpusReport]):
    """Of long paragraphs that end in a semicolon, as lists have them, hardly one is taken for anything else."""
    learned, asked = small_corpus[::2], small_corpus[1::2]
    model = fit_roles(learned)
    right = wrong = 0
    for report in asked:
        listed = replace(report, lines=tuple(map(as_item, report.lines)))
        for role, line, item in zip(
            predict_roles(clean_report(listed), model), report.lines, listed.lines, strict=True
        ):
            if line != item:
                right, wrong = right + (role == "body"), wrong + (role != "body")
    assert right > 20 * wrong


def as_item(line: CorpusLine) -> CorpusLine:
    long = line.role == "body" and len(line.text) >= LEAST_WORN
    return replace(line, text=line.text.rstrip("。") + "；") if long else line


def test_in_the_furniture_of_a_copy_a_report_is_whole(small_corpus: list[CorpusReport], copies: list[CorpusReport]):
    """All of the report's own lines and all furniture of the copy are there, each in its order, and mixed."""
    mixed = 0
    for report, copy in zip(small_corpus, copies, strict=False):
        lines = furnish(report, copy).lines
        assert [line for line in lines if line.role != "boilerplate"] == own(report)
        assert [line for line in lines if line.role == "boilerplate"] == furniture(copy)
        is_furniture = [line.role == "boilerplate" for line in lines]
        changes = sum(one != two for one, two in pairwise(is_furniture))
        mixed += changes > 2
    assert mixed > 10


def own(report: CorpusReport) -> list[CorpusLine]:
    return [line for line in report.lines if line.role != "boilerplate"]


def furniture(report: CorpusReport) -> list[CorpusLine]:
    return [line for line in report.lines if line.role == "boilerplate"]


def test_copies_teach_furniture(small_corpus: list[CorpusReport], copies: list[CorpusReport]):
    """With half of the copies learned a fifth more of the lines of the others get their roles than without."""
    learned, asked = copies[::2], copies[1::2]
    before, after = fit_roles(small_corpus), fit_roles(small_corpus, learned)
    assert right(after, asked) > 1.2 * right(before, asked)


def right(model: RoleModel, reports: list[CorpusReport]) -> int:
    found = ((predict_roles(clean_report(report), model), report.lines) for report in reports)
    return sum(role == line.role for roles, lines in found for role, line in zip(roles, lines, strict=True))
