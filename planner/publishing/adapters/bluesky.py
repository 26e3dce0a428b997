"""An account on Bluesky (any PDS), by the `atproto` client.

`url` is the server that holds the account, `options["handle"]` its name, the secret an app password. The record key
comes from the post's uuid and `createdAt` from its due moment, so the same post is the same record at every try; it is
put with `"swapRecord": null` ("only if nothing stands there"), which the client would drop: the JSON is our own.
"""

import json
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from atproto import Client, models
from atproto.exceptions import AtProtocolError
from atproto_client.request import Request

from planner.publishing.adapters.verdict import before_posting, judge, not_answered
from planner.publishing.adapters.wire import POSTING, UPLOADING, Wire
from planner.publishing.core.bluesky import COLLECTION, blob, mentions, record, record_key
from planner.publishing.core.checked import Checked
from planner.publishing.core.outcome import NotPosted, Outcome, RefusedForGood, Sent, Unknown
from planner.publishing.core.parcel import Address, Parcel, Picture
from planner.rebuttals.core import limits

FIND_SECONDS = 10.0
TROUBLE = (AtProtocolError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError)
MOST_MENTIONS = 5  # each handle is one question before the post


def faults(address: Address) -> str:
    """ "" when server, handle and password could work, else what to mend. Asks nobody."""
    parts = urlsplit(address.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        return "The server must be a plain address, such as https://bsky.social."
    if "." not in str(address.options.get("handle") or "").strip("@."):
        return "The handle must be a full one, such as press.example.org."
    if not address.secret:
        return "The app password is missing: make one in Bluesky under Settings, Privacy and security."
    return ""


def check(address: Address, *, now: datetime) -> Checked:
    """Sign in with the app password, and out again; see Adapter."""
    wire = Wire(secrets=[address.secret])
    try:
        client = _signed_in(address, wire)
        session = client.com.atproto.server.get_session()
    except TROUBLE:
        if wire.last.status in {400, 401}:
            return Checked(False, f"{not_answered(wire)}. Make a new app password and enter it here.")
        return Checked(False, not_answered(wire))
    if session.active is False:
        return Checked(False, f"The account @{session.handle} is not active: {session.status}.")
    return Checked(True, f"It answers as @{session.handle}.")


def send(parcel: Parcel, address: Address) -> Outcome:
    """Put the record at its own key, if nothing stands there; see Adapter."""
    if too_long := [one for one in limits.counts("bluesky", parcel.text) if not one.fits]:
        return RefusedForGood(f"The text has {too_long[0].used} {too_long[0].unit}; {too_long[0].most} fit.")
    wire = Wire(secrets=[address.secret], seconds=UPLOADING if parcel.pictures else None)
    try:
        client = _signed_in(address, wire)
        dids = _dids(client, parcel.text)
        reply = _answered(client, parcel)
        for picture in parcel.pictures:
            _upload(client, picture)
    except _OtherBytes as error:
        return RefusedForGood(str(error))
    except TROUBLE:
        if _error(wire) == "RecordNotFound":
            return RefusedForGood("The part of the thread before it is gone from the channel.")
        return _not_signed_in(wire, parcel)
    if parcel.pictures:
        wire.allow(POSTING)
    return _put(client, parcel, wire, dids, reply)


def find(parcel: Parcel, address: Address) -> Outcome:
    """Whether a record stands at the post's key; see Adapter."""
    wire = Wire(secrets=[address.secret], seconds=FIND_SECONDS)
    try:
        client = _signed_in(address, wire)
    except TROUBLE:
        return Unknown(not_answered(wire))
    return _standing(client, parcel, wire)


def _signed_in(address: Address, wire: Wire) -> Client:
    client = Client(address.url.rstrip("/"), request=Request(transport=wire, trust_env=False))
    handle = str(address.options["handle"]).removeprefix("@")
    # The profile is the AppView's: a server of one's own has none, and we do not need it.
    client.login(handle, address.secret.decode(), fetch_bsky_profile=False)
    return client


def _not_signed_in(wire: Wire, parcel: Parcel) -> Outcome:
    outcome = judge(wire, now=parcel.sent_at)
    return before_posting(outcome)


def _dids(client: Client, text: str) -> dict[str, str]:
    """Who the mentioned handles are; a handle that the server does not know (400) stays plain text."""
    known = {}
    for handle in mentions(text)[:MOST_MENTIONS]:
        try:
            known[handle] = client.resolve_handle(handle).did
        except AtProtocolError as error:
            if getattr(getattr(error, "response", None), "status_code", None) not in {400, 404}:
                raise
    return known


class _OtherBytes(Exception):
    """The server names other bytes than those it was given."""


def _upload(client: Client, picture: Picture) -> None:
    """Give the server the bytes that the record will name. It forgets them by itself when no record does."""
    headers = {"Content-Type": picture.media_type}
    given: Any = client.invoke_procedure(
        "com.atproto.repo.uploadBlob", content=picture.content, headers=headers
    ).content
    link = (given.get("blob") or {}).get("ref") if isinstance(given, dict) else None
    if link != blob(picture)["ref"]:
        raise _OtherBytes("The server answered with another picture than it was given: nothing was posted.")


def _answered(client: Client, parcel: Parcel) -> dict[str, Any] | None:
    """The records before a part of a thread, by address and content, as the server has them now."""
    if parcel.before is None:
        return None
    return {name: _reference(client, uri) for name, uri in asdict(parcel.before).items()}


def _reference(client: Client, uri: str) -> dict[str, str]:
    repo, collection, rkey = uri.removeprefix("at://").split("/")
    params = models.ComAtprotoRepoGetRecord.Params(repo=repo, collection=collection, rkey=rkey)
    answer: Any = client.invoke_query("com.atproto.repo.getRecord", params=params).content
    return {"uri": uri, "cid": str(answer["cid"])}


def _put(
    client: Client, parcel: Parcel, wire: Wire, dids: dict[str, str], reply: dict[str, Any] | None = None
) -> Outcome:
    key, me = record_key(parcel.key, parcel.due_at), _did(client)
    document = {
        "repo": me,
        "collection": COLLECTION,
        "rkey": key,
        "validate": True,
        "record": _record(parcel, dids, reply),
        "swapRecord": None,
    }
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json"}
    with suppress(*TROUBLE):  # what its client makes of the answer does not matter: the wire knows
        client.invoke_procedure("com.atproto.repo.putRecord", content=content, headers=headers)
    outcome = judge(wire, now=parcel.sent_at)
    if isinstance(outcome, Sent):
        return _taken(me, key, client, outcome.detail)
    if isinstance(outcome, RefusedForGood) and _error(wire) == "InvalidSwap":
        return _standing(client, parcel, wire)  # something stands at our key: it can only be this post
    return outcome


def _record(parcel: Parcel, dids: dict[str, str], reply: dict[str, Any] | None) -> dict[str, Any]:
    made: dict[str, Any] = {"created_at": parcel.due_at, "dids": dids, "pictures": parcel.pictures, "reply": reply}
    return record(parcel.text, parcel.language, **made)


def _standing(client: Client, parcel: Parcel, wire: Wire) -> Outcome:
    key, me = record_key(parcel.key, parcel.due_at), _did(client)
    params = models.ComAtprotoRepoGetRecord.Params(repo=me, collection=COLLECTION, rkey=key)
    try:
        answer: Any = client.invoke_query("com.atproto.repo.getRecord", params=params).content
    except TROUBLE:
        if _error(wire) == "RecordNotFound":
            return NotPosted("Nothing stands at the post's record key.")
        return Unknown(not_answered(wire))
    said = answer.get("value", {}).get("text") if isinstance(answer, dict) else None
    if said != parcel.text:
        return Unknown("Another text stands at the post's record key.")
    return _taken(me, key, client, "The record stands at the post's key.")


def _did(client: Client) -> str:
    session = client._session
    return str(session.did) if session else ""


def _taken(did: str, key: str, client: Client, said: str) -> Sent:
    session = client._session
    handle = session.handle if session else did
    url = f"https://bsky.app/profile/{handle}/post/{key}"
    return Sent(remote_id=f"at://{did}/{COLLECTION}/{key}", url=url, detail=said)


def _error(wire: Wire) -> str:
    """The name of the error that the server gave, "" for none."""
    try:
        return str(json.loads(wire.last.body).get("error") or "")
    except (ValueError, AttributeError):
        return ""
