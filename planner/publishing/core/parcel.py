"""What an adapter is given: plain values, so that it needs neither rows nor settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Address:
    """Where a channel lives and how it is entered. `secret` is open here and must not be logged (kept out of repr)."""

    url: str
    secret: bytes = field(repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parcel:
    """The approved words for one channel. `key` is the post's uuid: the same at every try."""

    key: UUID
    text: str
    language: str
    channel: str
    attribution: str
    claim: UUID
    due_at: datetime
    sent_at: datetime
