"""The press list's letter: one plain message, the same at every try."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from uuid import UUID

from planner.rebuttals.core.words import first_line

NOBODY_NAMED = "undisclosed-recipients:;"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A recipient whom the server did not take: its code and words. `address` is one of the press list's."""

    address: str
    code: int
    words: str


def letter(*, key: UUID, text: str, language: str, attribution: str, sender: str, dated: datetime) -> EmailMessage:
    """The message with its deterministic Message-ID and date. The recipients stand only on the envelope."""
    message = EmailMessage(policy=policy.SMTP)
    message["Message-ID"] = message_id(key, sender)
    message["Date"] = format_datetime(dated.astimezone(UTC))
    message["From"] = sender
    message["To"] = NOBODY_NAMED
    message["Subject"] = subject(text, attribution)
    if language:
        message["Content-Language"] = language
    message.set_content(f"{text}\n\n-- \n{attribution}\n", charset="utf-8", cte="base64")
    return message


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
