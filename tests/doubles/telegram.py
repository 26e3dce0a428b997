"""Telegram's Bot API, as far as a bot that posts in one channel sees it."""

import json
from typing import Any
from urllib.parse import parse_qs

from tests.doubles.platform import Brought, Part, Platform, answer, form_of
from tests.doubles.webhook import Answer, Received


class TelegramServer(Platform):
    """One bot, one channel @ministry_example. `may_post` False: the bot is a mere member."""

    may_post = True

    def __init__(self) -> None:
        super().__init__(token="123456789:AAE-the_right_token_of_a_bot")

    def is_publishing(self, request: Received) -> bool:
        return request.path.rpartition("/")[2] in {"sendMessage", "sendPhoto", "sendMediaGroup"}

    def reply(self, request: Received) -> Answer:
        prefix, _slash, method = request.path.rpartition("/")
        if prefix != f"/bot{self.token}":
            return _no(401, "Unauthorized")
        files = {}
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            parts = form_of(request)
            files = {name: part for name, part in parts.items() if part.file_name}
            form = {name: part.text for name, part in parts.items() if not part.file_name}
        else:
            form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if method == "getMe":
            return _yes(self._bot())
        if form.get("chat_id") != "@ministry_example":
            return _no(400, "Bad Request: chat not found")
        if method == "getChatMember":
            return _yes(self._member())
        if files:
            return self._show(form, files)
        text = form.get("text", "")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            return _no(400, "Bad Request: message is too long")
        message = self._message(len(self.published) + 7, text)
        self.published.append(message)
        return _yes(message)

    def _show(self, form: dict[str, str], files: dict[str, Part]) -> Answer:
        album = json.loads(form["media"]) if "media" in form else [{"caption": form.get("caption", "")}]
        caption = album[0].get("caption", "")
        if len(caption.encode("utf-16-le")) // 2 > 1024:
            return _no(400, "Bad Request: message caption is too long")
        for name, part in files.items():
            self.pictures[name] = Brought(part.content, part.media_type)
        number = len(self.published) + 7
        message = {key: value for key, value in self._message(number, caption).items() if key != "text"}
        sizes = [{"file_id": "a", "file_unique_id": "b", "width": 64, "height": 48}]
        shown = [{**message, "message_id": number + place, "photo": sizes} for place, _file in enumerate(files)]
        shown[0]["caption"] = caption
        self.published.append({**shown[0], "text": caption, "files": list(files)})
        return _yes(shown if "media" in form else shown[0])

    def too_many(self, seconds: int) -> Answer:
        """Telegram's 429: the wait stands in the answer itself."""
        body = {"ok": False, "error_code": 429, "description": f"Too Many Requests: retry after {seconds}"}
        body["parameters"] = {"retry_after": seconds}
        return Answer(429, headers={"Content-Type": "application/json"}, body=json.dumps(body).encode())

    def _bot(self) -> dict[str, Any]:
        return {"id": 123456789, "is_bot": True, "first_name": "Press", "username": "press_bot"}

    def _member(self) -> dict[str, Any]:
        if not self.may_post:
            return {"status": "member", "user": self._bot()}
        rights = dict.fromkeys(
            ["can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"], False
        )
        rights |= dict.fromkeys(["can_restrict_members", "can_promote_members", "can_change_info"], False)
        rights |= dict.fromkeys(
            ["can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories"], False
        )
        return {"status": "administrator", "user": self._bot(), **rights, "can_post_messages": True}

    def _message(self, number: int, text: str) -> dict[str, Any]:
        chat = {"id": -1001234567890, "title": "Ministry", "username": "ministry_example", "type": "channel"}
        return {"message_id": number, "sender_chat": chat, "chat": chat, "date": 1402342202, "text": text}


def _yes(result: Any) -> Answer:
    return answer({"ok": True, "result": result})


def _no(code: int, words: str) -> Answer:
    return answer({"ok": False, "error_code": code, "description": words}, code)
