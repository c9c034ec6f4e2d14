"""The tables that `zhengfa labels stats` and `errors` print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from labels.corpus import CorpusLine, CorpusReport
from labels.roles import ROLE_NAMES_ZH
from labels.scheme import Scheme, Theme
from labels.statistics import Statistics
from labels.suspects import Suspect
from labels.tables import aligned

_MOST_TERMS = 4


def statistics_table(whole: Statistics, slices: Sequence[Statistics], scheme: Scheme) -> str:
    """All counts: a row a slice and one for the whole, then the roles, the themes and the coders."""
    head = ["分片 slice", "篇 reports", "段 lines", "正文 body", "小标题 headings", *scheme.ids]
    head += ["无主题 none", "多主题 several", "正文字数 characters"]
    rows = [_statistics_row(one) for one in slices]
    parts = [aligned([head, *rows, _statistics_row(whole)]), _roles(whole), _judged(whole, scheme), _coders(whole)]
    return "\n\n".join(parts)


def suspects_table(
    suspects: Sequence[Suspect],
    shown: int,
    reports: Mapping[str, CorpusReport],
    thresholds: Mapping[str, float],
    scheme: Scheme,
) -> Iterator[str]:
    """Blocks of text: first how many labels are probably wrong, then the `shown` first ones with the model's reason."""
    yield aligned(list(_estimates(suspects, scheme)))
    for number, suspect in enumerate(suspects[:shown], 1):
        yield "\n".join(_suspect(number, suspect, reports[suspect.row.report], thresholds, scheme))


def _statistics_row(one: Statistics) -> list[str]:
    counts = [one.reports, one.lines, one.roles["body"], one.roles["heading"]]
    counts += [*(theme.present for theme in one.themes), one.none, one.several]
    return [one.name, *map(str, counts), f"{one.letters[0]} / {one.letters[1]:.0f} / {one.letters[2]}"]


def _roles(one: Statistics) -> str:
    return aligned(
        [["角色 role", "段 lines"], *([f"{ROLE_NAMES_ZH[role]} {role}", str(n)] for role, n in one.roles.items())]
    )


def _judged(one: Statistics, scheme: Scheme) -> str:
    names = [theme.name_zh for theme in scheme.themes]
    rows = (
        [f"{name} {count.theme}", str(count.present), str(count.absent), str(count.not_judged)]
        for name, count in zip(names, one.themes, strict=True)
    )
    return aligned([["主题 theme", "有 present", "无 absent", "未判 not judged"], *rows])


def _coders(one: Statistics) -> str:
    return aligned([["标注者 by", "段 lines"], *([by or "–", str(lines)] for by, lines in one.by.items())])


def _estimates(suspects: Sequence[Suspect], scheme: Scheme) -> Iterator[list[str]]:
    judged = Counter((one.theme, one.labelled) for one in suspects)
    wrong = Counter((one.theme, one.labelled) for one in suspects if one.confident)
    yield ["主题 theme", "已标 labels", "疑错标 probably wrong", "未标 without", "疑漏标 probably missing"]
    for theme in scheme.ids:
        cells = (counts[theme, labelled] for labelled in (True, False) for counts in (judged, wrong))
        yield [theme, *map(str, cells)]


def _suspect(
    number: int, suspect: Suspect, report: CorpusReport, thresholds: Mapping[str, float], scheme: Scheme
) -> Iterator[str]:
    line = report.lines[suspect.row.line - 1]
    theme = scheme.themes[scheme.ids.index(suspect.theme)]
    doubt = "疑错标 / probably wrong" if suspect.labelled else "疑漏标 / probably missing"
    yield f"{number}. {report.name}.jsonl, line {suspect.row.line}: {doubt}: {theme.name_zh} {theme.id}"
    yield f"   {line.role}: {line.text}"
    yield f"   标注 / labelled: {', '.join(line.themes) or 'none'}"
    yield f"   理由 / reason: {'; '.join(_reasons(suspect, report, thresholds, theme))}"


def _reasons(suspect: Suspect, report: CorpusReport, thresholds: Mapping[str, float], theme: Theme) -> Iterator[str]:
    threshold = thresholds.get(theme.id, 0.5)
    yield f"概率 / probability {suspect.probability:.4f}, 阈值 / threshold {threshold:.2f}"
    line = report.lines[suspect.row.line - 1]
    if reason := suspect.row.reasons.get(theme.id):
        yield f"词 / words: {_weights(reason.words) or '无 / none'}"
        yield f"上下文 / context: {_weights(reason.context) or '无 / none'}"
    terms = [term for term in theme.terms if term in line.text]
    yield f"主题词 / terms: {'、'.join(terms[:_MOST_TERMS]) or '无 / none'}"
    heading = _heading(report.lines[: suspect.row.line - 1])
    if heading is not None and line.role == "body":
        yield f"小标题 / heading: {heading.text} [{', '.join(heading.themes) or 'none'}]"


def _weights(weights: Mapping[str, float]) -> str:
    return " ".join(f"{name} {weight:+.2f}" for name, weight in weights.items())


def _heading(above: Sequence[CorpusLine]) -> CorpusLine | None:
    return next((line for line in reversed(above) if line.role == "heading"), None)
