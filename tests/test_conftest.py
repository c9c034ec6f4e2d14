"""The suite's own rules: no network, and `--no-skips`."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

# Of RFC 5737 and RFC 3849, never routed; .invalid of RFC 2606, never a name.
OUTSIDE = ("192.0.2.1", 9)
OUTSIDE6 = ("2001:db8::1", 9)

SUITE = """
import pytest
from conftest import NO_SHARED

def test_done(): pass

@pytest.mark.skip(reason="no browser")
def test_skipped(): pass

@pytest.mark.skip(reason=NO_SHARED)
def test_of_real_reports(): pass

@pytest.mark.xfail(reason="known")
def test_known_failure(): assert False
"""


@pytest.mark.parametrize(
    "reach",
    [
        lambda: socket.create_connection(OUTSIDE),
        lambda: socket.socket(socket.AF_INET).connect_ex(OUTSIDE),
        lambda: socket.socket(socket.AF_INET6).connect(OUTSIDE6),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"", OUTSIDE),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendmsg([b""], [], 0, OUTSIDE),
        lambda: socket.socket(socket.AF_INET).bind(("", 0)),
        lambda: socket.getaddrinfo("example.invalid", 443),
        lambda: socket.getaddrinfo(b"example.invalid", 443),
        lambda: socket.gethostbyname("example.invalid"),
    ],
    ids=["connection", "connect_ex", "ipv6", "sendto", "sendmsg", "bind-all", "name", "name-bytes", "gethostbyname"],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_outside_is_out_of_reach(reach: Callable[[], object]):
    """No way of Python's leads off this machine, and the attempt is not taken for an ordinary OSError."""
    with pytest.raises(RuntimeError, match="tests use no network"):
        reach()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_is_open(host: str):
    """A test may serve and connect on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection((host, server.getsockname()[1])):
        server.accept()[0].close()


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="Unix sockets are Unix's")
def test_unix_sockets_are_open(tmp_path: Path):
    """A test may use sockets that are files."""
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))


def test_child_processes_are_their_own_business():
    """The block ends with this process: a child may open what it likes (connecting UDP sends nothing)."""
    code = f"import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect_ex({OUTSIDE!r})"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("options", "status", "closing"),
    [([], 0, "1 passed, 2 skipped, 1 xfailed"), (["--no-skips"], 1, "1 passed, 1 skipped, 1 xfailed, 1 error")],
    ids=["allowed", "refused"],
)
def test_no_skips_refuses_all_but_the_missing_real_reports(
    tmp_path: Path, options: list[str], status: int, closing: str
):
    """With `--no-skips` a skip fails and says why, unless the real reports are missing; a known failure stays one."""
    done = _run_suite(tmp_path, SUITE, options)
    assert (done.returncode, closing in done.stdout) == (status, True), done.stdout
    assert ("no test may be skipped here, but: Skipped: no browser" in done.stdout) is bool(options)


def test_no_skips_sees_skipped_modules(tmp_path: Path):
    """A module that skips itself while it is collected is a failure too."""
    done = _run_suite(tmp_path, "import pytest\npytest.importorskip('no_such_module')\n", ["--no-skips"])
    assert done.returncode == 2
    assert "no test may be skipped here" in done.stdout


def _run_suite(folder: Path, suite: str, options: list[str]) -> subprocess.CompletedProcess[str]:
    shutil.copy(Path(__file__).with_name("conftest.py"), folder)
    (folder / "test_suite.py").write_text(suite, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "test_suite.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
