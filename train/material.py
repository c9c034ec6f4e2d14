"""What a comparison is measured on: the corpus, and reports that nothing is learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from labels.corpus import CorpusReport, load_corpus
from labels.errors import UserError
from labels.scheme import Scheme
from train.gold import load_gold
from train.trials import Trial, corpus_trials, gold_as_corpus, other_trial
from train.variants import Reader


@dataclass(frozen=True, slots=True)
class Material:
    """The labelled corpus, and by title other labelled reports."""

    scheme: Scheme
    corpus: Sequence[CorpusReport]
    others: dict[str, Sequence[CorpusReport]]

    def trials(self, read: Reader) -> list[Trial]:
        """All trials on the reports as `read` reads them; raises UserError where there are none."""
        ids, learn = self.scheme.ids, read(self.corpus, self.scheme)
        trials = corpus_trials(learn, ids)
        for title, reports in self.others.items():
            trials.append(other_trial(title, title, ids, learn, read(reports, self.scheme)))
        if not trials:
            raise UserError(f"{len(self.corpus)} labelled reports are too few to split; give more, or --gold")
        return trials


def load_material(
    scheme: Scheme, corpus: Path | None, gold: Path | None, reports: Path | None, labelled: Sequence[Path]
) -> Material:
    """Read the corpus (the bundled one by default), gold labels with the texts in `reports`, and labelled folders."""
    if reports is not None and gold is None:
        raise UserError("--reports are the texts of gold labels; give --gold DIR, too")
    others: dict[str, Sequence[CorpusReport]] = {}
    if gold is not None:
        others["金标准 / gold"] = gold_as_corpus(load_gold(gold, reports, scheme), scheme)
    for folder in labelled:
        others[str(folder)] = load_corpus(folder, scheme=scheme)
    return Material(scheme, load_corpus(corpus, scheme=scheme), others)
