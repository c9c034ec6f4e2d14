"""The role model: its arrays come back, wrong ones are named, and every paragraph gets one of the six roles."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels.corpus import CorpusReport
from labels.errors import UserError
from labels.roles import ROLES
from model.clean import clean_paragraphs
from model.folder import load_model
from model.forest import Forest
from model.looks import _FORMS, _LABEL, _forms
from model.paragraphs import split_paragraphs
from model.roles import _SHAPES, RoleModel, predict_roles
from train.stack import clean_report


@pytest.fixture(scope="module")
def model(small_model: Path) -> RoleModel:
    return load_model(small_model).roles


def test_arrays_come_back(model: RoleModel):
    """A model made of its own arrays is the same model."""
    again = RoleModel.from_arrays(model.arrays()).arrays()
    assert list(again) == list(model.arrays())
    assert all(np.array_equal(again[name], array) for name, array in model.arrays().items())


def test_every_array_is_wanted(model: RoleModel):
    """Whichever array is missing, misshapen, of whole numbers or not finite, it is named."""
    for name in _SHAPES:
        array = model.arrays()[name]
        others = {key: value for key, value in model.arrays().items() if key != name}
        assert failure(others) == f"array roles.{name} is missing"
        for wrong in (array[:-1], array.astype(np.int64), np.full_like(array, np.nan)):
            message = failure({**others, name: wrong})
            assert message.startswith(f"array roles.{name} is {wrong.dtype}{wrong.shape}; finite floats ")


def failure(arrays: dict[str, np.ndarray[Any, Any]]) -> str:
    with pytest.raises(UserError) as caught:
        RoleModel.from_arrays(arrays)
    return str(caught.value)


@pytest.mark.parametrize(
    ("shares", "role"),
    [
        ({"caption": 0.6, "body": 0.4}, "body"),
        ({"caption": 0.7, "body": 0.3}, "caption"),
        ({"boilerplate": 0.5, "byline": 0.3, "heading": 0.2}, "boilerplate"),
        ({"heading": 0.6, "body": 0.4}, "heading"),
    ],
)
def test_the_forest_decides_what_the_passes_do_not(model: RoleModel, shares: dict[str, float], role: str):
    """Where they say nothing, its shares do; taking the report's own text for furniture costs twice the opposite."""
    share = np.array([[shares.get(name, 0) for name in ROLES]], dtype=np.float32)
    leaf = np.array([-1], dtype=np.int16)
    nothing = np.zeros(1, dtype=np.int32)
    forest = Forest(nothing, leaf, np.zeros(1), np.zeros((1, 2), dtype=np.int32), share)
    silent = replace(
        model,
        second_weights=np.zeros_like(model.second_weights),
        second_bias=np.zeros_like(model.second_bias),
        forest=forest,
    )
    clean = clean_paragraphs("平安建设\n调解纠纷3件。", split_paragraphs("平安建设\n调解纠纷3件。"))
    assert predict_roles(clean, silent) == [role, role]


def test_roles_of_reports_it_did_not_see(
    model: RoleModel, corpus: list[CorpusReport], small_corpus: list[CorpusReport]
):
    """Most lines of reports that were not learned from get their role; every one gets some."""
    seen = {report.name for report in small_corpus}
    right = []
    for report in [report for report in corpus if report.name not in seen][::5]:
        roles = predict_roles(clean_report(report), model)
        right += [role == line.role for role, line in zip(roles, report.lines, strict=True)]
    assert sum(right) / len(right) > 0.85


def test_a_paragraph_by_itself_is_body(model: RoleModel, corpus: list[CorpusReport]):
    """Tables hold records of one paragraph: without a page around it prose is known for what it is. Only what is
    short (a form of address, a question of an interviewer) looks like a title then."""
    texts = [
        line.text for report in corpus[::20] for line in report.lines if line.role == "body" and len(line.text) > 40
    ]
    alone = [predict_roles(clean_paragraphs(text, split_paragraphs(text)), model) for text in texts]
    assert alone.count(["body"]) > 0.985 * len(texts)


@given(st.lists(st.text("平安，。一二、（）1a　 \u200b·●—", min_size=1, max_size=12), min_size=1, max_size=30))
def test_any_page_has_roles(model: RoleModel, lines: list[str]):
    """Every paragraph of any page has one role, the same each time."""
    text = "\n".join(lines)
    paragraphs = split_paragraphs(text)
    if paragraphs:
        clean = clean_paragraphs(text, paragraphs)
        roles = predict_roles(clean, model)
        assert len(roles) == len(paragraphs)
        assert set(roles) <= set(ROLES)
        assert predict_roles(clean, model) == roles


@settings(max_examples=300)
@given(
    st.lists(st.text("第一十部、.。(（)）0123年-—·●【〔<《:|平安 a", min_size=1, max_size=9), min_size=1, max_size=9)
)
def test_forms_are_those_of_the_patterns(lines: list[str]):
    """Paragraphs whose beginning rules all forms out are not matched, and none is missed by that."""
    clean = clean_paragraphs("\n".join(lines), split_paragraphs("\n".join(lines)))
    starts = clean.bounds[:-1].tolist()
    patterns = [*(form for _, form in _FORMS), _LABEL]
    assert _forms(clean).tolist() == [
        [pattern.match(clean.text, start) is not None for pattern in patterns] for start in starts
    ]
