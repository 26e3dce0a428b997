"""A signed POST to a website or relay of our own (documented for its builder in docs/webhook.md).

The receiver checks `X-Planner-Signature` over `<timestamp>.<body>`, keeps `Idempotency-Key`, and answers 2xx once it
has taken the words, optionally with JSON {"id", "url"}. A channel registered with the option `can_be_asked` also
answers GET <address>?key=<key>: 200 with the same JSON when it has them, 404 when it has not.
"""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from planner.publishing.adapters.verdict import judge, not_answered
from planner.publishing.adapters.wire import POSTING, UPLOADING, Wire
from planner.publishing.core.checked import Checked
from planner.publishing.core.outcome import NotPosted, Outcome, RefusedForGood, Sent, Unknown
from planner.publishing.core.parcel import Address, Parcel, Picture

NO_POST = UUID(int=0)  # the key that a rehearsal asks for


def faults(address: Address) -> str:
    """ "" when the address is a full http(s) URL and there is a secret to sign with, else what to mend."""
    parts = urlsplit(address.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "The address must be a full URL, such as https://www.example.org/hooks/planner."
    if parts.username or parts.password:
        return "The address must not contain a password: put it in the secret."
    if len(address.secret) < 16:
        return "The secret must have at least 16 characters; the receiver uses the same one to check the signature."
    return ""


def check(address: Address, *, now: datetime) -> Checked:
    """Ask for a key that no post has, where the channel can be asked; see Adapter."""
    if not address.options.get("can_be_asked"):
        return Checked(True, "It cannot be asked; its address and secret look right.")
    wire = _wire(address)
    status = _asked(wire, address, NO_POST, at=now)
    if status in {200, 404}:
        return Checked(True, "It was asked and answers.")
    return Checked(False, not_answered(wire))


def send(parcel: Parcel, address: Address) -> Outcome:
    """POST the words once and say what became of them; see Adapter."""
    body = json.dumps(_document(parcel), ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(parcel.key)}
    wire = _wire(address)
    if parcel.pictures:
        wire.allow(UPLOADING + POSTING)  # they are part of the one request
    try:
        with wire.client() as client:
            client.post(address.url, content=body, headers=headers | _signed(parcel.sent_at, body, address))
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        return RefusedForGood(wire.say(f"The address cannot be used: {error}"))
    except (httpx.HTTPError, OSError):
        pass  # the wire knows
    outcome = judge(wire, now=parcel.sent_at)
    return _taken(wire.last.body, outcome.detail) if isinstance(outcome, Sent) else outcome


def find(parcel: Parcel, address: Address) -> Outcome:
    """GET the key, if the channel is one that can be asked; see Adapter."""
    if not address.options.get("can_be_asked"):
        return Unknown("This channel cannot be asked whether it has a post.")
    wire = _wire(address)
    status = _asked(wire, address, parcel.key, at=parcel.sent_at)
    if status == 404:
        return NotPosted("The channel was asked and says that it does not have it.")
    if status == 200:
        return _taken(wire.last.body, "The channel was asked and has it.")
    return Unknown(not_answered(wire))


def _wire(address: Address) -> Wire:
    return Wire(secrets=[address.secret])


def _asked(wire: Wire, address: Address, key: UUID, *, at: datetime) -> int | None:
    """The status of a GET for the key, None when no answer came."""
    try:
        url = httpx.URL(address.url).copy_merge_params({"key": str(key)})
        with wire.client() as client:
            client.get(url, headers=_signed(at, b"", address))
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        pass  # the wire knows
    return wire.last.status


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """The value of X-Planner-Signature: HMAC-SHA-256 over timestamp, a full stop and the body."""
    return "sha256=" + hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _document(parcel: Parcel) -> dict[str, Any]:
    pictures = {"pictures": [_picture(one) for one in parcel.pictures]} if parcel.pictures else {}
    return {
        **pictures,
        "id": str(parcel.key),
        "text": parcel.text,
        "language": parcel.language,
        "channel": parcel.channel,
        "attribution": parcel.attribution,
        "claim": str(parcel.claim),
        "due_at": _instant(parcel.due_at),
        "sent_at": _instant(parcel.sent_at),
    }


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "alt": picture.alt,
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
        "sha256": picture.sha256,
        "content": base64.b64encode(picture.content).decode(),
    }


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _signed(at: datetime, body: bytes, address: Address) -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    return {
        "User-Agent": "planner-webhook/1",
        "X-Planner-Timestamp": timestamp,
        "X-Planner-Signature": signature(address.secret, timestamp, body),
    }


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
