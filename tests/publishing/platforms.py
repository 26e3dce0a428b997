"""The doubles of the platforms, each with the address at which an adapter finds it."""

import hashlib
import io
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image

from planner.publishing.core.parcel import Address, Parcel, Picture
from tests.doubles.bluesky import HANDLE, BlueskyServer
from tests.doubles.mastodon import MastodonServer
from tests.doubles.platform import Platform
from tests.doubles.telegram import TelegramServer
from tests.doubles.x import KEYS, XServer

DUE = datetime(2014, 6, 9, 19, 30, tzinfo=UTC)
NOW = DUE + timedelta(seconds=1)
TEXT = "المدينة صامدة. The city stands & holds.\n\nSee https://example.org/facts?a=1 and @friend.example.org #facts"


@dataclass(frozen=True)
class Kind:
    """How to start a platform's double and how a channel on it is entered."""

    make: Callable[[], Platform]
    secret: Callable[[Platform], str]
    options: dict[str, Any]
    can_be_asked: bool = True


PLATFORMS = {
    "mastodon": Kind(MastodonServer, lambda server: server.token, {"handle": "@press"}),
    "bluesky": Kind(BlueskyServer, lambda server: server.token, {"handle": HANDLE}),
    "telegram": Kind(TelegramServer, lambda server: server.token, {"chat": "@ministry_example"}, can_be_asked=False),
    "x": Kind(XServer, lambda server: json.dumps(KEYS), {"handle": "@ministry"}),
}


def address_of(kind: str, server: Platform, **changes: Any) -> Address:
    """The right address of a channel on this double."""
    platform = PLATFORMS[kind]
    words = {"url": server.base, "secret": platform.secret(server).encode(), "options": platform.options, **changes}
    return Address(**words)


def a_picture(colour: str = "teal", alt: str = "The dam, whole. السد سليم") -> Picture:
    """A small PNG of one colour."""
    written = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(written, "PNG")
    content = written.getvalue()
    return Picture(content, "image/png", 64, 48, alt, hashlib.sha256(content).hexdigest())


def parcel(text: str = TEXT, **changes: Any) -> Parcel:
    words: dict[str, Any] = {
        "key": uuid.UUID("0191b0a0-0000-4000-8000-000000000001"),
        "text": text,
        "language": "ar",
        "channel": "Official account",
        "attribution": "Ministry of Examples",
        "claim": uuid.UUID("0191b0a0-0000-4000-8000-000000000002"),
        "due_at": DUE,
        "sent_at": NOW,
        **changes,
    }
    return Parcel(**words)
