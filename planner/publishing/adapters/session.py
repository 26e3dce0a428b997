"""The wire for clients that are built on `requests` (Mastodon.py, tweepy)."""

from typing import Any

import httpx
import requests
from requests.adapters import BaseAdapter

from planner.publishing.adapters.wire import Wire


class WireAdapter(BaseAdapter):
    """Carries what `requests` has prepared over a Wire."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    def send(self, request: requests.PreparedRequest, **_how: Any) -> requests.Response:  # type: ignore[override]
        """One exchange. Raises requests.ConnectionError for every trouble of the network: the wire knows which."""
        try:
            asked = httpx.Request(
                request.method or "GET",
                str(request.url),
                headers={name: str(value) for name, value in request.headers.items()},
                content=_bytes(request.body),
            )
            answer = self._wire.handle_request(asked)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise requests.ConnectionError(str(error)) from error
        response = requests.Response()
        response.status_code, response.reason = answer.status_code, answer.reason_phrase
        response.headers.update(answer.headers)
        response.url, response.request, response.encoding = str(request.url), request, "utf-8"
        response._content = answer.content
        return response

    def close(self) -> None:
        """Nothing is kept open."""


class WireSession(requests.Session):
    """A session over a wire, without proxies, cookies or .netrc of this machine. `onto`: the
    server that the client insists on, and the one to ask instead."""

    def __init__(self, wire: Wire, *, onto: tuple[str, str] = ("", "")) -> None:
        super().__init__()
        self.trust_env = False
        self._from, self._to = onto
        for scheme in ("http://", "https://"):
            self.mount(scheme, WireAdapter(wire))

    def request(self, method: str, url: str, **how: Any) -> requests.Response:  # type: ignore[override]
        """As in requests, at the channel's own server, redirects not followed."""
        if self._from and url.startswith(self._from):
            url = self._to + url.removeprefix(self._from)
        return super().request(method, url, **{**how, "allow_redirects": False})


def _bytes(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body or b"")
