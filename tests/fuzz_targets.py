"""What is fuzzed: every reader of files, and the whole way of a report. A target raises where it finds a defect."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import orjson

from labels.corpus import load_report
from labels.decision import decision_from
from labels.errors import UserError
from labels.exchange import Entry, Lost, Reply, format_of
from labels.exchange_import import Terms, decisions_in
from labels.item import read_queue, write_queue
from labels.rows import read_rows
from labels.scheme import load_scheme
from model.folder import ARRAYS, load_model
from model.paragraphs import split_paragraphs
from model.source import Source, decode, source_from_text
from predict.html_report import ReportPage
from predict.input_tables import rows
from predict.inputs import Columns, Document, Failure
from predict.jsonl import encode
from predict.metadata_table import load_metadata
from predict.tagger import Tagger
from tests.exchange_items import decision_on, hard_queue, queue_item
from tests.fuzz_documents import document_targets
from tests.fuzz_rows import rewritten
from tests.test_predict_build import check

# What a page has in its frame at most, never among the texts of a report.
_ACTIVE = frozenset(("script", "style", "img", "iframe", "object", "embed", "form", "link", "meta", "base", "svg"))
SCHEME = load_scheme()
SHORT = queue_item("全市打掉团伙3个。")
REPORT = (
    "云江市2023年政法工作总结\n来源：云江日报\n一、维护平安稳定\n（一）扫黑除恶\n"
    "　　全市打掉团伙3个，人民调解成功率98%。\n1.開展現(xiàn)代化建設\n图为调解现场\n版权所有 上一篇：公告\n"
)
PIECES = (
    *"平安，。；“”（）、一二三1a \u3000\t",
    *("\n", "\r\n", "\r", "\n\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u200b", "\ufeff", "\ufffd", "\u202e"),
    *("一、深化平安建设", "（二）扫黑除恶", "第一章 总则", "1.", "①㎡㈠", "e\u0301", "𠮷", "\ud800", "\U000e0041"),
    *("全市人民调解组织调解矛盾纠纷120件。", "開展掃黑除惡專項鬥爭，", "現(xiàn)代化", "来源：云江日报", "图为现场"),
    *(
        "<script>alert(1)</script>",
        "=1+1",
        "&amp;",
        "()" * 9,
        "（" * 9,
        "xiàn",
        "12345",
        "2023年1月1日",
        "上一篇",
        "长" * 200,
    ),
)


@dataclass(frozen=True)
class Target:
    """`run` takes any bytes; UserError is an answer, everything else that is raised a defect."""

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]

    def __call__(self, data: bytes) -> None:
        with suppress(UserError):
            self.run(data)


def targets(tagger: Tagger, folder: Path) -> dict[str, Target]:
    """Every target by name; files are written to `folder`."""
    readers = {
        "queue": (read_queue, "queue.jsonl"),
        "decisions": (_decisions, "decisions.jsonl"),
        "label_studio": (_exchange, "a.json"),
        "doccano": (_exchange, "a.jsonl"),
        "doccano_zip": (_exchange, "a.zip"),
        "csv": (_exchange, "a.csv"),
        "xlsx": (_exchange, "a.xlsx"),
        "corpus": (lambda path: load_report(path, scheme=SCHEME), "corpus.jsonl"),
        "themes": (load_scheme, "themes.toml"),
        "metadata": (load_metadata, "metadata.csv"),
        "table_csv": (_table, "table.csv"),
        "table_tsv": (_table, "table.tsv"),
        "table_jsonl": (_table, "table.jsonl"),
    }
    seeds = _seeds(folder)
    plain = {name: Target(_through(read, folder / file), seeds[name]) for name, (read, file) in readers.items()}
    documents = {name: Target(run, own) for name, (run, own) in document_targets(folder).items()}
    return {
        "source": Target(_source, (*_texts(), b"%PDF-1.4", b"PK\x03\x04")),
        "bytes": Target(lambda data: _annotate(tagger, decode(data, "a.txt")), tuple(_texts())),
        "text": Target(lambda data: _annotate(tagger, source_from_text(_text(data), "a.txt")), (bytes(range(40)),)),
        "manifest": Target(lambda data: _manifest(data, folder / "model"), (_manifest_seed(tagger),)),
        "arrays": Target(lambda data: _arrays(data, folder / "model", tagger), (_arrays_seed(), b"PK\x05\x06")),
        **plain,
        **documents,
        **{f"{name}_rows": _of_rows(plain[name], lines=name != "label_studio") for name in _OF_ROWS},
    }


_OF_ROWS = ("queue", "decisions", "label_studio", "doccano", "corpus", "table_jsonl")


def _of_rows(target: Target, *, lines: bool) -> Target:
    """The same reader for JSON that is sound; the bytes say what is changed in it."""
    (seed,) = target.seeds
    return Target(lambda data: target.run(rewritten(seed, data, lines=lines)), (bytes(range(0, 90, 7)), b"\0\1\2"))


def _through(read: Callable[[Path], object], path: Path) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        path.write_bytes(data)
        read(path)

    return run


def _source(data: bytes) -> None:
    source = decode(data, "a\n.txt")
    assert "\n" not in source.name
    assert source.sha256 == hashlib.sha256(data).hexdigest()
    source.text.encode()
    end = 0
    for paragraph in split_paragraphs(source.text):
        assert end <= paragraph.start < paragraph.end <= len(source.text)
        assert source.text[paragraph.start : paragraph.end].strip()
        end = paragraph.end


def _annotate(tagger: Tagger, source: Source) -> None:
    report = tagger.annotate_source(source)
    check(report)
    assert {row["kind"] for row in map(orjson.loads, encode(report).splitlines())} <= {"report", "section", "line"}
    page = _Page()
    page.feed(ReportPage(report, 1, tagger.model.scheme).article())
    assert not page.tags & _ACTIVE


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not [name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "")[:20]]


def _text(data: bytes) -> str:
    return "".join(PIECES[byte % len(PIECES)] for byte in data[:400])


def _decisions(path: Path) -> None:
    for where, row in read_rows(path):
        decision_from(row, where)


def _exchange(path: Path) -> None:
    found = list(format_of(path).read(path, SCHEME))
    assert all(isinstance(one, Reply | Lost) for one in found)
    _, decisions = decisions_in(path, Terms(SCHEME, "王芳", confirmed=True))
    for _, decision in decisions:
        assert set(decision.themes) <= set(decision.considered)
        assert decision.reviewer


def _table(path: Path) -> None:
    for columns in (Columns("正文", "编号"), Columns("正文")):
        for row in rows(path, "a/", columns):
            assert isinstance(row, Document | Failure)


def _manifest(data: bytes, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_bytes(data)
    (folder / ARRAYS).write_bytes(b"")
    load_model(folder)


def _arrays(data: bytes, folder: Path, tagger: Tagger) -> None:
    folder.mkdir(exist_ok=True)
    (folder / ARRAYS).write_bytes(data)
    manifest = orjson.loads(_manifest_seed(tagger)) | {"arrays_sha256": hashlib.sha256(data).hexdigest()}
    (folder / "manifest.json").write_bytes(orjson.dumps(manifest))
    load_model(folder)


def _manifest_seed(tagger: Tagger) -> bytes:
    return orjson.dumps(tagger.model.manifest | {"arrays_sha256": hashlib.sha256(b"").hexdigest()})


def _arrays_seed() -> bytes:
    packed = io.BytesIO()
    np.savez(
        packed,
        **{"themes.rows": np.arange(3, dtype=np.int32), "themes.learned": np.ones(4, bool), "roles.a": np.eye(2)},
    )
    return packed.getvalue()


def _texts() -> Iterator[bytes]:
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be"):
        yield REPORT.encode(encoding)
    yield REPORT.replace("現(xiàn)", "").encode("big5", "ignore")


def _seeds(folder: Path) -> dict[str, tuple[bytes, ...]]:
    folder.mkdir(parents=True, exist_ok=True)
    entries = [Entry(SHORT), Entry(SHORT, decision_on(SHORT, "mediation", note="=备注"))]
    seeds = {name: (_exported(entries, folder / file),) for name, file in _EXPORTS.items()}
    write_queue(folder / "queue.jsonl", [SHORT, hard_queue()[-1]])
    table = f'编号,正文\na,{SHORT.text}\nb,"{REPORT}"\n'
    return {
        **seeds,
        "doccano_zip": (_zipped(seeds["doccano"][0]),),
        "label_studio": (seeds["label_studio"][0].replace(b'"data"', b'"id": 1, "data"'),),
        "queue": ((folder / "queue.jsonl").read_bytes(),),
        "decisions": (orjson.dumps(decision_on(SHORT, "security")),),
        "corpus": (orjson.dumps({"text": "平安", "role": "body", "level": None, "themes": [], "considered": None}),),
        "themes": (_short_themes(),),
        "metadata": ("report,year,date,place\na.txt,2023,2023-01-01,云江\n".encode(),),
        "table_csv": (table.encode(), table.encode("gb18030"), table.encode("utf-16")),
        "table_tsv": (table.replace(",", "\t").encode(),),
        "table_jsonl": (orjson.dumps({"编号": "a", "正文": SHORT.text}),),
    }


_EXPORTS = {"label_studio": "a.json", "doccano": "a.jsonl", "csv": "a.csv", "xlsx": "a.xlsx"}


def _exported(entries: Iterable[Entry], path: Path) -> bytes:
    format_of(path).write([*entries], path, SCHEME)
    return path.read_bytes()


def _zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("wang.jsonl", content)
    return packed.getvalue()


def _short_themes() -> bytes:
    table = '[[theme]]\nid = "{0}"\nname_zh = "名"\nname_en = "N"\ndescription_zh = "述"\ndescription_en = "d"\n'
    table += 'colour = "#CC3311"\nterms = ["词{0}"]\n'
    return "".join(table.format(name) for name in ("a", "b")).encode()
