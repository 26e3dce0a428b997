"""X's API v2, as far as an account that posts sees it; OAuth 1.0a signatures are checked by oauthlib."""

import json
from typing import Any

from oauthlib.common import Request as OAuthRequest
from oauthlib.oauth1.rfc5849 import signature

from tests.doubles.platform import Brought, Platform, answer, form_of
from tests.doubles.webhook import Answer, Received

KEYS = {
    "consumer_key": "consumer-key-0123456789",
    "consumer_secret": "consumer-secret-0123456789",
    "access_token": "42-access-token-0123456789",
    "access_token_secret": "access-token-secret-0123456789",
}


class XServer(Platform):
    """One account, @ministry. Links in a post become short ones, as there."""

    made_at = "2014-06-09T19:30:02.000Z"
    access = "read-write"
    may_read = True

    def is_publishing(self, request: Received) -> bool:
        return (request.method, request.path) == ("POST", "/2/tweets")

    def is_uploading(self, request: Received) -> bool:
        return request.method == "POST" and request.path.startswith("/2/media/")

    def reply(self, request: Received) -> Answer:
        if not self._is_signed(request):
            return answer({"title": "Unauthorized", "status": 401, "detail": "Unauthorized"}, 401)
        if self.is_publishing(request):
            return self._post(json.loads(request.body))
        if self.is_uploading(request):
            return self._bring(request)
        if request.path.startswith("/2/users/me"):
            return answer({"data": {"id": "42", "name": "Ministry", "username": "ministry"}})
        if not self.may_read:
            return answer({"title": "Client Forbidden", "status": 403, "detail": "When authenticating"}, 403)
        return answer({"data": self.published[::-1], "meta": {"result_count": len(self.published)}})

    def _bring(self, request: Received) -> Answer:
        if request.path == "/2/media/metadata":
            given = json.loads(request.body)
            alt = given["metadata"]["alt_text"]["text"]
            if len(alt) > 1000:
                return answer({"title": "Invalid Request", "status": 400}, 400)
            self.pictures[given["id"]].alt = alt
            return answer({"data": {"id": given["id"], "associated_metadata": {"alt_text": {"text": alt}}}})
        file, identifier = form_of(request)["media"], str(1146 + len(self.pictures))
        self.pictures[identifier] = Brought(file.content, file.media_type)
        return answer({"data": {"id": identifier, "media_key": f"3_{identifier}", "size": len(file.content)}})

    def _post(self, given: dict[str, Any]) -> Answer:
        text, media = given["text"], given.get("media", {}).get("media_ids", [])
        if any(one not in self.pictures for one in media):
            return answer({"title": "Invalid Request", "detail": "Your media IDs are invalid."}, 400)
        if any(post["written"] == text for post in self.published):
            words = "You are not allowed to create a Tweet with duplicate content."
            return answer({"title": "Forbidden", "status": 403, "detail": words}, 403)
        post = self.write(text)
        post["media_ids"] = media
        post["answers"] = (given.get("reply") or {}).get("in_reply_to_tweet_id")
        return answer({"data": {"id": post["id"], "text": post["text"]}}, 201)

    def write(self, text: str) -> dict[str, Any]:
        words, urls = [], []
        for word in text.split(" "):
            if word.startswith("https://"):
                urls.append({"url": f"https://t.co/{len(urls)}abcdefghi", "expanded_url": word, "start": 0, "end": 1})
                word = urls[-1]["url"]
            words.append(word.replace("&", "&amp;"))
        post: dict[str, Any] = {"id": str(1700 + len(self.published)), "text": " ".join(words), "written": text}
        post |= {"created_at": self.made_at, "edit_history_tweet_ids": [post["id"]]}
        if urls:
            post["entities"] = {"urls": urls}
        self.published.append(post)
        return post

    def _is_signed(self, request: Received) -> bool:
        header = request.headers.get("authorization", "")
        if not header.startswith("OAuth "):
            return False
        path, _mark, query = request.path.partition("?")
        claim = OAuthRequest(f"{self.base}{path}", request.method)
        given = {"uri_query": query, "headers": {"Authorization": header}}
        claim.params = signature.collect_parameters(**given)
        claim.signature = dict(signature.collect_parameters(**given, exclude_oauth_signature=False))["oauth_signature"]
        named = dict(claim.params)
        if (named.get("oauth_consumer_key"), named.get("oauth_token")) != (KEYS["consumer_key"], KEYS["access_token"]):
            return False
        return bool(signature.verify_hmac_sha1(claim, KEYS["consumer_secret"], KEYS["access_token_secret"]))
