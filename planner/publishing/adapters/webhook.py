"""A signed POST to a website or relay of our own (documented for its builder in docs/webhook.md).

The receiver checks `X-Planner-Signature` over `<timestamp>.<body>`, keeps `Idempotency-Key`, and answers 2xx once it
has taken the words, optionally with JSON {"id", "url"}. A channel registered with the option `can_be_asked` also
answers GET <address>?key=<key>: 200 with the same JSON when it has them, 404 when it has not.
"""

import hashlib
import hmac
import json
import ssl
import time
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import certifi
import httpx

from planner.publishing.core.outcome import NotPosted, Outcome, RefusedForGood, Sent, Unknown
from planner.publishing.core.parcel import Address, Parcel
from planner.publishing.core.retry import asked_to_wait

LABEL = "signed webhook"
TIMEOUT = httpx.Timeout(connect=5, read=10, write=10, pool=5)
LONGEST_SECONDS = 20.0  # for the whole answer: a server that drips cannot hold a hand
LARGEST_ANSWER = 64 * 1024
# Nothing has left the house when one of these is raised.
BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
# "Come later" that cannot mean "taken": too many requests, or not in service.
COME_LATER = {429, 503}
# The answers that leave it open whether the words were taken: the same key is being worked on; the request got lost.
LEAVES_OPEN = {408, 409}


def check(address: Address) -> str:
    """ "" when the address is a full http(s) URL and there is a secret to sign with, else what to mend."""
    parts = urlsplit(address.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "The address must be a full URL, such as https://www.example.org/hooks/planner."
    if parts.username or parts.password:
        return "The address must not contain a password: put it in the secret."
    if len(address.secret) < 16:
        return "The secret must have at least 16 characters; the receiver uses the same one to check the signature."
    return ""


def send(parcel: Parcel, address: Address) -> Outcome:
    """POST the words once and say what became of them; see Adapter."""
    body = json.dumps(_document(parcel), ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(parcel.key)}
    try:
        status, answered, content = _ask("POST", address.url, body, headers | _signed(parcel, body, address))
    except BEFORE_SENDING as error:
        return NotPosted(f"No connection: {error}")
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        return RefusedForGood(f"The address cannot be used: {error}")
    except (httpx.HTTPError, OSError) as error:
        return Unknown(f"The request left, and no whole answer came: {type(error).__name__} {error}".strip())
    return _judge(status, answered, content, now=parcel.sent_at)


def find(parcel: Parcel, address: Address) -> Outcome:
    """GET the key, if the channel is one that can be asked; see Adapter."""
    if not address.options.get("can_be_asked"):
        return Unknown("This channel cannot be asked whether it has a post.")
    url = str(httpx.URL(address.url).copy_merge_params({"key": str(parcel.key)}))
    try:
        status, _answered, content = _ask("GET", url, b"", _signed(parcel, b"", address))
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return Unknown(f"The channel was asked and did not answer: {type(error).__name__} {error}".strip())
    if status == 404:
        return NotPosted("The channel was asked and says that it does not have it.")
    if status == 200:
        return _taken(content, "The channel was asked and has it.")
    return Unknown(f"The channel was asked and answered {status}.")


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """The value of X-Planner-Signature: HMAC-SHA-256 over timestamp, a full stop and the body."""
    return "sha256=" + hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _document(parcel: Parcel) -> dict[str, Any]:
    return {
        "id": str(parcel.key),
        "text": parcel.text,
        "language": parcel.language,
        "channel": parcel.channel,
        "attribution": parcel.attribution,
        "claim": str(parcel.claim),
        "due_at": _instant(parcel.due_at),
        "sent_at": _instant(parcel.sent_at),
    }


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _signed(parcel: Parcel, body: bytes, address: Address) -> dict[str, str]:
    timestamp = str(int(parcel.sent_at.timestamp()))
    return {
        "User-Agent": "planner-webhook/1",
        "X-Planner-Timestamp": timestamp,
        "X-Planner-Signature": signature(address.secret, timestamp, body),
    }


def _ask(method: str, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, httpx.Headers, bytes]:
    """One request, no redirects; the status as soon as it is known, and as much of the answer as may be read."""
    until = time.monotonic() + LONGEST_SECONDS
    with (
        # A connection of its own for every post: a kept one that the server has closed would leave us in doubt.
        httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False, verify=_authorities()) as client,
        client.stream(method, url, content=body, headers=headers) as response,
    ):
        content = b""
        try:
            for chunk in response.iter_raw(8192):
                content += chunk
                if len(content) > LARGEST_ANSWER or time.monotonic() > until:
                    break
        except httpx.HTTPError:
            pass  # the status line has come: that is the answer, its explanation is not worth a doubt
        return response.status_code, response.headers, content[:LARGEST_ANSWER]


@cache
def _authorities() -> ssl.SSLContext:
    """Whom we believe about certificates. Read once: it takes longer than a post."""
    return ssl.create_default_context(cafile=certifi.where())


def _judge(status: int, headers: httpx.Headers, content: bytes, *, now: datetime) -> Outcome:
    said = f"The channel answered {status}{_words(content)}"
    if 200 <= status < 300:
        return _taken(content, said)
    if status in COME_LATER:
        return NotPosted(said, asked_to_wait(headers.get("Retry-After"), now=now))
    if status in {307, 308}:
        return RefusedForGood(f"{said}: the address has moved to {headers.get('Location', 'nowhere')[:200]}")
    if 400 <= status < 500 and status not in LEAVES_OPEN:
        return RefusedForGood(said)
    return Unknown(said)


def _taken(content: bytes, said: str) -> Sent:
    try:
        answer = json.loads(content)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        return Sent(detail=said)
    return Sent(remote_id=str(answer.get("id") or "")[:300], url=_http_url(answer.get("url")), detail=said)


def _http_url(value: object) -> str:
    """Only a web address may become a link on our pages."""
    text = str(value or "")
    return text if len(text) <= 500 and urlsplit(text).scheme in {"http", "https"} else ""


def _words(content: bytes) -> str:
    words = " ".join(content[:300].decode("utf-8", "replace").split())
    return f": {words}" if words else ""
