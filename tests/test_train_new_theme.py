"""A theme without labels, or with few, is tagged usefully from its terms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from labels.corpus import CorpusReport, load_corpus
from labels.scheme import Scheme
from train.new_theme import hide_themes

DEVELOPMENT = Path(__file__).parent.parent / "labels" / "development"


@pytest.mark.slow
def test_a_new_theme_is_usable_at_once(corpus: list[CorpusReport], scheme: Scheme):
    """Every theme's labels hidden in turn: on lines of the corpus, the hardest, macro-F1 is 0.65 and more with 20 terms
    and 0.7 with 50 labelled lines, on reports of another hand 0.75 and 0.8."""
    found = list(hide_themes(corpus[::3], load_corpus(DEVELOPMENT, scheme=scheme), scheme, 50))
    assert [without.theme for without, _ in found] == list(scheme.ids)
    for column, labelled, on_corpus, on_others in ((0, 0, 0.65, 0.75), (1, 50, 0.7, 0.8)):
        trials = [pair[column] for pair in found]
        assert {trial.labelled for trial in trials} == {labelled}
        assert np.mean([trial.hidden for trial in trials]) >= on_corpus
        assert np.mean([trial.others for trial in trials]) >= on_others
