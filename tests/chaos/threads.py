"""Threads in the night: an account that misbehaves as the other channels do, and what stands on it in the end."""

import random
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.doubles.mastodon import MastodonServer
from tests.doubles.webhook import Answer, Received

PARTS = 3


class MoodyAccount(MastodonServer):
    """A Mastodon whose answer to each request to publish is drawn from `moods`; as GoToSocial it ignores keys."""

    honours_keys = False

    def __init__(self, mood: Callable[[], Answer]) -> None:
        super().__init__()
        self._mood = mood

    def _take(self, request: Received) -> Answer:
        if self.is_publishing(request):
            self.then(self._mood())
            self.now = datetime.now(UTC)
        return super()._take(request)


def write_threads(
    account: MoodyAccount, many: int, *, first: datetime, period: timedelta, life: timedelta, dice: random.Random
) -> list[str]:
    """The uuids of the parts of so many approved threads, due at random moments of the period."""
    from planner.publishing.adapters.seal import seal
    from tests.factories import make_approval, make_channel, make_draft, make_post

    at = first - timedelta(hours=1)
    channel = make_channel(account.base, kind="mastodon", options={"handle": "@press"}, at=at)
    channel.secret_sealed = seal(account.token)
    channel.save()
    uuids = []
    for number in range(many):
        text = "\n---\n".join(f"Thread {number} says {word}." for word in ("what is true", "why", "and when"))
        approval, before = make_approval(make_draft(at=at, text=text), at=at), None
        due_at = first + period * dice.random()
        for part in range(1, PARTS + 1):
            times = {"at": at, "due_at": due_at + timedelta(seconds=part - 1), "expires_at": due_at + life}
            before = make_post(approval, channel=channel, part=part, parts=PARTS, follows=before, **times)
            uuids.append(str(before.uuid))
    return uuids


def public_parts(account: MoodyAccount) -> Counter[str]:
    """How often each part stands on the account, by post."""
    from planner.publishing.models import Post

    rows = Post.objects.filter(channel__kind="mastodon").select_related("approval__draft")
    by_words = {post.words: str(post.uuid) for post in rows}
    return Counter(by_words[_words(status)] for status in account.published)


def broken(account: MoodyAccount) -> list[str]:
    """Parts that do not answer the part before them, in the account's own words; none in a sound night."""
    standing = {str(status["id"]): _words(status) for status in account.published}
    return [_words(status) for status in account.published if not _answers_rightly(status, standing)]


def _answers_rightly(status: dict[str, Any], standing: dict[str, str]) -> bool:
    thread, part = _place(_words(status))
    answered = standing.get(str(status.get("answers")))
    return answered is None if part == 1 else answered is not None and _place(answered) == (thread, part - 1)


def _place(words: str) -> tuple[str, int]:
    found = re.fullmatch(r"Thread (\d+) .* (\d)/\d", words)
    assert found, words
    return found[1], int(found[2])


def _words(status: dict[str, Any]) -> str:
    return re.sub(r"<[^>]*>", "", str(status.get("text") or status["content"]))
