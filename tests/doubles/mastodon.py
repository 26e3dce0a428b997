"""Mastodon, as far as an account that posts sees it. `honours_keys` False: as GoToSocial, which ignores the key."""

import html
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from tests.doubles.platform import Brought, Platform, answer, form_of
from tests.doubles.webhook import Answer, Received


class MastodonServer(Platform):
    """One account, @press. `statuses` are what its followers see; `now` stamps them."""

    honours_keys = True
    most, url_cost = 500, 23
    shows_source = False
    works_on_pictures = 0  # how often it says "not yet" about each

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2014, 6, 9, 19, 30, 2, tzinfo=UTC)
        self._asked: dict[str, int] = {}
        self._keys: dict[str, dict[str, Any]] = {}

    def is_publishing(self, request: Received) -> bool:
        return (request.method, request.path) == ("POST", "/api/v1/statuses")

    def is_uploading(self, request: Received) -> bool:
        return (request.method, request.path) == ("POST", "/api/v2/media")

    def reply(self, request: Received) -> Answer:
        if request.path.startswith("/api/v1/instance"):
            return answer(self.instance())
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return answer({"error": "The access token is invalid"}, 401)
        if self.is_publishing(request):
            return self._post(request)
        if self.is_uploading(request):
            return self._bring(request)
        if request.path.startswith("/api/v1/media/"):
            return self._work_on(request.path.rpartition("/")[2])
        if request.path == "/api/v1/accounts/verify_credentials":
            return answer(self.account())
        if request.path.startswith("/api/v1/accounts/1/statuses"):
            return answer(self.published[::-1][:40])
        return answer({"error": "Record not found"}, 404)

    def write(self, text: str, *, made: datetime | None = None) -> dict[str, Any]:
        """A status of the account, whoever posted it."""
        status = self.status(str(len(self.published) + 100), text, made or self.now)
        self.published.append(status)
        return status

    def _post(self, request: Received) -> Answer:
        form = parse_qs(request.body.decode(), keep_blank_values=True)
        text, key = form["status"][0], request.headers.get("idempotency-key", "")
        if len(text) > self.most:
            return answer({"error": "Validation failed: Text character limit of 500 exceeded"}, 422)
        if self.honours_keys and key in self._keys:
            return answer(self._keys[key])
        media = form.get("media_ids[]", [])
        if any(one not in self.pictures or self._asked[one] < self.works_on_pictures for one in media):
            return answer({"error": "Cannot attach files that have not finished processing"}, 422)
        status = self._keys[key] = self.write(text)
        status["media_attachments"] = [self._attachment(one) for one in media]
        status["media_ids"] = media
        status["language"] = form.get("language", ["en"])[0]
        status["answers"] = form.get("in_reply_to_id", [None])[0]
        return answer(status)

    def _bring(self, request: Received) -> Answer:
        form, identifier = form_of(request), str(len(self.pictures) + 1)
        file, alt = form["file"], form["description"].text if "description" in form else ""
        if len(alt) > 1500:
            return answer({"error": "Validation failed: Description is too long"}, 422)
        self.pictures[identifier], self._asked[identifier] = Brought(file.content, file.media_type, alt), 0
        return answer(self._attachment(identifier), 202 if self.works_on_pictures else 200)

    def _work_on(self, identifier: str) -> Answer:
        self._asked[identifier] += 1
        return answer(self._attachment(identifier), 200 if self._asked[identifier] >= self.works_on_pictures else 206)

    def _attachment(self, identifier: str) -> dict[str, Any]:
        url = f"https://mastodon.example.org/media/{identifier}"
        alt = self.pictures[identifier].alt
        seen = {"id": identifier, "type": "image", "url": url, "preview_url": url, "description": alt}
        return {**seen, "remote_url": None, "meta": {}, "blurhash": None}

    def instance(self) -> dict[str, Any]:
        said = {"max_characters": self.most, "max_media_attachments": 4, "characters_reserved_per_url": self.url_cost}
        return {
            "uri": "mastodon.example.org",
            "title": "A server",
            "short_description": "",
            "description": "",
            "email": "",
            "version": "4.4.0",
            "languages": ["en"],
            "registrations": False,
            "approval_required": True,
            "invites_enabled": False,
            "urls": {"streaming_api": "wss://mastodon.example.org"},
            "stats": {"user_count": 1, "status_count": 1, "domain_count": 1},
            "configuration": {"statuses": said},
            "contact_account": None,
            "rules": [],
        }

    def account(self) -> dict[str, Any]:
        stamp = "2014-06-01T00:00:00.000Z"
        url = "https://mastodon.example.org/@press"
        return {
            "id": "1",
            "username": "press",
            "acct": "press",
            "display_name": "Press",
            "locked": False,
            "bot": False,
            "group": False,
            "discoverable": True,
            "indexable": True,
            "noindex": False,
            "created_at": stamp,
            "note": "",
            "url": url,
            "uri": url,
            "avatar": url,
            "avatar_static": url,
            "avatar_description": "",
            "header": url,
            "header_static": url,
            "header_description": "",
            "followers_count": 1,
            "following_count": 1,
            "statuses_count": len(self.published),
            "last_status_at": "2014-06-09",
            "hide_collections": None,
            "emojis": [],
            "fields": [],
            "roles": [],
        }

    def status(self, identifier: str, text: str, made: datetime) -> dict[str, Any]:
        url = f"https://mastodon.example.org/@press/{identifier}"
        value = {
            "id": identifier,
            "created_at": made.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "in_reply_to_id": None,
            "in_reply_to_account_id": None,
            "sensitive": False,
            "spoiler_text": "",
            "visibility": "public",
            "language": "en",
            "uri": url,
            "url": url,
            "replies_count": 0,
            "reblogs_count": 0,
            "favourites_count": 0,
            "quotes_count": 0,
            "edited_at": None,
            "content": as_html(text),
            "reblog": None,
            "account": self.account(),
            "media_attachments": [],
            "mentions": [],
            "tags": [],
            "emojis": [],
            "card": None,
            "poll": None,
        }
        return {**value, "text": text} if self.shows_source else value


def as_html(text: str) -> str:
    """As Mastodon renders a text: paragraphs, breaks, links whose ends are hidden, handles without their server."""
    shown = html.escape(text, quote=True)
    link = r'<a href="\1\2" rel="nofollow"><span class="invisible">\1</span><span>\2</span></a>'
    shown = re.sub(r"(https://)([^\s<]+[^\s<.,!?)])", link, shown)
    handle = r'<span class="h-card"><a href="https://\2/@\1" class="u-url mention">@<span>\1</span></a></span>'
    shown = re.sub(r"(?<![\w/])@(\w+)@([\w.-]+\w)", handle, shown)
    paragraphs = [paragraph.replace("\n", "<br>") for paragraph in shown.split("\n\n")]
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
