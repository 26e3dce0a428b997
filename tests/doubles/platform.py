"""A platform's API on a free loopback port: it behaves as the platform does, and misbehaves where it is told to.

Faults (`then`, `answer_with`, `hang`, `cut_connections`, `accept_and_lose_the_answer`: see webhook.py) meet only the
request that publishes; everything else (signing in, looking) answers truly, unless `also_elsewhere` is set.
`posts` holds what a follower would see. A token is asked for: `token` is the one that is let in.
"""

import json
from typing import Any

from tests.doubles.webhook import Answer, Received, WebhookServer


class Platform(WebhookServer):
    """The base of the doubles: they say which request publishes, and answer each request by `reply`."""

    def __init__(self, token: str = "the-right-token-0123456789") -> None:
        super().__init__()
        self.token = token
        self.also_elsewhere = False
        self.published: list[dict[str, Any]] = []
        self.on_get = self._get

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def is_publishing(self, request: Received) -> bool:
        raise NotImplementedError

    def reply(self, request: Received) -> Answer:
        """The platform's own answer; a request that publishes adds to `published`."""
        raise NotImplementedError

    def attempts(self) -> int:
        """How often somebody asked to publish."""
        return sum(self.is_publishing(request) for request in self.received)

    def _get(self, path: str) -> tuple[int, Any]:
        answer = self._always if self.also_elsewhere else self.reply(self.received[-1])
        return answer.status, json.loads(answer.body)

    def _take(self, request: Received) -> Answer:
        with self._lock:
            self.received.append(request)
            if not self.is_publishing(request) and not self.also_elsewhere:
                return self.reply(request)
            fault = self._next.popleft() if self._next else self._always
            if fault == Answer():
                return self.reply(request)
            if fault.kept or (fault.kept is None and 200 <= fault.status < 300):
                self.reply(request)
            return fault


def answer(value: Any, status: int = 200, **headers: str) -> Answer:
    """A JSON answer."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(status, headers={"Content-Type": "application/json", **headers}, body=body)
