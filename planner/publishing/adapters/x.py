"""An account on X, by tweepy (API v2, OAuth 1.0a user context).

The secret is a JSON object with `consumer_key`, `consumer_secret`, `access_token` and `access_token_secret`; `url` is
the API's server. X takes no key; it refuses the same text twice within a while (403), and may be asked for the
account's own latest posts where the subscription allows it.
"""

import html
import json
import unicodedata
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
import tweepy

from planner.publishing.adapters.session import WireSession
from planner.publishing.adapters.verdict import before_posting, judge, not_answered
from planner.publishing.adapters.wire import POSTING, SECONDS, UPLOADING, Wire
from planner.publishing.core.checked import Checked
from planner.publishing.core.outcome import NotPosted, Outcome, RefusedForGood, Sent, Unknown
from planner.publishing.core.parcel import Address, Parcel, Picture

PARTS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
INSISTED_ON = "https://api.twitter.com"  # the server that tweepy always asks
FIND_SECONDS = 10.0
LOOKED_THROUGH = 20
SKEW = timedelta(minutes=2)
TROUBLE = (tweepy.TweepyException, requests.RequestException, ValueError, KeyError, TypeError, AttributeError)
# Only "too many requests" is certain here: a 503 of X may come from in front of a post that was taken.
COME_LATER = frozenset({429})


def faults(address: Address) -> str:
    """ "" when the four keys are there, else what to mend. Asks nobody."""
    if urlsplit(address.url).scheme not in {"http", "https"}:
        return "The server must be a full address, such as https://api.x.com."
    missing = [part.replace("_", " ") for part in PARTS if not _keys(address).get(part)]
    if missing:
        return f"Missing: {', '.join(missing)}. All four stand in X's developer portal under Keys and tokens."
    return ""


def check(address: Address, *, now: datetime) -> Checked:
    """Whose keys they are; see Adapter. That they may write, X tells only in a header."""
    wire = _wire(address, SECONDS)
    try:
        me: Any = _client(address, wire).get_me(user_auth=True)
        name = str(me.data.username)
    except TROUBLE:
        if wire.last.status in {401, 403}:
            return Checked(False, f"{not_answered(wire)}. Make the keys anew and enter them here.")
        return Checked(False, not_answered(wire))
    wanted = str(address.options.get("handle") or "").removeprefix("@")
    if wanted and wanted.lower() != name.lower():
        return Checked(False, f"The keys belong to @{name}, not to @{wanted}.")
    if wire.last.headers.get("x-access-level", "read-write") == "read":
        return Checked(False, f"The keys of @{name} may only read: set the app to read and write, make them anew.")
    return Checked(True, f"It answers as @{name}.")


def send(parcel: Parcel, address: Address) -> Outcome:
    """One post; see Adapter."""
    wire = _wire(address, UPLOADING if parcel.pictures else SECONDS)
    client = _client(address, wire)
    try:
        media = [_uploaded(client, picture) for picture in parcel.pictures]
    except TROUBLE as error:
        return _not_uploaded(wire, error, now=parcel.sent_at)
    if media:
        wire.allow(POSTING)
    answer: Any = None
    with suppress(*TROUBLE):  # what its client makes of the answer does not matter: the wire knows
        media_ids, answered = media or None, parcel.before.parent if parcel.before else None
        answer = client.create_tweet(
            text=parcel.text, media_ids=media_ids, in_reply_to_tweet_id=answered, user_auth=True
        )
    outcome = judge(wire, now=parcel.sent_at, come_later=COME_LATER)
    if isinstance(outcome, Sent):
        return _taken(answer, outcome.detail)
    if isinstance(outcome, RefusedForGood) and "duplicate" in outcome.detail.lower():
        return Unknown(f"X says that these words stand there already. {outcome.detail}")
    return outcome


def find(parcel: Parcel, address: Address) -> Outcome:
    """Whether one of the account's latest posts, not older than the post's own moment, says these words."""
    wire = _wire(address, FIND_SECONDS)
    try:
        client = _client(address, wire)
        me: Any = client.get_me(user_auth=True)
        found: Any = client.get_users_tweets(
            me.data.id, max_results=LOOKED_THROUGH, tweet_fields=["created_at", "entities"], user_auth=True
        )
        for tweet in found.data or []:
            if tweet.created_at >= parcel.due_at - SKEW and _bare(_written(tweet)) == _bare(parcel.text):
                return Sent(str(tweet.id), _url(tweet.id), "The account has it among its latest posts.")
    except TROUBLE:
        return Unknown(not_answered(wire))
    return NotPosted("None of the account's latest posts says these words.")


def _uploaded(client: tweepy.Client, picture: Picture) -> str:
    """X's id of a picture that has its alt text. Raises what its client raises.

    tweepy uploads by an interface that X has switched off (tweepy #2217): the request is ours, its signature tweepy's.
    """
    name = (picture.file_name, picture.content, picture.media_type)
    handler = tweepy.OAuth1UserHandler(
        client.consumer_key, client.consumer_secret, client.access_token, client.access_token_secret
    )
    answer = client.session.post(
        f"{INSISTED_ON}/2/media/upload",
        data={"media_category": "tweet_image"},
        files={"media": name},
        auth=handler.apply_auth(),
    )
    answer.raise_for_status()
    identifier = str(answer.json()["data"]["id"])
    described = {"id": identifier, "metadata": {"alt_text": {"text": picture.alt}}}
    client.request("POST", "/2/media/metadata", json=described, user_auth=True)
    return identifier


def _not_uploaded(wire: Wire, error: Exception, *, now: datetime) -> Outcome:
    if wire.last.status is not None and wire.last.status < 300:
        return RefusedForGood(wire.say(f"X took a picture and did not say which: {error}"))
    return before_posting(judge(wire, now=now, come_later=COME_LATER))


def _keys(address: Address) -> dict[str, str]:
    try:
        given = json.loads(address.secret or b"{}")
    except ValueError:
        return {}
    return {part: str(given.get(part) or "") for part in PARTS} if isinstance(given, dict) else {}


def _wire(address: Address, seconds: float) -> Wire:
    return Wire(secrets=_keys(address).values(), seconds=seconds)


def _client(address: Address, wire: Wire) -> tweepy.Client:
    client = tweepy.Client(**_keys(address), wait_on_rate_limit=False)
    client.session = WireSession(wire, onto=(INSISTED_ON, address.url.rstrip("/")))
    return client


def _taken(answer: Any, said: str) -> Sent:
    try:
        identifier = str(answer.data["id"])
    except (AttributeError, KeyError, TypeError):
        return Sent(detail=said)
    return Sent(identifier[:300], _url(identifier), said) if identifier.isdigit() else Sent(detail=said)


def _url(identifier: object) -> str:
    return f"https://x.com/i/web/status/{identifier}"


def _written(tweet: Any) -> str:
    """The text with its links as they were written: X puts its own short ones there."""
    text = html.unescape(tweet.text)
    for link in (tweet.entities or {}).get("urls", []):
        text = text.replace(link["url"], link.get("expanded_url") or link["url"])
    return text


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())
