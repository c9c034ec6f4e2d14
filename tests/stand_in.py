"""A tagger that needs no model: it knows themes by the terms of the scheme and roles by the look of a line."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from labels.scheme import Scheme, load_scheme
from model.paragraphs import Paragraph, joined, split_paragraphs
from model.rollup import primary, report_shares, shares
from model.source import Source, source_from_text
from predict.annotation import Evidence, LineRow, Report, ReportRow, SectionRow, ThemeScore
from predict.command import add_commands, annotate
from predict.metadata import read_metadata, with_table

_HEADING = re.compile("[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）")


@dataclass(frozen=True)
class StandInTagger:
    """Has what the command needs of a tagger."""

    scheme: Scheme

    @property
    def model(self) -> SimpleNamespace:
        return SimpleNamespace(scheme=self.scheme, version="themes-standin")

    @classmethod
    def load(cls, folder: object = None) -> StandInTagger:
        del folder
        return cls(load_scheme())

    def annotate_sources(self, sources: Iterable[tuple[Source, Mapping[str, str] | None]]) -> Iterator[Report]:
        """Annotations of sources, each with its row of metadata, one by one."""
        return (self.annotate_source(source, metadata) for source, metadata in sources)

    def annotate_source(self, source: Source, metadata: Mapping[str, str] | None = None) -> Report:
        """The annotation of a source; every line that holds terms of a theme has that theme."""
        paragraphs = split_paragraphs(source.text)
        roles = [_role(source.text[paragraph.start : paragraph.end], at) for at, paragraph in enumerate(paragraphs)]
        lines = self._lines(source, paragraphs, roles)
        ids = self.scheme.ids
        weights = _weights(lines, ids)
        meta = read_metadata([(line.role, line.text) for line in lines], source.name)
        all_shares = report_shares(weights, ids)
        row = ReportRow(
            report=source.name,
            sha256=source.sha256,
            encoding=source.encoding,
            chars=len(source.text),
            model="themes-standin",
            meta=with_table(meta, metadata),
            quality={"pinyin": 0, "lost": source.lost, "foreign": 0},
            shares=all_shares,
            primary=primary([all_shares[theme].share for theme in ids], ids),
        )
        return Report(row, self._sections(source, lines), tuple(lines), source.text)

    def _lines(self, source: Source, paragraphs: list[Paragraph], roles: list[str]) -> list[LineRow]:
        lines: list[LineRow] = []
        section, path = 0, ()
        for paragraph, role in zip(paragraphs, roles, strict=True):
            text = source.text[paragraph.start : paragraph.end]
            if role == "heading":
                section += 1
                heading = joined(source.text, paragraph)
                path = (path[0], heading) if path and heading.startswith("（") else (heading,)
            themes = tuple(self._scores(text, paragraph.start)) if role in ("heading", "body") else ()
            found = {theme.id: theme.probability for theme in themes}
            lines.append(
                LineRow(
                    report=source.name,
                    line=paragraph.line,
                    start=paragraph.start,
                    end=paragraph.end,
                    role=role,
                    section=section,
                    heading_path=path,
                    text=text,
                    text_sha256=f"{len(text):016x}",
                    themes=themes,
                    probabilities={theme: found.get(theme, 0.03) for theme in self.scheme.ids},
                    margin=0.3,
                    novelty=0.1,
                    terms={theme.id: len(theme.evidence) for theme in themes},
                    band="review" if len(text) % 5 == 0 and role == "body" else "sure",
                    inferred=paragraph.inferred,
                )
            )
        return lines

    def _scores(self, text: str, start: int) -> list[ThemeScore]:
        scores = []
        for theme in self.scheme.themes:
            at = [(term, match.start()) for term in theme.terms for match in re.finditer(re.escape(term), text)]
            if at:
                words = [
                    Evidence(term, 0.5 + len(term) / 4, start + spot, start + spot + len(term)) for term, spot in at
                ]
                score = sum(word.weight for word in words) + 0.8 - 0.2
                probability = round(1 / (1 + 2.718**-score), 4)
                scores.append(
                    ThemeScore(theme.id, probability, 0.44, round(score, 4), tuple(words), {"heading": 0.8}, -0.2)
                )
        return scores

    def _sections(self, source: Source, lines: list[LineRow]) -> tuple[SectionRow, ...]:
        rows = []
        for number in dict.fromkeys(line.section for line in lines):
            inside = [line for line in lines if line.section == number]
            weights = _weights(inside, self.scheme.ids)
            heading = [theme.id for theme in inside[0].themes] if number else []
            share = shares(weights).tolist()
            rows.append(
                SectionRow(
                    report=source.name,
                    section=number,
                    heading_line=inside[0].line if number else 0,
                    level=len(inside[0].heading_path),
                    heading_path=inside[0].heading_path,
                    start=inside[0].start,
                    end=inside[-1].end,
                    shares=dict(zip([*self.scheme.ids, "none"], share, strict=True)),
                    themes=tuple(theme for theme, part in zip(self.scheme.ids, share, strict=False) if part >= 0.25),
                    primary=primary(share[:-1], self.scheme.ids, heading),
                )
            )
        return tuple(rows)


def stand_in_report(text: str, name: str = "report.txt", metadata: Mapping[str, str] | None = None) -> Report:
    """The stand-in's annotation of a text."""
    return StandInTagger.load().annotate_source(source_from_text(text, name), metadata)


def _role(text: str, at: int) -> str:
    if at == 0 and "。" not in text:
        return "title"
    if re.match("来源|作者|——?记者|（?记者|责任编辑", text):
        return "byline"
    if re.match("图为|▲", text):
        return "caption"
    if re.match("版权|上一篇|下一篇|友情链接|打印", text):
        return "boilerplate"
    return "heading" if _HEADING.match(text) and len(text) < 50 else "body"


def _weights(lines: list[LineRow], ids: tuple[str, ...]) -> np.ndarray:
    rows = np.zeros((len(lines), len(ids) + 1))
    for row, line in zip(rows, lines, strict=True):
        if line.role == "body":
            columns = [ids.index(theme.id) for theme in line.themes] or [len(ids)]
            row[columns] = len(line.text) / len(columns)
    return rows


def run(*arguments: object) -> int:
    """`zhengfa annotate` with the stand-in tagger."""
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    return annotate(parser.parse_args(["annotate", *map(str, arguments)]), StandInTagger.load)


def content(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones, too."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
