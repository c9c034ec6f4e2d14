"""What the whole suite stands on: no network, skips that can be forbidden, the fixtures every folder shares."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

# How long an example takes depends on what else the machine does.
hypothesis.settings.register_profile("any-speed", deadline=None)
hypothesis.settings.load_profile("any-speed")

# The matrices of tests are so small that threads of BLAS only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if TYPE_CHECKING:
    from labels.corpus import CorpusReport
    from labels.scheme import Scheme
    from predict.tagger import Tagger
    from train.stack import Stack
    from train.themes import Trained

ROOT = Path(__file__).parent.parent
NO_SHARED = "../shared is missing: it holds real reports, which are no part of the repository"
_INTERNET = (socket.AF_INET, socket.AF_INET6)
_ADDRESSED = ("socket.bind", "socket.connect", "socket.sendto", "socket.sendmsg")
_LOOKED_UP = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help=f"a skipped test fails, unless because {NO_SHARED}")


def pytest_configure(config: pytest.Config) -> None:
    sys.addaudithook(_block_network)
    if config.getoption("--no-skips"):
        # As a plugin of its own it also sees the doctests outside this folder.
        config.pluginmanager.register(_NoSkips())


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real reports and gold labels beside the repository; their text stays out of it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(NO_SHARED)
    return folder


@pytest.fixture(scope="session")
def scheme() -> Scheme:
    """The bundled themes."""
    from labels.scheme import load_scheme

    return load_scheme()


@pytest.fixture(scope="session")
def five_themes(scheme: Scheme) -> Scheme:
    """The bundled themes and one that no report is labelled for."""
    from labels.scheme import Scheme, Theme

    terms = ("监管改造", "戒毒场所", "狱务公开", "罪犯教育")
    names = ("监狱管理", "Prisons", "讲监狱和戒毒场所的管理。", "How prisons are run.")
    return Scheme((*scheme.themes, Theme("prisons", *names, "#117733", terms)))


@pytest.fixture(scope="session")
def corpus(scheme: Scheme) -> list[CorpusReport]:
    """The bundled labelled reports."""
    from labels.corpus import load_corpus

    return load_corpus(scheme=scheme)


@pytest.fixture(scope="session")
def small_corpus(corpus: list[CorpusReport]) -> list[CorpusReport]:
    """Two of the bundled reports of every slice."""
    return [report for report in corpus if report.name.endswith(("-01", "-02"))]


@pytest.fixture(scope="session")
def small_stack(small_corpus: list[CorpusReport], scheme: Scheme) -> Stack:
    """The small corpus, read."""
    from train.stack import stack_reports

    return stack_reports(small_corpus, scheme)


@pytest.fixture(scope="session")
def small_trained(small_stack: Stack, scheme: Scheme) -> Trained:
    """The theme model of the small corpus."""
    from train.themes import train_themes

    return train_themes(small_stack, scheme)


@pytest.fixture(scope="session")
def small_model(
    small_corpus: list[CorpusReport], small_trained: Trained, scheme: Scheme, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of a whole model, trained once on the small corpus; whoever wants to change it takes a copy."""
    from model.folder import save_model
    from train.roles import fit_roles

    return save_model(tmp_path_factory.mktemp("models"), scheme, small_trained.model, fit_roles(small_corpus), {})


@pytest.fixture(scope="session")
def small_tagger(small_model: Path) -> Tagger:
    """A tagger with the small model."""
    from predict.tagger import Tagger

    return Tagger.load(small_model)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], None]:
    """Converts a file with LibreOffice into another format beside it."""
    program = shutil.which("soffice")
    if not program:
        pytest.skip("no LibreOffice here")
    profile = tmp_path_factory.mktemp("office")

    def convert(path: Path, suffix: str) -> None:
        call = [program, "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", suffix]
        if suffix == "csv":
            call[-1] = "csv:Text - txt - csv (StarCalc):44,34,76"
        subprocess.run([*call, "--outdir", path.parent, path], capture_output=True, timeout=120, check=True)

    return convert


class NetworkBlockedError(RuntimeError):
    """A test reached for the network; no OSError, so that code which survives a dead network does not hide it."""


class _NoSkips:
    """Turns every skip into a failure, but for the one that names the missing folder of real reports."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Iterator[None]:
        report: pytest.TestReport = yield
        if report.skipped and not hasattr(report, "wasxfail"):
            _refuse_skip(report)
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self) -> Iterator[None]:
        report: pytest.CollectReport = yield
        if report.skipped:
            _refuse_skip(report)
        return report


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if NO_SHARED not in reason:
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: no test may be skipped here, but: {reason}"


def _block_network(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook, which sees C code too and cannot be taken out again; a child process has none."""
    if not event.startswith("socket."):
        return
    if event in _LOOKED_UP:
        _check(event, arguments[0])
    elif event in _ADDRESSED:
        sock, address = arguments
        assert isinstance(sock, socket.socket)
        if sock.family in _INTERNET and address is not None:
            _check(event, address)


def _check(event: str, address: object) -> None:
    host = address[0] if isinstance(address, tuple) else address
    if host is not None and not _is_loopback(host.decode() if isinstance(host, bytes) else str(host)):
        raise NetworkBlockedError(f"{event} {address!r}: tests use no network but loopback and Unix sockets")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
