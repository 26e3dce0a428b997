"""Which words lie ready for tonight, which run out before the morning, and which storylines have none."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.urls import reverse
from django.utils.translation import gettext as _

from planner.claims.core.words import ClaimState
from planner.claims.models import Claim
from planner.desk.readiness.walls import clock
from planner.desk.trouble import Trouble
from planner.narratives.models import Narrative
from planner.publishing.models import Channel
from planner.publishing.releasable import carriers
from planner.rebuttals import lines
from planner.rebuttals.core.scope import Releaser, may_release
from planner.rebuttals.lines import OpenLine
from planner.rosters.core.duty import Duty
from planner.spans import Span, SpanSet
from planner.tempo.selectors import theatre
from planner.wallclock import hours_since, is_at_hours

NIGHTS = 28  # looked back upon
EXPECTED = 0.1  # a storyline that spoke in one night of ten is expected


class Why(StrEnum):
    """Why a line will not do for the whole night."""

    EXPIRES = "expires"
    OPENS_LATE = "opens_late"
    USED_UP = "used_up"
    NO_CHANNEL = "no_channel"
    NO_RELEASER = "no_releaser"


@dataclass(frozen=True)
class Standing:
    """A line of tonight: when somebody on duty could let it out, the channels that would carry it, what is short."""

    shown: OpenLine
    usable: SpanSet
    channels: list[Channel]
    whys: list[Why]

    @property
    def is_ready(self) -> bool:
        """Whether it can go out at every moment of the night."""
        return not self.whys


@dataclass(frozen=True)
class Expected:
    """A storyline that speaks at these hours: in so many of the last NIGHTS nights; whether a line stands for it."""

    narrative: Narrative
    nights: int
    covered: SpanSet
    whole: bool


def standing(span: Span, now: datetime, duties: Sequence[Duty], channels: Sequence[Channel]) -> list[Standing]:
    """The lines whose window touches the night, in the order in which they open."""
    found = lines.not_over(now).filter(during__startswith__lt=span.end)
    return [_standing(one, span, duties, channels) for one in lines.shown(found, now=now)]


def _standing(one: OpenLine, span: Span, duties: Sequence[Duty], channels: Sequence[Channel]) -> Standing:
    value = one.value
    hands = SpanSet(duty.span for duty in duties if may_release(value, Releaser(duty.person_id, duty.roles)))
    carrying = carriers(one.line, channels)
    window = SpanSet([(max(value.starts, span.start), min(value.ends, span.end))])
    usable = window & hands if value.uses_left and carrying else SpanSet.empty()
    asked = {
        Why.EXPIRES: value.ends < span.end,
        Why.OPENS_LATE: value.starts > span.start,
        Why.USED_UP: value.uses_left == 0,
        Why.NO_CHANNEL: not carrying,
        Why.NO_RELEASER: bool(window - hands),
    }
    return Standing(one, usable, carrying, [why for why, holds in asked.items() if holds])


def expected(span: Span, now: datetime, ready: Iterable[Standing]) -> list[Expected]:
    """Storylines that broke at these hours in the last nights, the most frequent first, with what stands for each."""
    moments = Claim.objects.filter(
        narrative__isnull=False, narrative__ended_at=None, broke_earliest__gte=now - timedelta(days=NIGHTS)
    ).exclude(state=ClaimState.MERGED.value)
    nights: Counter[int] = Counter()
    seen = {_night(key, at, span) for key, at in moments.values_list("narrative_id", "broke_earliest")} - {None}
    nights.update(key for key, _night in filter(None, seen))
    narratives = Narrative.objects.in_bulk([key for key, count in nights.items() if count / NIGHTS >= EXPECTED])
    lying = list(ready)
    found = []
    for key, narrative in narratives.items():
        covered = SpanSet.union([one.usable for one in lying if key in one.shown.value.narratives])
        found.append(Expected(narrative, nights[key], covered, covered == SpanSet([span])))
    return sorted(found, key=lambda one: (-one.nights, one.narrative.name))


def _night(key: int, at: datetime, span: Span) -> tuple[int, int] | None:
    """(storyline, how many nights ago), where a claim broke at the hours of this night, on the theatre's clocks."""
    zone = theatre()
    if not is_at_hours(at, span.start, span.end, zone):
        return None
    evening = at.astimezone(zone).replace(tzinfo=None) - hours_since(at, span.start, zone)
    return key, (span.start.astimezone(zone).date() - evening.date()).days


def troubles(found: Iterable[Standing], storylines: Iterable[Expected], unsigned: int) -> list[Trouble]:
    """Lines that run out or cannot go out, storylines that speak at night and have none, words that nobody signed."""
    where = reverse("rebuttals:lines")
    told = [Trouble(*_sentence(one), where) for one in found if set(one.whys) - {Why.OPENS_LATE}]
    for storyline in storylines:
        if not storyline.covered:
            words = {"narrative": storyline.narrative, "n": storyline.nights, "of": NIGHTS}
            what = (
                _("“%(narrative)s” spoke in %(n)s of the last %(of)s nights, and no line can go out tonight.") % words
            )
            told.append(
                Trouble("warning", what, _("Prepare a line, have it cleared and signed before the night."), where)
            )
    if unsigned:
        what = _("Prepared words for the night wait for a review or a signature: %(n)s.") % {"n": unsigned}
        told.append(Trouble("warning", what, _("An approver clears and signs them."), where))
    return told


def _sentence(one: Standing) -> tuple[str, str, str]:
    line = one.shown.line
    words = {"narrative": line.narrative, "time": clock(line.during.upper)}
    if Why.NO_CHANNEL in one.whys:
        what = _("The line for “%(narrative)s” cannot go out: no channel of its scope is open or takes its words.")
        return "error", what % words, _("Let a channel go, or sign the line for another kind.")
    if Why.USED_UP in one.whys:
        what = _("The line for “%(narrative)s” has been used as often as it was signed for.")
        return "error", what % words, _("An approver signs it again, or another one.")
    if Why.EXPIRES in one.whys:
        what = _("The line for “%(narrative)s” expires at %(time)s, before the morning.")
        return "warning", what % words, _("An approver signs it again for the rest of the night.")
    what = _("At some hours nobody on duty may let out the line for “%(narrative)s”.")
    return "warning", what % words, _("Put one of those on call for whom it was signed, or sign it for others.")
