"""Ablation: the full variant is our model, and every other variant lacks what it says it lacks."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from labels.scheme import Scheme
from model.context import DRAFT_FEATURES, FEATURES
from model.features import OTHER, Ints, classes
from train.ablation import _body_themes, _fit_all, _rows, ablate, chosen_variants
from train.baselines import compare, known_systems
from train.comparison import ablation_table
from train.stack import Examples, Stack, stack_reports
from train.systems import OurModel
from train.trials import Fold, Trial, corpus_trials
from train.variants import (
    VARIANTS,
    _changed,
    whole_paragraphs,
    whole_sentences,
    with_triples,
    with_word_pairs,
    without_pairs,
    without_rationales,
    without_terms,
)

METHOD = Path(__file__).parent.parent / "docs" / "method.md"


@pytest.fixture(scope="module")
def trial(small_stack: Stack, scheme: Scheme) -> Trial:
    """Slices held out, the first group of them only."""
    return replace(corpus_trials(small_stack, scheme.ids)[1], folds=corpus_trials(small_stack, scheme.ids)[1].folds[:1])


def test_full_is_our_model(trial: Trial, small_stack: Stack, scheme: Scheme):
    """The first row of the ablation has exactly the figures of our model among the baselines."""
    every = np.ones(len(small_stack.documents), dtype=np.bool_)
    other = Trial("other", "other", scheme.ids, small_stack, replace(small_stack), (Fold(every, every),))
    full = ablate(lambda _: [trial, other], chosen_variants(["full"]), scheme, 1, print)
    ours = compare([trial, other], [OurModel(scheme, jobs=1)], print)
    for mine, theirs in zip(full, ours, strict=True):
        assert mine.scores is not None
        assert theirs.scores is not None
        assert np.array_equal(mine.scores.values, theirs.scores.values)


def test_variants_lack_known_features():
    """What a variant is without is a feature of the second stage, and no two rows have one name."""
    assert {name for variant in VARIANTS for name in variant.without} <= set(FEATURES)
    assert len({variant.name for variant in VARIANTS}) == len(VARIANTS)


@pytest.mark.parametrize("variant", [variant for variant in VARIANTS if variant.without], ids=lambda each: each.name)
def test_what_a_variant_lacks_has_no_say(rows, variant):
    """Any values in the features that a variant is without leave its decisions as they are."""
    lacking = [DRAFT_FEATURES.index(name) for name in variant.without if name in DRAFT_FEATURES]
    noise = np.random.default_rng(0)
    features, asked = rows.learn.features.copy(), rows.asked.copy()
    features[:, :, lacking] = noise.normal(size=features[:, :, lacking].shape)
    asked[:, :, lacking] = noise.normal(size=asked[:, :, lacking].shape)
    found = _body_themes(rows, variant.without)
    assert found.any()
    other = replace(rows, learn=replace(rows.learn, features=features), asked=asked)
    assert np.array_equal(_body_themes(other, variant.without), found)


@pytest.fixture(scope="module")
def rows(trial: Trial, scheme: Scheme):
    """What second stages of the trial's fold learn from."""
    return _rows(trial, trial.folds[0], VARIANTS[0], _fit_all([trial], VARIANTS[:1], scheme, 1, print))


def test_second_stage_rows_are_out_of_fold(rows, trial: Trial):
    """All themed paragraphs that may be learned from, each once, and none of the reports asked about."""
    examples, fold = trial.learn.examples, trial.folds[0]
    assert len(rows.learn.labels) == (examples.themed & fold.learn[examples.report_of]).sum()
    assert len(np.unique(rows.paragraph[rows.frame.body])) == len(trial.body)


def test_restacking_changes_nothing_by_itself(small_stack: Stack):
    """A stack with the same passages is the same stack, so that a variant differs by its change only."""
    again = _changed(small_stack, lambda passages: passages).examples
    for field in fields(again):
        mine, theirs = getattr(again, field.name), getattr(small_stack.examples, field.name)
        same = (mine != theirs).nnz == 0 if field.name in ("counts", "sums") else np.array_equal(mine, theirs)
        assert same, field.name


def test_whole_paragraphs_are_one_sentence(small_corpus, scheme: Scheme):
    """The matrices of sentences are those of paragraphs, and everything of a passage is counted by paragraph."""
    stack = whole_paragraphs(small_corpus[:4], scheme)
    examples = stack.examples
    assert (examples.counts != examples.sums).nnz == 0
    assert np.array_equal(examples.sentence_dense, examples.line_dense)
    for document in stack.documents:
        assert document.passages.first_sentence.tolist() == list(range(len(document.lines)))


def test_whole_sentences_end_at_no_comma(small_corpus, scheme: Scheme):
    """Of the ends of sentences those behind commas are gone; no text and no mark is lost."""
    plain, whole = (read(small_corpus[:4], scheme) for read in (stack_reports, whole_sentences))
    for before, after in zip(plain.documents, whole.documents, strict=True):
        text, old, new = before.passages.clean.text, before.passages.sentence_start, after.passages.sentence_start
        assert [start for start in old.tolist() if text[start - 1 : start] != ","] == new.tolist()
    assert whole.examples.counts.shape[0] < plain.examples.counts.shape[0]
    assert (whole.examples.sums != plain.examples.sums).nnz == 0
    marks = [
        np.logical_or.reduceat(one.rationale, starts_of_paragraphs(one)) for one in (plain.examples, whole.examples)
    ]
    assert marks[0].any()
    assert np.array_equal(*marks)


def starts_of_paragraphs(examples: Examples) -> Ints:
    return np.flatnonzero(np.diff(examples.paragraph_of, prepend=-1))


def test_without_rationales_nothing_is_explained(small_corpus, scheme: Scheme):
    """The labels are the same, and nobody marked any passage."""
    plain, bare = (read(small_corpus[:4], scheme).examples for read in (stack_reports, without_rationales))
    assert plain.explained.any()
    assert not bare.explained.any()
    assert not bare.rationale.any()
    assert np.array_equal(bare.labels, plain.labels)


@pytest.mark.parametrize("read", [without_pairs, with_triples, with_word_pairs], ids=lambda read: read.__name__)
def test_features_come_and_go(small_corpus, scheme: Scheme, read):
    """Fewer or more occurrences, all of them inside one sentence and without punctuation at their ends."""
    plain, changed = (reader(small_corpus[:4], scheme) for reader in (stack_reports, read))
    assert (changed.examples.sums.sum() < plain.examples.sums.sum()) == (read is without_pairs)
    for document in changed.documents:
        passages, found = document.passages, document.passages.occurrences
        kinds = classes()[passages.clean.codes]
        assert (kinds[found.start] != OTHER).all()
        assert (kinds[found.end - 1] != OTHER).all()
        assert (passages.sentence_start[passages.sentence_of] <= found.start).all()
        assert (passages.sentence_start[passages.sentence_of + 1] >= found.end).all()


def test_without_terms_there_are_none(small_corpus, scheme: Scheme):
    """No document has a term, and the columns of terms are empty."""
    stack = without_terms(small_corpus[:4], scheme)
    assert not any(len(document.passages.terms.theme) for document in stack.documents)
    assert not stack.examples.line_dense[:, : len(scheme.ids)].any()


def test_table_marks_what_differs(trial: Trial, scheme: Scheme):
    """A row a variant, the full model first; a star where the difference to it is sure."""
    entries = ablate(lambda _: [trial], chosen_variants(["sentence-only", "draft-only"]), scheme, 1, print)
    table = ablation_table(entries).splitlines()
    assert [line.split()[0] for line in table[:4]] == ["variant", "full", "draft-only", "sentence-only"]
    assert not table[1].endswith("*")


def test_method_names_every_row(scheme: Scheme):
    """docs/method.md has a row for every variant and every system, so that the tables there cannot drift."""
    text = METHOD.read_text("utf-8")
    for name in [*(variant.name for variant in VARIANTS), *(system.name for system in known_systems(scheme))]:
        assert f"| {name} |" in text, name
