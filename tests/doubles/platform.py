"""A platform's API on a free loopback port: it behaves as the platform does, and misbehaves where it is told to.

Faults (`then`, `answer_with`, `hang`, `cut_connections`, `accept_and_lose_the_answer`: see webhook.py) meet only the
request that publishes; everything else (signing in, looking) answers truly, unless `also_elsewhere` is set.
Pictures are brought by requests of their own: `then_uploads` decides over those, `pictures` holds what was taken.
`posts` holds what a follower would see. A token is asked for: `token` is the one that is let in.
"""

import json
from collections import deque
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from typing import Any

from tests.doubles.webhook import Answer, Received, WebhookServer


@dataclass(frozen=True)
class Part:
    """One part of a form: a file where it has a name."""

    file_name: str
    media_type: str
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass
class Brought:
    """A picture that the platform has, and what it was told that it shows."""

    content: bytes
    media_type: str
    alt: str = ""


class Platform(WebhookServer):
    """The base of the doubles: they say which request publishes, and answer each request by `reply`."""

    def __init__(self, token: str = "the-right-token-0123456789") -> None:
        super().__init__()
        self.token = token
        self.also_elsewhere = False
        self.published: list[dict[str, Any]] = []
        self.pictures: dict[str, Brought] = {}
        self._uploads: deque[Answer] = deque()
        self.on_get = self._get

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def is_publishing(self, request: Received) -> bool:
        raise NotImplementedError

    def is_uploading(self, request: Received) -> bool:
        """Whether this request brings a picture before the words; never where both come together."""
        return False

    def then_uploads(self, *answers: Answer | int) -> None:
        """Answer the next pictures so, one each; afterwards take them."""
        self._uploads.extend(answer if isinstance(answer, Answer) else Answer(answer) for answer in answers)

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
            if self._uploads and self.is_uploading(request):
                return self._uploads.popleft()
            if not self.is_publishing(request) and not self.also_elsewhere:
                return self.reply(request)
            fault = self._next.popleft() if self._next else self._always
            if fault == Answer():
                return self.reply(request)
            if fault.kept or (fault.kept is None and 200 <= fault.status < 300):
                self.reply(request)
            return fault


def form_of(request: Received) -> dict[str, Part]:
    """The parts of a multipart body by name, as the platform reads them."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(policy=policy.HTTP).parsebytes(head + request.body)
    parts = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        parts[name] = Part(part.get_filename() or "", part.get_content_type(), part.get_payload(decode=True) or b"")
    return parts


def answer(value: Any, status: int = 200, **headers: str) -> Answer:
    """A JSON answer."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(status, headers={"Content-Type": "application/json", **headers}, body=body)
