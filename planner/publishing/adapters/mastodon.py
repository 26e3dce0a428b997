"""An account on Mastodon or a server that speaks its API, by Mastodon.py.

`url` is the server, the secret an access token (read:accounts, read:statuses, write:statuses, write:media for
pictures), `options["handle"]` the account's name there. The Idempotency-Key is sent and never relied on: Mastodon keeps
it for an hour, GoToSocial ignores it. So `find` reads the account's own recent statuses. Pictures are brought first;
a server that never sees their status forgets them.
"""

import html
import re
import time
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import regex
from mastodon import Mastodon, MastodonError

from planner.publishing.adapters.session import WireSession
from planner.publishing.adapters.verdict import before_posting, judge, not_answered
from planner.publishing.adapters.wire import POSTING, READ, SECONDS, UPLOADING, Wire
from planner.publishing.core.checked import Checked
from planner.publishing.core.outcome import NotPosted, Outcome, RefusedForGood, Sent, Unknown
from planner.publishing.core.parcel import Address, Parcel, Picture
from planner.rebuttals.core.entities import HANDLE

SPOKEN = "4.0.0"  # the interface that we speak; servers that are not Mastodon have it too
FIND_SECONDS = 10.0
PROCESSING = {202, 206}  # the server has the picture and still works on it
PAUSE = 0.5  # seconds between two looks at it
SLOW = "The server still works on a picture: nothing was posted."
LOOKED_THROUGH = 40  # the account's latest statuses: what one request gives
SKEW = timedelta(minutes=2)  # between their clock and ours


def faults(address: Address) -> str:
    """ "" when server and token could work, else what to mend. Asks nobody."""
    parts = urlsplit(address.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        return "The server must be a plain address, such as https://mastodon.example.org."
    if not address.secret:
        return "The access token is missing: make one on the server under Preferences, Development."
    return ""


def check(address: Address, *, now: datetime) -> Checked:
    """Whose token it is, whether it may post, and how long a text the server takes; see Adapter."""
    wire = _wire(address, SECONDS)
    try:
        client = _client(address, wire)
        account = client.account_verify_credentials()
        wanted = str(address.options.get("handle") or "").removeprefix("@").split("@")[0]
        if wanted and str(account["acct"]).lower() != wanted.lower():
            return Checked(False, f"The token belongs to @{account['acct']}, not to @{wanted}.")
        limit, url_cost = _limits(client.instance_v1())
    except (MastodonError, KeyError, TypeError, ValueError) as error:
        return Checked(False, _reason(wire, error))
    return Checked(True, wire.say(f"It answers as @{account['acct']}."), limit=limit, url_cost=url_cost)


def send(parcel: Parcel, address: Address) -> Outcome:
    """One public status; see Adapter."""
    wire = _wire(address, UPLOADING if parcel.pictures else SECONDS)
    try:
        client = _client(address, wire)
        media = [_uploaded(client, wire, picture) for picture in parcel.pictures]
    except (MastodonError, KeyError, TypeError, ValueError) as error:
        return _not_uploaded(wire, error, now=parcel.sent_at)
    if media:
        wire.allow(POSTING)
    try:
        status: Any = client.status_post(
            parcel.text,
            visibility="public",
            in_reply_to_id=parcel.before.parent if parcel.before else None,
            language=parcel.language.split("-")[0] or None,
            idempotency_key=str(parcel.key),
            media_ids=media or None,
        )
    except (MastodonError, ValueError, TypeError):
        status = None  # what its client made of it does not matter: the wire knows
    outcome = judge(wire, now=parcel.sent_at)
    return _taken(status, outcome.detail) if isinstance(outcome, Sent) else outcome


def find(parcel: Parcel, address: Address) -> Outcome:
    """Whether one of the account's latest statuses, not older than the post's own moment, says these words."""
    wire = _wire(address, FIND_SECONDS)
    try:
        client = _client(address, wire)
        me = client.account_verify_credentials()
        statuses = client.account_statuses(me["id"], exclude_reblogs=True, limit=LOOKED_THROUGH)
        for status in statuses:
            if _is_it(status, parcel):
                return _taken(status, "The account has it among its latest statuses.")
    except (MastodonError, KeyError, TypeError, ValueError):
        return Unknown(not_answered(wire))
    return NotPosted(f"None of the account's latest {len(statuses)} statuses says these words.")


def _uploaded(client: Any, wire: Wire, picture: Picture) -> str:
    """The server's id of a picture with its alt text, once it has processed it. Raises what its client raises."""
    given = client.media_post(
        picture.content, mime_type=picture.media_type, description=picture.alt, file_name=picture.file_name
    )
    while wire.last.status in PROCESSING:
        if wire.left < PAUSE:
            raise MastodonError(SLOW)
        time.sleep(PAUSE)
        client.media(given["id"])
    return str(given["id"])


def _not_uploaded(wire: Wire, error: Exception, *, now: datetime) -> Outcome:
    if wire.last.status in PROCESSING:
        return NotPosted(SLOW)
    outcome = before_posting(judge(wire, now=now))
    if isinstance(outcome, NotPosted) and wire.last.status is not None and wire.last.status < 300:
        return RefusedForGood(wire.say(f"The answer is not that of a Mastodon server: {error}"))
    return outcome


def _wire(address: Address, seconds: float) -> Wire:
    return Wire(secrets=[address.secret], seconds=seconds)


def _client(address: Address, wire: Wire) -> Any:
    return Mastodon(
        api_base_url=address.url.rstrip("/"),
        access_token=address.secret.decode(),
        session=WireSession(wire),
        request_timeout=READ,
        ratelimit_method="throw",  # the default waits, and blocks a hand
        version_check_mode="created",
        mastodon_version=SPOKEN,  # said, not asked: its client asks for ever when there is no answer
        user_agent="planner",
    )


def _limits(instance: Any) -> tuple[int | None, int | None]:
    """(most characters, cost of a link) as the server says; None where it does not."""
    said = (instance.get("configuration") or {}).get("statuses") or {}
    most = said.get("max_characters") or instance.get("max_toot_chars")
    cost = said.get("characters_reserved_per_url")
    return int(most) if most else None, int(cost) if cost else None


def _taken(status: Any, said: str) -> Sent:
    if not isinstance(status, dict):
        return Sent(detail=said)
    url = str(status.get("url") or "")
    is_link = len(url) <= 500 and urlsplit(url).scheme in {"http", "https"}
    return Sent(remote_id=str(status.get("id") or "")[:300], url=url if is_link else "", detail=said)


def _is_it(status: Any, parcel: Parcel) -> bool:
    made = status["created_at"]
    made = made if isinstance(made, datetime) else datetime.fromisoformat(str(made))
    made = made if made.tzinfo else made.replace(tzinfo=UTC)
    if made < parcel.due_at - SKEW:
        return False
    written = status.get("text")  # servers that keep the source give it
    return _bare(written if written else _shown(str(status["content"]))) == _bare(parcel.text)


def _shown(content: str) -> str:
    """The text of a status's HTML; the hidden parts of its links belong to it."""
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<br\s*/?>|</p>", " ", content)))


def _bare(text: str) -> str:
    """Only what two servers write alike: no space, no server behind a handle (a status shows @name alone)."""
    return "".join(unicodedata.normalize("NFC", regex.sub(HANDLE, r"\1", text)).split())


def _reason(wire: Wire, error: Exception) -> str:
    if wire.last.status in {401, 403}:
        return f"{not_answered(wire)}. Make a new access token and enter it here."
    if wire.last.status is not None and wire.last.status < 300:
        return wire.say(f"The answer is not that of a Mastodon server: {error}")
    return not_answered(wire)
