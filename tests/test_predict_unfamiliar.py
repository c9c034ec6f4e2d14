"""A report from outside what the model was trained on says so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from predict.tagger import Tagger

TEXT = "{}年全市政法工作总结\n全市打掉涉黑涉恶团伙3个，人民调解成功率98%。\n"


@pytest.fixture
def tagger(small_tagger: Tagger) -> Tagger:
    return Tagger(replace(small_tagger.model, manifest={**small_tagger.model.manifest, "years": [2012, 2025]}))


@pytest.mark.parametrize(("year", "count"), [(2011, 1), (2012, 0), (2025, 0), (2031, 1)])
def test_years_outside_training(tagger: Tagger, year: int, count: int):
    """The warning names the report's year and those of the corpus; within them there is none."""
    report = tagger.annotate(TEXT.format(year))
    assert report.row.meta["year"] == year
    assert len(report.row.warnings) == count
    assert all(f"{year} is outside" in warning and "2012-2025" in warning for warning in report.row.warnings)


def test_a_theme_without_labels(tagger: Tagger):
    """Every report says which themes the model has not learned from labels."""
    themes = replace(tagger.model.themes, learned=np.array([True, False, True, True]))
    unlearned = Tagger(replace(tagger.model, themes=themes))
    (warning,) = unlearned.annotate(TEXT.format(2020)).row.warnings
    assert "theme security has too few labels" in warning
