"""What the role model learns from besides the corpus as it is."""

from dataclasses import replace

from labels.corpus import CorpusLine, CorpusReport
from model.roles import predict_roles
from train.roles import LEAST_WORN, WORN, fit_roles, worn
from train.stack import clean_report


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
