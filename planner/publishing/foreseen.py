"""Rows → what there is to know before words are scheduled on a channel at a moment, in sentences."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from planner.claims.core.words import ClaimState
from planner.claims.models import Claim
from planner.coverage.selectors import silence_at
from planner.people.core.roles import Role
from planner.publishing import selectors
from planner.publishing.core.cautions import Around, Caution, Found, Intent, cautions
from planner.publishing.models import Channel, Post
from planner.publishing.words import CAUTION_WORDS, fenced, in_theatre
from planner.rebuttals.models import Draft
from planner.rosters.selectors import on_watch
from planner.tempo.selectors import theatre

OF_THE_MOMENT = {Caution.ANSWERED, Caution.UNATTENDED, Caution.OUTLIVES}  # whichever the channel
OF_THE_WORDS = {Caution.SAME_WORDS, Caution.NEAR_WORDS, Caution.ANSWERED, Caution.LANGUAGE}  # whichever the moment
LOOK_AFTER = {Role.OFFICER.value, Role.DUTY.value}  # who on watch can settle an uncertain post


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing to know before a post is scheduled. `other`: the post it is about, `key`: the same while it is so."""

    caution: Caution
    sentence: str
    key: str
    other: UUID | None = None


def foreseen(
    draft: Draft, *, channel: Channel, claim: Claim, due_at: datetime, expires_at: datetime, but: Post | None = None
) -> list[Warned]:
    """What there is to know about these words there and then, the gravest first; `but`: the post itself, when it moves.

    Instants are aware.
    """
    intent = Intent(draft.text, draft.language, due_at, expires_at)
    around = Around(
        zone=theatre(),
        others=selectors.others_on(channel, due_at, timedelta(days=settings.PLANNER_REPEAT_DAYS), but=but),
        spacing=timedelta(minutes=channel.spacing_minutes),
        quiet_from=channel.quiet_from,
        quiet_to=channel.quiet_to,
        languages=channel.languages,
        silent_until=silence_at(due_at, expires_at + timedelta(minutes=1)),
        answered=(claim.merged_into or claim).state == ClaimState.ANSWERED.value,
        attended=any(LOOK_AFTER & {str(role) for role in duty.roles} for duty in on_watch(due_at)),
    )
    return [_warned(found, intent, around, channel) for found in cautions(intent, around)]


def foreseen_of(post: Post) -> list[Warned]:
    """The same for a post that waits (loaded with its words)."""
    when = {"due_at": post.due_at, "expires_at": post.expires_at}
    return foreseen(post.approval.draft, channel=post.channel, claim=post.claim, but=post, **when)


def foreseen_at(post: Post, due_at: datetime, expires_at: datetime) -> list[Warned]:
    """The same for a post that waits, at another moment; what is known of it wherever it stands is not said again."""
    known = {one.key for one in foreseen_of(post) if one.caution in OF_THE_WORDS}
    when = {"due_at": due_at, "expires_at": expires_at}
    found = foreseen(post.approval.draft, channel=post.channel, claim=post.claim, but=post, **when)
    return [one for one in found if one.key not in known]


def once(warned: Iterable[Warned]) -> list[Warned]:
    """Each of the warnings once, in their order: what is true of the moment is true on every channel."""
    return list({one.key: one for one in warned}.values())


def seal_of(warned: Iterable[Warned]) -> str:
    """One short word for exactly these warnings: a tick confirms them and no others."""
    return hashlib.sha256("\n".join(sorted({one.key for one in warned})).encode()).hexdigest()[:16]


def _warned(found: Found, intent: Intent, around: Around, channel: Channel) -> Warned:
    other, said = found.other, {"channel": fenced(channel.name), "minutes": channel.spacing_minutes}
    said |= {"language": intent.language}
    if other is not None:
        said |= {"other": in_theatre(other.at), "text": fenced(_short(other.text))}
    if found.caution is Caution.QUIET:
        said |= {"start": f"{channel.quiet_from:%H:%M}", "end": f"{channel.quiet_to:%H:%M}"}
    if around.silent_until is not None:
        said |= {"silent_until": in_theatre(around.silent_until)}
    where = "" if found.caution in OF_THE_MOMENT else channel.pk
    key = f"{where} {found.caution} {other.uuid if other else ''}"
    return Warned(found.caution, str(CAUTION_WORDS[found.caution]) % said, key, other.uuid if other else None)


def _short(text: str, most: int = 48) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
