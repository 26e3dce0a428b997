"""A claim's own ribbon on its page, read from its story in the journal."""

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils.safestring import SafeString

from planner.claims.core.words import ClaimState
from planner.claims.models import Claim
from planner.desk.core.ribbon import Milestone, Ribbon
from planner.desk.templatetags.drawings import ribbon
from planner.journal.core.milestones import Milestone as Word
from planner.journal.core.milestones import is_of_review
from planner.journal.models import Entry

register = template.Library()

# The milestones worth a word on the line; the full story stands below it.
SHOWN = {
    Word.TRIAGED: "neutral",
    Word.DECLINED: "neutral",
    Word.TASKED: "waiting",
    Word.ACKNOWLEDGED: "waiting",
    Word.DRAFTED: "waiting",
    Word.APPROVED: "waiting",
    Word.RELEASED: "waiting",
    Word.SCHEDULED: "waiting",
    Word.PUBLISHED: "answered",
    Word.CARRIED: "answered",
}
SETTLES = {ClaimState.ANSWERED: (Word.PUBLISHED, Word.ANSWERED), ClaimState.DECLINED: (Word.DECLINED,)}


@register.simple_tag
def claim_ribbon(claim: Claim, story: Iterable[Entry], now: datetime, zone: str) -> SafeString:
    """From the moment it broke, through the first of each milestone, to the first official word or to `now`."""
    entries = list(story)
    first: dict[Word, Entry] = {}
    for entry in entries:
        if not is_of_review(entry.detail):
            first.setdefault(Word(entry.milestone), entry)
    marks = tuple(Milestone(entry.at, entry.words, SHOWN[word]) for word, entry in first.items() if word in SHOWN)
    settled = [first[word].at for word in SETTLES.get(ClaimState(claim.state), ()) if word in first]
    return ribbon(
        Ribbon(
            broke_at=claim.broke_latest,
            earliest=claim.broke_earliest,
            milestones=marks,
            settled_at=min(settled, default=None),
            now=now,
            zone=zone,
        )
    )
