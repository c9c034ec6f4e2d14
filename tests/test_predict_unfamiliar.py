"""A report from outside what the model was trained on says so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from predict.tagger import Tagger

TEXT = """\
云岭市{}年政法工作综述
来源：云岭长安网
今年以来，全市政法机关紧紧围绕中心任务，依法履行职责，各项工作取得了新的进展，群众安全感持续上升。
一、平安建设扎实推进
全市打掉涉黑涉恶团伙3个，刑事案件同比下降12%，八类严重刑事案件全部侦破，命案连续三年发一破一。
二、矛盾化解成效明显
人民调解组织排查矛盾纠纷一百二十件，人民调解员上门调处，调解成功率98%，信访积案化解九成以上。
"""


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
