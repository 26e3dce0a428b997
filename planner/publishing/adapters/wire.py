"""The one line over which every HTTP adapter speaks, whatever client it is built on: it remembers what truly happened.

A client turns every trouble into an exception of its own and forgets whether anything had left the house. The wire
sits below the client, so it knows: `last` holds the exchange that ended last. It never follows a redirect, never tries
again, opens a connection for each request, and ends all of them together before a hand's time is over.
"""

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import certifi
import httpx

SECONDS = 20.0  # for all requests of one act: a server that drips cannot hold a hand
CONNECT, READ = 5.0, 10.0
# With pictures: for everything before the words, and then for the words themselves. Together they end, and a look at
# the channel after them, before a hand's time is over (publishing/tasks.py).
UPLOADING, POSTING = 18.0, 10.0
LARGEST_ANSWER = 512 * 1024
# Nothing has left the house when one of these is raised.
BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)

TROUBLES: tuple[tuple[type[Exception], str], ...] = (
    (httpx.ConnectTimeout, "no connection in time"),
    (httpx.ConnectError, "no connection"),
    (httpx.TimeoutException, "no answer in time"),
    (httpx.RemoteProtocolError, "the connection was cut, or the answer was not HTTP"),
    (httpx.NetworkError, "the connection was cut"),
)


@dataclass(slots=True)
class Exchange:
    """One request. `left`: a byte of it may have reached the other side. `status` None: no answer came, see `error`."""

    left: bool = False
    status: int | None = None
    headers: httpx.Headers = field(default_factory=httpx.Headers)
    body: bytes = b""
    error: str = ""


class Wire(httpx.BaseTransport):
    """A transport for httpx (`client()`), and the base of those for others. `secrets` are blanked out by `say`."""

    def __init__(self, *, secrets: Iterable[bytes | str] = (), seconds: float | None = None) -> None:
        texts = (secret.decode("utf-8", "replace") if isinstance(secret, bytes) else secret for secret in secrets)
        self._secrets = sorted((text for text in texts if text), key=len, reverse=True)
        self._until = time.monotonic() + (SECONDS if seconds is None else seconds)
        self.last = Exchange(error="nothing was asked")

    def client(self, **options: Any) -> httpx.Client:
        """A client of httpx over this wire."""
        return httpx.Client(transport=self, follow_redirects=False, trust_env=False, **options)

    def allow(self, seconds: float) -> None:
        """From now on so many seconds, for everything that follows together."""
        self._until = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """How many seconds are left; not less than none."""
        return max(self._until - time.monotonic(), 0.0)

    def say(self, words: str) -> str:
        """The words without any secret of this channel, on one line: fit for a log, a page, the journal."""
        for secret in self._secrets:
            words = words.replace(secret, "…")
        return " ".join(words.split())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request, once; the answer with as much of its body as may be read. Raises what httpx raises."""
        self.last = exchange = Exchange()
        left = self.left
        if left <= 0:
            exchange.error = "No time was left"
            raise httpx.ConnectTimeout(exchange.error, request=request)
        connect, read = min(CONNECT, left), min(READ, left)
        request.extensions = {"timeout": {"connect": connect, "read": read, "write": read, "pool": connect}}
        request.headers["Accept-Encoding"] = "identity"
        try:
            with httpx.HTTPTransport(verify=authorities(), trust_env=False) as line:
                return self._answer(line.handle_request(request), request, exchange)
        except (httpx.HTTPError, OSError) as error:
            exchange.left = not isinstance(error, BEFORE_SENDING)
            exchange.error = in_words(error)
            raise

    def _answer(self, response: httpx.Response, request: httpx.Request, exchange: Exchange) -> httpx.Response:
        exchange.left, exchange.status, exchange.headers = True, response.status_code, response.headers
        try:
            for chunk in response.iter_raw(8192):
                exchange.body += chunk
                if len(exchange.body) > LARGEST_ANSWER or time.monotonic() > self._until:
                    break
        except httpx.HTTPError:
            pass  # the status line has come: that is the answer, its explanation is not worth a doubt
        exchange.body = exchange.body[:LARGEST_ANSWER]
        kept = {"content-type", "deprecation", "date", "x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset"}
        headers = {name: value for name, value in response.headers.items() if name.lower() in kept}
        return httpx.Response(response.status_code, headers=headers, content=exchange.body, request=request)


def in_words(error: Exception) -> str:
    """What went wrong on the line, for people, and the machine's own words behind it."""
    said = next((words for kind, words in TROUBLES if isinstance(error, kind)), type(error).__name__)
    return f"{said} ({error})" if str(error) else said


@cache
def authorities() -> ssl.SSLContext:
    """Whom we believe about certificates. Read once: it takes longer than a post."""
    return ssl.create_default_context(cafile=certifi.where())
