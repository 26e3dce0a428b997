"""One claim's journal read as a story: when it broke, each step on the way, the first official word.

The fold is over stamps in the order in which they were written. A CORRECTED stamp overrides what was known before, so a
corrected time corrects every report. MERGED ends a story: the claim it was merged into carries on.

Declined claims: a decline is a decision, so it counts in "answered or declined within 4 h"; but nobody heard an
official word, so for the latency the claim leaves the risk set at the decision (right-censored there). Triage after a
decline takes the decline back. Every other claim without a word is censored at `now`, however long ago it broke.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from planner.journal.core.milestones import Milestone, is_of_review
from planner.latency.core.survival import Sample

STEPS = ("broke", "seen", "tasked", "acknowledged", "drafted", "approved", "published")
_STEP_OF = {
    Milestone.CLAIMED: "seen",
    Milestone.TASKED: "tasked",
    Milestone.PAGED: "paged",
    Milestone.ACKNOWLEDGED: "acknowledged",
    Milestone.DRAFTED: "drafted",
    Milestone.APPROVED: "approved",
    Milestone.RELEASED: "approved",
    Milestone.PUBLISHED: "published",
    Milestone.ANSWERED: "published",
}
_TIMES = {"broke_earliest": "broke", "broke_latest": "broke_latest", "answered_at": "first_word"}


@dataclass(frozen=True, slots=True)
class Stamp:
    """One journal entry about a claim: what, when (aware), and its detail."""

    milestone: str
    at: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """`broke`: earliest moment at which the claim broke. `first_word`, `declined`: None while there is none.

    `channel` carried the first word, "" when that was not recorded. `steps`: the first moment at which each of `STEPS`,
    and "paged", was reached. All instants are aware.
    """

    broke: datetime
    broke_latest: datetime
    first_word: datetime | None = None
    declined: datetime | None = None
    merged: bool = False
    corrections: int = 0
    channel: str = ""
    steps: Mapping[str, datetime] = field(default_factory=dict)

    def sample(self, now: datetime) -> Sample:
        """Minutes from break to first official word; censored at the decline or at `now`. An answer given before: 0."""
        end = self.first_word or self.declined or now
        return Sample(_minutes(end - self.broke), censored=self.first_word is None)

    def decision(self, now: datetime) -> Sample:
        """Minutes until the claim was answered or declined, whichever came first; censored at `now`."""
        done = [moment for moment in (self.first_word, self.declined) if moment]
        return Sample(_minutes(min(done, default=now) - self.broke), censored=not done)

    def acknowledgement(self, now: datetime) -> Sample | None:
        """Minutes from the first page to the acknowledgement; None where nobody was paged."""
        paged, answered = self.steps.get("paged"), self.steps.get("acknowledged")
        if paged is None:
            return None
        ended = [moment for moment in (self.first_word, self.declined) if moment]
        return Sample(_minutes((answered or min(ended, default=now)) - paged), censored=answered is None)

    def stages(self) -> dict[str, float]:
        """Minutes from each step to the next one that was reached, keyed by the later one.

        A step recorded out of its order is left out; of a claim that was only recorded after it was answered or
        declined (imported, as a rule) nothing is known of the steps.
        """
        reached = {**self.steps, "broke": self.broke}
        if self.first_word:
            reached["published"] = self.first_word
        spent: dict[str, float] = {}
        before, ended = self.broke, self.first_word or self.declined
        if ended and self.steps.get("seen", ended) > ended:
            return spent
        for step in STEPS[1:]:
            at = reached.get(step)
            if at is not None and at >= before:
                spent[step] = (at - before) / timedelta(minutes=1)
                before = at
        return spent


def fold(stamps: Iterable[Stamp], now: datetime) -> Story | None:
    """The story that a claim's stamps tell up to `now`; None without a CLAIMED stamp, or when it breaks after `now`."""
    story: Story | None = None
    for stamp in stamps:
        if stamp.milestone == Milestone.CLAIMED:
            story = story or _opening(stamp)
        if story is not None and stamp.at <= now:
            story = _next(story, stamp)
    return story if story is not None and story.broke <= now else None


def _opening(stamp: Stamp) -> Story:
    broke = _instant(stamp.detail.get("broke_earliest")) or stamp.at
    return Story(broke, _instant(stamp.detail.get("broke_latest")) or broke)


def _next(story: Story, stamp: Stamp) -> Story:
    step = _STEP_OF.get(Milestone(stamp.milestone))
    if step and not is_of_review(stamp.detail):
        story = replace(story, steps={step: stamp.at, **story.steps})
    match stamp.milestone:
        case Milestone.ANSWERED | Milestone.PUBLISHED:
            return _answered(story, stamp)
        case Milestone.DECLINED:
            return replace(story, declined=story.declined or stamp.at)
        case Milestone.TRIAGED:
            return replace(story, declined=None)
        case Milestone.MERGED:
            return replace(story, merged=True)
        case Milestone.CORRECTED:
            return _corrected(story, stamp)
    return story


def _answered(story: Story, stamp: Stamp) -> Story:
    if story.first_word is not None and story.first_word < stamp.at:
        return story
    return replace(story, first_word=stamp.at, channel=str(stamp.detail.get("channel") or story.channel))


def _corrected(story: Story, stamp: Stamp) -> Story:
    name = _TIMES.get(str(stamp.detail.get("field")))
    after = _instant(stamp.detail.get("after"))
    if name is None or after is None:
        return story
    corrections = story.corrections + 1
    match name:
        case "broke":
            return replace(story, broke=after, corrections=corrections)
        case "broke_latest":
            return replace(story, broke_latest=after, corrections=corrections)
    return replace(story, first_word=after, corrections=corrections)


def _instant(value: Any) -> datetime | None:
    if isinstance(value, str) and value:
        value = datetime.fromisoformat(value)
    return value if isinstance(value, datetime) else None


def _minutes(spent: timedelta) -> float:
    return max(spent / timedelta(minutes=1), 0.0)
