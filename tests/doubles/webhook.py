"""A real HTTP server that plays the official channel: it keeps what it was sent and answers as it was told.

It verifies nothing itself (no signature, no schema), so that a test of the sender cannot pass by agreement.
"""

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    """One request as it arrived: method, path with query, headers (names in lower case), the raw body."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What to do with one request.

    `status`, `headers`, `body`: the answer. `kept`: whether the post counts as posted (default: on a 2xx status).
    `hang`: seconds to wait before answering. `cut`: close the connection without an answer.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    kept: bool | None = None
    hang: float = 0
    cut: bool = False


class WebhookServer:
    """A channel's end point on a free loopback port.

    `received` holds every request, `posts` those that a follower would see. `answer_with(...)` sets the answer for all
    requests to come, `then(...)` queues answers for the next ones. GET requests are answered by `on_get` when set,
    a function `path -> (status, json value)`: the way back for an adapter that can look up what it posted; without it
    by what `then(...)` queued. `on_post`, a function `request -> Answer`, decides over every other request when set.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.posts: list[Received] = []
        self.on_get: Any = None
        self.on_post: Any = None
        self._always = Answer()
        self._next: deque[Answer] = deque()
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def start(self) -> "WebhookServer":
        self._thread.start()
        return self

    def stop(self) -> None:
        """End the server and let go of every request that hangs."""
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

    def answer_with(self, status: int = 200, **how: Any) -> None:
        """From now on answer so: `answer_with(429, headers={"Retry-After": "2"})`, `answer_with(500)`."""
        self._always = Answer(status, **how)

    def then(self, *answers: Answer | int) -> None:
        """Answer the next requests so, one each; afterwards as before."""
        self._next.extend(answer if isinstance(answer, Answer) else Answer(answer) for answer in answers)

    def hang(self, seconds: float = 3600) -> None:
        """Take every request and do not answer for so long (until `release()`); it is not posted."""
        self._released.clear()
        self._always = Answer(504, hang=seconds, kept=False)

    def release(self) -> None:
        """Answer the requests that hang, and no longer hang."""
        self._always = Answer()
        self._released.set()

    def cut_connections(self) -> None:
        """Read every request and close the connection without posting or answering."""
        self._always = Answer(cut=True, kept=False)

    def accept_and_lose_the_answer(self) -> None:
        """The dangerous case: the post stands, and the sender never learns of it."""
        self._always = Answer(cut=True, kept=True)

    def _take(self, request: Received) -> Answer:
        with self._lock:
            self.received.append(request)
            answer = self._next.popleft() if self._next else self._always
            if self.on_post is not None:
                answer = self.on_post(request)
            kept = answer.kept if answer.kept is not None else 200 <= answer.status < 300
            if kept:
                self.posts.append(request)
            return answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                answer = double._take(self._request())
                if answer.hang:
                    double._released.wait(answer.hang)
                if answer.cut:
                    self.close_connection = True
                    return
                self._send(answer.status, answer.headers, answer.body)

            do_PUT = do_PATCH = do_DELETE = do_POST

            def do_GET(self) -> None:
                if double.on_get is None and double._next:
                    return self.do_POST()
                request = self._request()
                with double._lock:
                    double.received.append(request)
                status, value = double.on_get(request.path) if double.on_get else (404, {})
                self._send(status, {"Content-Type": "application/json"}, json.dumps(value).encode())

            def _request(self) -> Received:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                return Received(self.command, self.path, headers, body)

            def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
                try:
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:
                """Stay quiet."""

        return Handler
