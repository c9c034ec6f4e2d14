"""The registry of formats."""

from __future__ import annotations

from pathlib import Path

import pytest

from labels.errors import UserError
from labels.scheme import load_scheme
from predict.formats import Legend, format_names, load_format, name_for, write_reports
from tests.stand_in import stand_in_report


@pytest.mark.parametrize("name", format_names())
def test_every_format_can_be_loaded(name: str):
    """A name in the registry leads to a file with a format in it."""
    assert callable(load_format(name).write)


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("a.jsonl", "jsonl"),
        ("a.NDJSON", "jsonl"),
        ("a.csv", "csv"),
        ("x/a.htm", "html"),
        ("a", None),
        ("2018.05", None),
    ],
)
def test_the_suffix_means_the_format(target: str, name: str | None):
    """Known suffixes in any case; every other name is a folder's."""
    assert name_for(Path(target)) == name


def test_unknown_names_are_told_the_nearest():
    """A slip in a format's name or in a suffix is answered with what was meant."""
    with pytest.raises(UserError, match=r'format "htlm" is unknown; did you mean html\?'):
        load_format("htlm")
    with pytest.raises(UserError, match=r"all\.json: suffix \.json is unknown; did you mean \.jsonl\?"):
        write_reports([], Path("all.json"), Legend(load_scheme()))


def test_reports_are_taken_one_by_one(tmp_path: Path):
    """A writer asks for a report only when the one before is written: an endless archive needs no memory."""
    asked = []

    def reports():
        for number in range(3):
            asked.append(number)
            yield stand_in_report("开展扫黑除恶。", f"{number}.txt")

    source = reports()
    write_reports(source, tmp_path / "a.jsonl", Legend(load_scheme()))
    assert asked == [0, 1, 2]
