"""A Telegram channel, by the Bot API and python-telegram-bot.

`url` is the API's server, the secret the bot's token, `options["chat"]` the channel (@name or its number). The Bot API
takes no key and cannot show what was posted: an unknown is settled by a person.
"""

import asyncio
import json
import re
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
from telegram import Bot, InputMediaPhoto
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from planner.publishing.adapters.verdict import judge, not_answered
from planner.publishing.adapters.wire import POSTING, READ, UPLOADING, Wire
from planner.publishing.core.checked import Checked
from planner.publishing.core.outcome import NotPosted, Outcome, RefusedForGood, Sent, Unknown
from planner.publishing.core.parcel import Address, Parcel
from planner.publishing.core.retry import LONGEST_ASKED
from planner.rebuttals.core import limits

Result = TypeVar("Result")
TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{10,}")
CHAT = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}|-?\d+")


def faults(address: Address) -> str:
    """ "" when token and channel could work, else what to mend. Asks nobody."""
    if urlsplit(address.url).scheme not in {"http", "https"}:
        return "The server must be a full address, such as https://api.telegram.org."
    if not CHAT.fullmatch(str(address.options.get("chat") or "")):
        return "The channel must be its public name, such as @ministry_example, or its number."
    if not TOKEN.fullmatch(address.secret.decode("utf-8", "replace")):
        return "This is not a bot's token: @BotFather gives one that looks like 123456789:AAE…"
    return ""


def check(address: Address, *, now: datetime) -> Checked:
    """Who the bot is, and whether it may post in the channel; see Adapter."""
    return _run(_check(address))


def send(parcel: Parcel, address: Address) -> Outcome:
    """One message without formatting, as the caption of its pictures where it has some; see Adapter.

    Telegram takes words and pictures in one request and has no place for alt texts: they stay here.
    """
    [count] = limits.counts("telegram", parcel.text, with_pictures=bool(parcel.pictures))
    if not count.fits:
        return RefusedForGood(f"The text has {count.used} characters as Telegram counts them; {count.most} fit.")
    return _run(_send(parcel, address))


def find(parcel: Parcel, address: Address) -> Outcome:
    """Unknown: the Bot API cannot show what stands in a channel."""
    return Unknown("Telegram cannot be asked whether it has a post.")


class _Line(BaseRequest):
    """python-telegram-bot's way out, over the wire. Nothing else happens meanwhile, so it may simply wait."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    @property
    def read_timeout(self) -> float:
        return READ

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """As python-telegram-bot does, but what is no JSON is not written into the log: it may hold the token."""
        try:
            return json.loads(payload.decode("utf-8", "replace"))
        except ValueError as error:
            raise TelegramError("Invalid server response") from error

    async def initialize(self) -> None:
        """Nothing is kept open."""

    async def shutdown(self) -> None:
        """Nothing is kept open."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_times: Any, **_limits: Any
    ) -> tuple[int, bytes]:
        # Not through httpx's client: that one writes the address into the log, and the address holds the token.
        data = request_data.json_parameters if request_data else None
        files = request_data.multipart_data if request_data else None
        try:
            answer = self._wire.handle_request(httpx.Request(method, url, data=data, files=files or None))
        except (httpx.HTTPError, OSError) as error:
            raise NetworkError("no answer") from error
        return answer.status_code, answer.content


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run it to its end in a thread of its own: whoever calls may have a loop running in this one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _check(address: Address) -> Checked:
    wire, chat = _wire(address), str(address.options["chat"])
    try:
        bot = _bot(address, wire)
        me = await bot.get_me()
        member: Any = await bot.get_chat_member(chat, me.id)
    except (TelegramError, KeyError, TypeError, ValueError):
        return Checked(False, f"{not_answered(wire)}. Is the token right, and the bot an administrator of {chat}?")
    may = member.status == "creator" or (
        member.status == "administrator" and getattr(member, "can_post_messages", False)
    )
    if not may:
        return Checked(
            False, f"@{me.username} may not post in {chat}: make it an administrator that may post messages."
        )
    return Checked(True, f"@{me.username} may post in {chat}.")


async def _posted(bot: Bot, chat: str, parcel: Parcel) -> Any:
    """The message that stands in the channel, of an album its first."""
    if not parcel.pictures:
        return await bot.send_message(chat, parcel.text)
    first, *more = parcel.pictures
    if not more:
        return await bot.send_photo(chat, first.content, caption=parcel.text, filename=first.file_name)
    album = [InputMediaPhoto(first.content, caption=parcel.text, filename=first.file_name)]  # shown as the album's own
    album += [InputMediaPhoto(one.content, filename=one.file_name) for one in more]
    return (await bot.send_media_group(chat, album))[0]


async def _send(parcel: Parcel, address: Address) -> Outcome:
    wire = Wire(secrets=[address.secret], seconds=UPLOADING + POSTING if parcel.pictures else None)
    message: Any = None
    with suppress(TelegramError, LookupError, TypeError, ValueError, AttributeError):  # the wire knows what happened
        message = await _posted(_bot(address, wire), str(address.options["chat"]), parcel)
    outcome = judge(wire, now=parcel.sent_at)
    if isinstance(outcome, NotPosted):
        return NotPosted(outcome.detail, outcome.retry_after or _asked(wire))
    if not isinstance(outcome, Sent) or message is None:
        return outcome
    name = message.chat.username
    url = f"https://t.me/{name}/{message.message_id}" if name else ""
    return Sent(remote_id=f"{message.chat.id}/{message.message_id}", url=url, detail=outcome.detail)


def _asked(wire: Wire) -> timedelta | None:
    """The wait that Telegram asks for in the answer itself."""
    try:
        seconds = json.loads(wire.last.body)["parameters"]["retry_after"]
        return min(timedelta(seconds=int(seconds)), LONGEST_ASKED)
    except (ValueError, KeyError, TypeError, OverflowError):
        return None


def _wire(address: Address) -> Wire:
    return Wire(secrets=[address.secret])


def _bot(address: Address, wire: Wire) -> Bot:
    line = _Line(wire)
    return Bot(
        address.secret.decode(), base_url=f"{address.url.rstrip('/')}/bot", request=line, get_updates_request=line
    )
