"""The press list's letter: one plain message, the same at every try."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from html import escape
from typing import Any
from uuid import UUID

from planner.publishing.core.parcel import Picture
from planner.rebuttals.core.words import first_line

NOBODY_NAMED = "undisclosed-recipients:;"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A recipient whom the server did not take: its code and words. `address` is one of the press list's."""

    address: str
    code: int
    words: str


def letter(
    *,
    key: UUID,
    text: str,
    language: str,
    attribution: str,
    sender: str,
    dated: datetime,
    pictures: Sequence[Picture] = (),
) -> EmailMessage:
    """The message with its deterministic Message-ID and date. The recipients stand only on the envelope.

    With pictures it says the same twice: as plain text with the alt texts, and as a page with the pictures in it.
    """
    message = EmailMessage(policy=policy.SMTP)
    message["Message-ID"] = message_id(key, sender)
    message["Date"] = format_datetime(dated.astimezone(UTC))
    message["From"] = sender
    message["To"] = NOBODY_NAMED
    message["Subject"] = subject(text, attribution)
    alts = "".join(f"[{one.alt}]\n\n" for one in pictures)
    message.set_content(f"{text}\n\n{alts}-- \n{attribution}\n", charset="utf-8", cte="base64")
    if pictures:
        _add_page(message, key=key, text=text, language=language, attribution=attribution, pictures=pictures)
    if language:  # last: to set the content clears every header that begins like this one
        message["Content-Language"] = language
    return message


def _add_page(
    message: EmailMessage, *, key: UUID, text: str, language: str, attribution: str, pictures: Sequence[Picture]
) -> None:
    """The letter as a page that loads nothing from anywhere: its pictures lie in it. The same bytes at every try."""
    domain = parseaddr(message["From"])[1].rpartition("@")[2]
    names = [f"{number}.{key}@{domain}" for number, _one in enumerate(pictures, 1)]
    shown = "".join(
        f'<p><img src="cid:{name}" alt="{escape(one.alt)}" width="{one.width}" height="{one.height}"></p>'
        for name, one in zip(names, pictures, strict=True)
    )
    paragraphs = "".join(f"<p>{escape(one).replace(chr(10), '<br>')}</p>" for one in text.split("\n\n"))
    page = (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8"></head>'
        f'<body><div dir="auto">{paragraphs}</div>{shown}<p dir="auto">-- <br>{escape(attribution)}</p></body></html>\n'
    )
    message.add_alternative(page, subtype="html", charset="utf-8", cte="base64")
    part: Any = list(message.iter_parts())[-1]
    for name, one in zip(names, pictures, strict=True):
        kind, _slash, subtype = one.media_type.partition("/")
        part.add_related(
            one.content, kind, subtype, cid=f"<{name}>", filename=one.file_name, disposition="inline", cte="base64"
        )
    message.set_boundary(f"words-{key}")
    part.set_boundary(f"pictures-{key}")


def message_id(key: UUID, sender: str) -> str:
    """<uuid@domain of the sender>: the same at every try, so that mail programs show a repetition once."""
    return f"<{key}@{parseaddr(sender)[1].rpartition('@')[2]}>"


def subject(text: str, attribution: str) -> str:
    """Who speaks, and the first line of what they say, on one line."""
    return f"{' '.join(attribution.split())}: {first_line(text)}"


def is_address(value: str) -> bool:
    """Whether it is one plain ASCII mail address."""
    local, at, domain = value.rpartition("@")
    plain = value.isascii() and not any(letter in value for letter in " \t\r\n<>,;\"'()[]\\:")
    return bool(plain and local and at and "." in domain.strip("."))


def missed(refusals: Iterable[Refusal]) -> str:
    """Whom the server refused and why, in one line for people; "" when nobody."""
    return "; ".join(f"{one.address} ({one.code} {one.words})" for one in refusals)
