"""`zhengfa compare`: reports side by side, as a page with its tables and pictures beside it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from labels.errors import UserError

if TYPE_CHECKING:
    from labels.scheme import Scheme
    from predict.compare import Member
    from predict.compare_input import Members
    from predict.compare_tables import Findings
    from predict.inputs import Failure
    from predict.workers import Crew

_SUFFIXES: Final = (".html", ".htm")
_DESCRIPTION: Final = """\
把多篇报告按地区和年份并列比较：主题占比、代表段落、特征词、与上年相比的新内容。
Put reports side by side by place and year: shares, paragraphs, words that set apart, what is new.

  zhengfa compare reports --out page.html                        报告 / reports
  zhengfa compare all.jsonl --out page.html                      annotate 写出的 JSON Lines / rows of annotate
  zhengfa compare reports --metadata places.csv --out page.html  地区、年份以表为准 / places and years of a table"""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command; it sets `run`, from its arguments to an exit status."""
    compare = commands.add_parser(
        "compare",
        help="并列比较多篇报告 / put reports side by side",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = compare.add_argument
    add(
        "paths",
        nargs="+",
        metavar="REPORT",
        help="报告、文件夹、表格或 annotate 的 .jsonl / reports or annotate's rows",
    )
    add(
        "--out",
        type=Path,
        required=True,
        metavar="page.html",
        help="网页；表格、图片写在旁边 / page; the rest beside it",
    )
    add("--model", type=Path, metavar="DIR", help="模型文件夹 / model folder (default: the one in use)")
    add("--jobs", type=int, default=1, metavar="N", help="并行进程数 / processes side by side (default: 1)")
    add("--metadata", type=Path, metavar="T.csv", help="报告信息表 / table that outranks what reports say")
    add("--text-column", default="text", metavar="C", help="表格的正文列 / a table's column of text (default: text)")
    add("--id-column", metavar="C", help="表格的编号列 / a table's column of ids (default: the row's number)")
    compare.set_defaults(run=run_compare)


def run_compare(arguments: argparse.Namespace) -> int:
    """Compare, write, list what failed; returns 0 done, 2 nothing done, 3 done in part."""
    from predict.compare import compare
    from predict.compare_tables import findings_of
    from predict.inputs import STDIN
    from predict.signals import ending_well

    if arguments.out.suffix.lower() not in _SUFFIXES:
        raise UserError(f"{arguments.out}: the comparison is a page; give a name that ends in .html")
    failures: list[Failure] = []
    with ending_well(), _crew(arguments) as workers:
        members = _Source(arguments, workers, failures)
        found = list(members.read())
    comparison = compare(found, members.scheme, members.vocabulary, members.models)
    if len(comparison.cells) < 1:
        raise UserError(_nothing(failures))
    given = [Path(path) for path in [*arguments.paths, *filter(None, [arguments.metadata])] if path != STDIN]
    _write(findings_of(comparison), arguments.out, given)
    for failure in failures:
        print(f"zhengfa: {failure.message}", file=sys.stderr)
    return 3 if failures else 0


@contextmanager
def _crew(arguments: argparse.Namespace) -> Iterator[Crew | None]:
    """Who annotates; nobody where all is annotated and no model asked for."""
    from predict.compare_input import is_annotated

    if not arguments.model and all(map(is_annotated, arguments.paths)):
        yield None
        return
    from model.default import default_model
    from predict.workers import Workers, crew, load_tagger

    with crew(Workers(load_tagger, (arguments.model or default_model()).resolve(), arguments.jobs)) as workers:
        yield workers


class _Source:
    """The members of the comparison from all paths."""

    def __init__(self, arguments: argparse.Namespace, crew: Crew | None, failures: list[Failure]) -> None:
        from predict.compare_input import Members, is_annotated
        from predict.metadata_table import load_metadata

        self._arguments, self._crew, self._failures = arguments, crew, failures
        self._rows = [path for path in arguments.paths if is_annotated(path)]
        self._reports = [path for path in arguments.paths if path not in self._rows]
        self.scheme = crew.tagger.model.scheme if crew else _bundled()
        self._metadata = load_metadata(arguments.metadata) if arguments.metadata else {}
        self._members: Members = Members(self.scheme, self._metadata)

    @property
    def vocabulary(self) -> list[str]:
        return self._members.vocabulary.listed

    @property
    def models(self) -> list[str]:
        return self._members.models

    def read(self) -> Iterator[Member]:
        """All members, those annotated before first."""
        for path in self._rows:
            yield from self._members.of_file(Path(path))
        if self._crew and self._reports:
            yield from self._annotated(self._crew)

    def _annotated(self, crew: Crew) -> Iterator[Member]:
        from predict.batch import annotate_in_jobs
        from predict.inputs import Columns, Failure, documents

        columns = Columns(self._arguments.text_column, self._arguments.id_column)
        for result in annotate_in_jobs(crew, documents(self._reports, columns), self._metadata):
            if isinstance(result, Failure):
                self._failures.append(result)
            else:
                yield self._members.of_report(result)


def _bundled() -> Scheme:
    from labels.scheme import load_scheme

    return load_scheme()


def _nothing(failures: list[Failure]) -> str:
    why = f"; {failures[0].message}" if failures else ""
    return f"no report has body text to compare{why}"


def _write(findings: Findings, out: Path, given: Sequence[Path]) -> None:
    """Write the page, its tables and pictures, all or none, and over nothing of what was `given`."""
    from labels.files import replacing_all
    from predict.compare_docx import table_document
    from predict.compare_page import comparison_page
    from predict.compare_pictures import draw
    from predict.compare_tables import csv_tables
    from predict.inputs import refuse_input
    from predict.package import write_package

    pictures = draw(findings)
    files = {**csv_tables(findings), **pictures.files}
    names = [f"{out.stem}{ending}" for ending in (*files, ".docx")]
    for name in (out.name, *names):
        refuse_input(out.parent / name, given)
    with replacing_all(out.parent, [out.name, *names]) as (page, *streams, document):
        page.write(comparison_page(findings, names))
        for stream, content in zip(streams, files.values(), strict=True):
            stream.write(content)
        write_package(table_document(findings.comparison).save, document)
    if pictures.warning:
        print(f"zhengfa: 注意 / note: {pictures.warning}", file=sys.stderr)
