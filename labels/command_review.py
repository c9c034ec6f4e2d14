"""`zhengfa review`: the page on which people check and correct themes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from labels.errors import UserError

if TYPE_CHECKING:
    from labels.page_server import Site
    from labels.scheme import Scheme

DEFAULT_OVERLAP = 10


def add_review(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `review`."""
    review = commands.add_parser("review", help="审核主题的网页 / the page to review themes on")
    review.add_argument("queue", nargs="?", type=Path, metavar="QUEUE", help="待审队列 / from `zhengfa labels queue`")
    review.add_argument("--store", type=Path, metavar="DB", help="存放判断的文件，默认 QUEUE.db / where decisions go")
    review.add_argument("--name", default="", help="审核人；不写则在网页上填 / the reviewer; else the page asks")
    review.add_argument(
        "--host", default="127.0.0.1", help="监听地址；不是本机的要带令牌 / beyond loopback a token is needed"
    )
    review.add_argument("--port", type=_port, help="端口 / the port to listen on")
    review.add_argument(
        "--overlap", type=_overlap, default=DEFAULT_OVERLAP, metavar="K",
        help="每 K 段由两人各审一遍，0 为不重叠 / every K-th line goes to two people, 0 for none",
    )  # fmt: skip
    pages = review.add_mutually_exclusive_group()
    pages.add_argument("--practice", action="store_true", help="用语料练习 40 段 / practise on 40 corpus lines")
    pages.add_argument("--lead", action="store_true", help="总览、一致程度与裁决 / progress, agreement, adjudication")
    review.set_defaults(run=_review)


def _review(arguments: argparse.Namespace) -> int:
    from labels.page_server import serve
    from labels.scheme import load_scheme

    try:
        serve(_site(arguments, load_scheme()), arguments.host, arguments.port, _announce)
    except KeyboardInterrupt:
        print()
    return 0


def _site(arguments: argparse.Namespace, scheme: Scheme) -> Site:
    from labels.page_sites import lead_site, practice_site, review_site
    from labels.page_talk import checked_name

    name = checked_name(arguments.name) if arguments.name else ""
    if arguments.practice:
        return practice_site(arguments.store or Path("practice.db"), scheme, name)
    store = _store(arguments.queue, arguments.store)
    if arguments.lead:
        return lead_site(arguments.queue, store, scheme, name)
    return review_site(arguments.queue, store, scheme, name, arguments.overlap)


def _store(queue: Path | None, store: Path | None) -> Path:
    if store is not None:
        return store
    if queue is None or not queue.name:
        raise UserError("no queue and no --store; make one: zhengfa labels queue RUN.jsonl --out queue.jsonl")
    return queue.with_suffix(".db")


def _announce(address: str) -> None:
    print(f"{address}\n每条判断随即存盘；按 Ctrl+C 停止 / every decision is saved at once; Ctrl+C stops", flush=True)
    if sys.stdout.isatty():
        import webbrowser

        webbrowser.open(address)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f'"{text}" is no port; 0 to 65535, 0 for any free one')
    return int(text)


def _overlap(text: str) -> int:
    if not text.isdecimal() or text == "1":
        raise argparse.ArgumentTypeError(f'"{text}" is no overlap; 0 for none, else 2 or more')
    return int(text)
