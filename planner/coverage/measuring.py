"""The journal and the roster as they were → how long answering took at the desk and on call."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from planner.claims.core.words import ClaimState
from planner.claims.models import Claim
from planner.coverage import selectors
from planner.coverage.core.loss import Stand, standing
from planner.coverage.core.reaction import Episode, Measured, measure
from planner.journal.core.intake import Fault, parse_instant
from planner.journal.core.milestones import Milestone, is_of_review
from planner.journal.models import Entry

REACH = timedelta(days=180)  # what is older says little about how the team works now
WORDS = (Milestone.ANSWERED, Milestone.PUBLISHED)
TOLD = (*WORDS, Milestone.CORRECTED, Milestone.PAGED, Milestone.ACKNOWLEDGED)


def measured_reactions(now: datetime) -> dict[Stand, Measured]:
    """How long answering took for the claims that broke in the last half year, as known at `now`."""
    start = now - REACH
    asked, _assumed = selectors.requirements()
    return measure(_episodes(start, now), standing(selectors.watch(start, now), asked), now)


def _episodes(start: datetime, now: datetime) -> list[Episode]:
    broken = Claim.objects.filter(broke_earliest__gte=start, broke_earliest__lt=now)
    claims = list(broken.exclude(state=ClaimState.MERGED.value).order_by("broke_earliest"))
    told = _told([claim.uuid for claim in claims], now)
    return [
        Episode(
            broke=claim.broke_earliest,
            answered=_first_word(told[claim.uuid]),
            declined=claim.decided_at if claim.state == ClaimState.DECLINED.value else None,
            paged=_first(told[claim.uuid], (Milestone.PAGED,)),
            acknowledged=_first(told[claim.uuid], (Milestone.ACKNOWLEDGED,)),
        )
        for claim in claims
    ]


def _told(claims: Iterable[UUID], now: datetime) -> dict[UUID, list[Entry]]:
    """What the journal says of each claim, in the order in which it was written."""
    found: dict[UUID, list[Entry]] = defaultdict(list)
    entries = Entry.objects.filter(claim__in=list(claims), milestone__in=TOLD, at__lte=now).order_by("seq")
    for entry in entries:
        if entry.claim is not None and not is_of_review(entry.detail):
            found[entry.claim].append(entry)
    return found


def _first(entries: Iterable[Entry], milestones: Iterable[Milestone]) -> datetime | None:
    wanted = {milestone.value for milestone in milestones}
    return min((entry.at for entry in entries if entry.milestone in wanted), default=None)


def _first_word(entries: list[Entry]) -> datetime | None:
    """The first official word; a corrected time corrects it."""
    word = _first(entries, WORDS)
    for entry in entries:
        if entry.milestone == Milestone.CORRECTED and entry.detail.get("field") == "answered_at":
            try:
                word = parse_instant(str(entry.detail.get("after")))
            except Fault:
                continue
    return word
