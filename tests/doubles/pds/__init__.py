"""Bluesky's own server (PDS) with two accounts, run by node; and a line before it on which answers get lost.

Installed once by `make test` into .pds/ (362 MB, one to three minutes) where npm is found; whoever has no npm or no
node sees the tests skipped with that reason.
"""

import contextlib
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.doubles.platform import Platform
from tests.doubles.webhook import Answer, Received

HERE = Path(__file__).parent
PACKAGES = Path(os.environ.get("PLANNER_PDS", HERE.parents[2] / ".pds"))
HOPS = {"connection", "content-length", "transfer-encoding", "content-encoding", "keep-alive", "host"}


@dataclass(frozen=True)
class Pds:
    """A running server: its address, the account's handle, app password and DID, and the DID of @helpful-one.test."""

    url: str
    handle: str
    password: str
    did: str
    friend: str


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Pds]:
    """Start it with its data in `folder`; skips the test where it is not installed."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Bluesky's own server needs node 20: apt-get install nodejs")
    if not (PACKAGES / "node_modules" / "@atproto" / "dev-env").exists():
        pytest.skip(f"Bluesky's own server is not in {PACKAGES}: make environment-pds")
    argv = [node, str(HERE / "serve.cjs"), str(PACKAGES), str(folder)]
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
    try:
        yield _said(process, folder / "log")
    finally:
        process.kill()
        process.communicate()


def _said(process: "subprocess.Popen[bytes]", log: Path) -> Pds:
    killer = threading.Timer(90, process.kill)
    killer.start()
    try:
        for line in process.stdout or ():
            if line.startswith(b'{"url"'):
                said = json.loads(line)
                return Pds(said["url"], said["handle"], said["password"], said["did"], said["friend"])
    finally:
        killer.cancel()
    raise AssertionError(f"the PDS did not start:\n{log.read_text(errors='replace')[-2000:]}")


class Line(Platform):
    """Stands before a PDS and passes everything on; faults meet `putRecord` (see platform.py)."""

    def __init__(self, pds: Pds) -> None:
        super().__init__()
        self._pds = pds

    def is_publishing(self, request: Received) -> bool:
        return request.path == "/xrpc/com.atproto.repo.putRecord"

    def reply(self, request: Received) -> Answer:
        headers = {name: value for name, value in request.headers.items() if name not in HOPS}
        answer = httpx.request(
            request.method, self._pds.url + request.path, headers=headers, content=request.body, timeout=30
        )
        return Answer(answer.status_code, headers={"Content-Type": "application/json"}, body=answer.content)
