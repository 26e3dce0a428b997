"""Which cleared lines a person could let out for a claim at this moment, on which channels, and why not the others."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from planner.claims.models import Claim
from planner.people.core.roles import Role
from planner.people.models import User
from planner.publishing import selectors
from planner.publishing.core.fit import Words, misfits
from planner.publishing.core.states import DEAD
from planner.publishing.models import Channel, Post
from planner.rebuttals import lines
from planner.rebuttals.core import scope
from planner.rebuttals.core.scope import Outside
from planner.rebuttals.models import ClearedLine
from planner.rebuttals.showing import seen
from planner.rosters.selectors import on_watch


@dataclass(frozen=True)
class Releasable:
    """A line of the claim's storyline: where it would go out now, its uses, and every reason why it may not."""

    line: ClearedLine
    channels: list[Channel]
    uses_left: int
    outside: list[Outside]


@dataclass(frozen=True)
class NightLines:
    """What there is for one claim: the lines, those that may go out first; its posts; which other approvers are on."""

    lines: list[Releasable]
    posts: list[Post]
    approvers: list[str]

    @property
    def is_out(self) -> bool:
        """Whether an answer is on its way or public: nobody need be woken for another one."""
        return any(post.state not in DEAD for post in self.posts)

    @property
    def may(self) -> list[Releasable]:
        """Those that this person may let out now."""
        return [one for one in self.lines if not one.outside]

    @property
    def may_not(self) -> list[Releasable]:
        """The others."""
        return [one for one in self.lines if one.outside]


def releasable(claims: Iterable[Claim], *, by: User, now: datetime) -> dict[int, NightLines]:
    """For each claim (by primary key) what `by` could let out at `now`; as many queries for many claims as for one."""
    asked = list(claims)
    if not asked:
        return {}
    standing = list(lines.not_over(now))
    channels = list(selectors.channels())
    posts: dict[int, list[Post]] = {claim.pk: [] for claim in asked}
    for post in Post.objects.filter(claim__in=posts).select_related("channel", "approval__draft").order_by("due_at"):
        posts[post.claim_id].append(post)
    approvers = [duty.name for duty in on_watch(now) if Role.APPROVER in duty.roles and duty.person_id != by.pk]
    return {
        claim.pk: NightLines(_of_claim(standing, channels, claim, posts[claim.pk], by, now), posts[claim.pk], approvers)
        for claim in asked
    }


def carriers(line: ClearedLine, channels: Iterable[Channel], said: Iterable[Post] = ()) -> list[Channel]:
    """The channels on which a line may go out now: not held, in its scope, taking its words, not carrying them yet.

    `said`: the posts of the claim.
    """
    draft, value = line.approval.draft, lines.line_value(line)
    kinds, shown = [draft.channel_kind] if draft.channel_kind else [], [one.facts for one in seen(draft.shown)]
    words = Words(draft.text, draft.language, kinds, shown)
    there = {post.channel_id for post in said if post.text_sha256 == draft.text_sha256 and post.state not in DEAD}
    return [
        channel
        for channel in channels
        if channel.held_at is None and channel.pk not in there
        if scope.goes_on(value, channel.kind) and not misfits(words, selectors.place_of(channel))
    ]


def _of_claim(
    standing: list[ClearedLine], channels: list[Channel], claim: Claim, posts: list[Post], by: User, now: datetime
) -> list[Releasable]:
    found = []
    for line in standing:
        value = lines.line_value(line)
        if claim.narrative_id in value.narratives:
            open_ones = carriers(line, channels, posts)
            kinds = {channel.kind for channel in open_ones}
            against = lines.outside(line, claim=claim, at=now, by=by, open_kinds=kinds)
            found.append(Releasable(line, open_ones, value.uses_left, against))
    return sorted(found, key=lambda one: bool(one.outside))
