"""A PDS, as far as an account that posts sees it: what the adapter asks of com.atproto. The real one: pds.py."""

import base64
import hashlib
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.doubles.platform import Brought, Platform, answer
from tests.doubles.webhook import Answer, Received

DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
HANDLE = "press.example.org"


class BlueskyServer(Platform):
    """One account, @press.example.org. `records` by record key; the others whom it knows stand in `people`."""

    active = True

    def __init__(self) -> None:
        super().__init__(token="abcd-efgh-ijkl-mnop")
        self.records: dict[str, dict[str, Any]] = {}
        self.people = {"friend.example.org": "did:plc:z72i7hdynmk6r22z27h6tvur"}

    def is_publishing(self, request: Received) -> bool:
        return request.path == "/xrpc/com.atproto.repo.putRecord"

    def is_uploading(self, request: Received) -> bool:
        return request.path == "/xrpc/com.atproto.repo.uploadBlob"

    def reply(self, request: Received) -> Answer:
        parts = urlsplit(request.path)
        method, asked = parts.path.removeprefix("/xrpc/"), {k: v[0] for k, v in parse_qs(parts.query).items()}
        if method == "com.atproto.server.createSession":
            return self._session(json.loads(request.body))
        if request.headers.get("authorization") != f"Bearer {_jwt()}":
            return answer({"error": "InvalidToken", "message": "Token could not be verified"}, 400)
        if method == "com.atproto.server.getSession":
            return answer({"handle": HANDLE, "did": DID, "active": self.active, "status": "takendown"})
        if method == "com.atproto.repo.uploadBlob":
            return self._bring(request)
        if method == "com.atproto.identity.resolveHandle":
            did = self.people.get(asked["handle"])
            return answer({"did": did}) if did else _no("InvalidRequest", "Unable to resolve handle")
        if method == "com.atproto.repo.getRecord":
            value = self.records.get(asked["rkey"])
            return answer(_stands(asked["rkey"], value)) if value else _no("RecordNotFound", "Could not locate record")
        return self._put(json.loads(request.body))

    def _session(self, given: dict[str, Any]) -> Answer:
        if given != {"identifier": HANDLE, "password": self.token}:
            return answer({"error": "AuthenticationRequired", "message": "Invalid identifier or password"}, 401)
        tokens = {"accessJwt": _jwt(), "refreshJwt": _jwt()}
        return answer({"did": DID, "handle": HANDLE, "active": True, **tokens})

    def _bring(self, request: Received) -> Answer:
        media_type = request.headers["content-type"]
        link = cid(request.body)
        self.pictures[link] = Brought(request.body, media_type)
        blob = {"$type": "blob", "ref": {"$link": link}, "mimeType": media_type, "size": len(request.body)}
        return answer({"blob": blob})

    def _put(self, given: dict[str, Any]) -> Answer:
        rkey, record = given["rkey"], given["record"]
        for shown in record.get("embed", {}).get("images", []):
            known = self.pictures.get(shown["image"]["ref"]["$link"])
            if known is None or len(known.content) > 1_000_000 or shown["image"]["size"] != len(known.content):
                return _no("BlobTooLarge" if known else "BlobNotFound", "This file is too large, or not here")
            known.alt = shown["alt"]
        if len(record["text"].encode()) > 3000:
            return _no("InvalidRecord", "Record/text must not be longer than 3000 bytes")
        standing = self.records.get(rkey)
        if "swapRecord" in given and given["swapRecord"] is None and standing not in (None, record):
            return _no("InvalidSwap", "Record was at another place")
        if standing is None:
            self.published.append(record)
        self.records[rkey] = record
        return answer(_stands(rkey, record))


def _stands(rkey: str, record: Any) -> dict[str, Any]:
    uri = f"at://{DID}/app.bsky.feed.post/{rkey}"
    cid = "bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm"
    return {"uri": uri, "cid": cid, "value": record, "validationStatus": "valid"}


def cid(content: bytes) -> str:
    """CIDv1 of raw bytes, as a PDS computes it."""
    digest = hashlib.sha256(content).digest()
    return "b" + base64.b32encode(bytes([1, 0x55, 0x12, 32]) + digest).decode().lower().rstrip("=")


def _no(error: str, words: str) -> Answer:
    return answer({"error": error, "message": words}, 400)


def _jwt() -> str:
    """Tokens that live for an hour of today: the client looks at `exp`."""
    hour = int(time.time()) // 3600 * 3600 + 7200
    parts = ({"alg": "HS256", "typ": "at+jwt"}, {"scope": "com.atproto.access", "sub": DID, "iat": 0, "exp": hour})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, "c2lnbmF0dXJl"])
