"""What an adapter is given: plain values, so that it needs neither rows nor settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from planner.rebuttals.core.pictures import Facts


@dataclass(frozen=True, slots=True)
class Address:
    """Where a channel lives and how it is entered. `secret` is open here and must not be logged (kept out of repr)."""

    url: str
    secret: bytes = field(repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """An approved picture: its very bytes, and what it shows in the language of the words."""

    content: bytes = field(repr=False)
    media_type: str  # image/jpeg or image/png
    width: int
    height: int
    alt: str
    sha256: str

    @property
    def file_name(self) -> str:
        """What it is called where a file must have a name; nothing about us."""
        return f"{self.sha256[:12]}.{'png' if self.media_type == 'image/png' else 'jpg'}"

    @property
    def facts(self) -> Facts:
        """What a channel asks of it."""
        return Facts(len(self.content), self.width, self.height, self.alt)


@dataclass(frozen=True, slots=True)
class Before:
    """What stands before a part of a thread on the channel, as its adapter named it: the first part, and the last."""

    root: str
    parent: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """The approved words and pictures for one channel. `key` is the post's uuid: the same at every try.

    When a channel is asked whether it has a post, the pictures are left out. `before`: what a part of a thread answers;
    None for a text that stands by itself, and for a thread's first part.
    """

    key: UUID
    text: str
    language: str
    channel: str
    attribution: str
    claim: UUID
    due_at: datetime
    sent_at: datetime
    pictures: tuple[Picture, ...] = ()
    before: Before | None = None
