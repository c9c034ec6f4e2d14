"""A short run of the fuzzer over every target, the same each time."""

from __future__ import annotations

import random

import pytest

from predict.tagger import Tagger
from tests.fuzz import mutated
from tests.fuzz_targets import Target, targets

INPUTS = {"bytes": 40, "text": 40, "xlsx": 30}
EVERY = (
    *("source", "bytes", "text", "manifest", "arrays", "queue", "decisions", "label_studio", "doccano", "doccano_zip"),
    *("queue_rows", "decisions_rows", "label_studio_rows", "doccano_rows", "corpus_rows", "table_jsonl_rows"),
    *("html", "html_tags", "mhtml", "markdown", "docx", "docx_tags", "pdf", "zip"),
    *("csv", "xlsx", "corpus", "themes", "metadata", "table_csv", "table_tsv", "table_jsonl"),
)


@pytest.fixture(scope="module")
def fuzzed(small_tagger: Tagger, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Target]:
    return targets(small_tagger, tmp_path_factory.mktemp("fuzz"))


@pytest.mark.parametrize("name", EVERY)
def test_only_user_errors(fuzzed: dict[str, Target], name: str):
    """Whatever bytes come, a reader gives a valid result or a UserError."""
    target, chance = fuzzed[name], random.Random(name)
    for seed in target.seeds:
        target(seed)
    for _ in range(INPUTS.get(name, 120)):
        target(mutated(chance.choice(target.seeds), chance))


def test_every_target_has_its_short_run(fuzzed: dict[str, Target]):
    """No target is left out of the short run."""
    assert set(fuzzed) == set(EVERY)
