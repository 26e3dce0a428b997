"""The demonstration's outside world: takes every POST that a demo channel is sent, and lists them at `/`.

It verifies nothing and listens on the loopback interface only. Run by `manage.py up --demo` as
`python -m planner.config.demo_receiver PORT FILE`; FILE keeps what was received, one JSON document a line.
"""

import contextlib
import json
import sys
import threading
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from planner.config.demo_pages import page

LARGEST_BODY = 8 * 2**20  # four pictures and their words
SHOWN = 200


class Receiver(ThreadingHTTPServer):
    """The server with its file of received posts."""

    daemon_threads = True

    def __init__(self, port: int, file: Path) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.file = file
        self._lock = threading.Lock()

    def keep(self, post: Mapping[str, object]) -> None:
        with self._lock, open(self.file, "a", encoding="utf-8") as stream:
            stream.write(json.dumps(post, ensure_ascii=False) + "\n")

    def posts(self) -> list[dict[str, Any]]:
        """What was received, newest first."""
        with self._lock:
            lines = self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []
        return [json.loads(line) for line in reversed(lines[-SHOWN:])]


class Handler(BaseHTTPRequestHandler):
    """POST keeps, GET lists."""

    server: Receiver

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        if length > LARGEST_BODY:
            self._answer(413, "application/json", b'{"error": "more than 8 MiB"}')
            return
        identifier = uuid.uuid4().hex
        post = {
            "id": identifier,
            "received_at": datetime.now(UTC).isoformat(timespec="seconds"),  # noqa: TID251 (this is the outside world)
            "path": self.path,
            "headers": dict(self.headers.items()),
            "body": self.rfile.read(length).decode("utf-8", "replace"),
        }
        self.server.keep(post)
        port = self.server.server_address[1]
        answer = {"id": identifier, "url": f"http://127.0.0.1:{port}/#{identifier}"}
        self._answer(200, "application/json", json.dumps(answer).encode())

    def do_GET(self) -> None:
        if self.path != "/":
            self._answer(404, "text/plain; charset=utf-8", b"Nothing here; the received posts are listed at /\n")
            return
        self._answer(200, "text/html; charset=utf-8", page(self.server.posts()).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what was received is in the file."""

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:")
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def serving(port: int, file: Path) -> Iterator[None]:
    """Serve from a thread for as long as the block lasts: while the demonstration tells its past."""
    with Receiver(port, file) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def main(port: int, file: Path) -> None:
    """Serve until the process is ended."""
    with Receiver(port, file) as server:
        server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
