"""What the linter says about a text on record, in sentences, with what people answered to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from planner.rebuttals import selectors
from planner.rebuttals.core.links import LinkWord
from planner.rebuttals.core.linting import Advice, Hint, Words, lint
from planner.rebuttals.models import Draft, LinkCheck, Rebuttal, Waiver

HANDBOOK = "The Debunking Handbook 2020"
TWO_TWO_TWO = _("2-2-2 rule, Executive Yuan of Taiwan, 2019")
ADVICE_WORDS = {
    Advice.FACT_FIRST: _("It begins with their claim. Say first what is true: readers keep what they read first."),
    Advice.HEADLINE: _("It repeats their headline word for word. Say it in your own words, shorter."),
    Advice.TAG: _("It carries their hashtag and so feeds it. Use your own, or none."),
    Advice.WARNING: _("It states their claim without saying before that it is false."),
    Advice.REASON: _("It says that the claim is false, but not why it misleads: where the picture is from, say."),
    Advice.FACT_AGAIN: _("It does not come back to the fact. Let the last sentence be what readers should remember."),
    Advice.LINK: _("It names no source. Give a link at which the fact can be checked."),
    Advice.DEAD_LINK: _("Its link does not answer: readers cannot check the fact. Mend the link, or put the page up."),
    Advice.SPEAKER: _("It does not say who speaks. Name the organisation."),
    Advice.NEXT_UPDATE: _("It does not say when there will be news. Give the time of the next update."),
    Advice.TITLE: _("The title is longer than 20 words."),
    Advice.LENGTH: _("It is longer than 200 words."),
    Advice.READABLE: _("It is hard to read. Make two sentences of one, and choose shorter words."),
    Advice.CLAIM_WORDS: _("What we publish as their claim repeats a message word for word. Say it in your own words."),
}
ADVICE_SOURCES = {
    **dict.fromkeys((Advice.FACT_FIRST, Advice.HEADLINE, Advice.WARNING, Advice.REASON, Advice.FACT_AGAIN), HANDBOOK),
    Advice.CLAIM_WORDS: HANDBOOK,
    Advice.TAG: HANDBOOK,
    Advice.LINK: HANDBOOK,
    Advice.DEAD_LINK: HANDBOOK,
    Advice.SPEAKER: _("our own rule: official voice only"),
    Advice.NEXT_UPDATE: _("crisis communication: promise the next word (CDC CERC)"),
    Advice.TITLE: TWO_TWO_TWO,
    Advice.LENGTH: TWO_TWO_TWO,
    Advice.READABLE: _("LIX, Björnsson 1968"),
}
LINK_WORDS = {
    LinkWord.REFUSES: _("it answers with %(status)s"),
    LinkWord.SILENT: _("nothing answered"),
    LinkWord.INSIDE: _("it leads to a machine of our own net, which readers do not reach"),
    LinkWord.ENDLESS: _("it leads from one address to the next without end"),
    LinkWord.NO_ADDRESS: _("it leads to something that is no web address"),
}


@dataclass(frozen=True)
class Suggestion:
    """One hint in words; `waiver` is what somebody answered, None while nobody did.

    `seen`, `seen_at`: what a hand found when it looked, and when.
    """

    hint: Hint
    words: object
    source: object
    waiver: Waiver | None
    seen: str = ""
    seen_at: datetime | None = None


def suggestions(draft: Draft) -> list[Suggestion]:
    """What may be better in this version: open suggestions first, then those that were answered."""
    same = {"rebuttal": draft.rebuttal_id, "language": draft.language, "channel_kind": draft.channel_kind}
    waived = {row.advice: row for row in Waiver.objects.filter(**same).select_related("waived_by")}
    dead = selectors.dead_links(draft.text)
    found = [
        Suggestion(
            hint,
            ADVICE_WORDS[hint.advice],
            ADVICE_SOURCES[hint.advice],
            waived.get(hint.advice.value),
            **_seen(dead[0] if hint.advice is Advice.DEAD_LINK else None),
        )
        for hint in lint(_words(draft, dead))
    ]
    return sorted(found, key=lambda one: one.waiver is not None)


def _seen(link: LinkCheck | None) -> dict[str, Any]:
    if link is None:
        return {}
    return {"seen": str(LINK_WORDS[LinkWord(link.word)]) % {"status": link.status}, "seen_at": link.checked_at}


def _words(draft: Draft, dead: list[LinkCheck]) -> Words:
    claim = draft.rebuttal.claim
    return Words(
        text=draft.text,
        language=draft.language,
        claim=claim.text if claim else "",
        claim_words=draft.claim_words,
        headlines=tuple(selectors.headlines(claim)) if claim and draft.claim_words else (),
        tags=frozenset(_tags(draft.rebuttal)),
        speakers=(settings.PLANNER_ORGANISATION,),
        dead_links=tuple(link.url for link in dead),
    )


def _tags(rebuttal: Rebuttal) -> Iterable[str]:
    """Every hashtag under which the claim was seen."""
    if rebuttal.claim is None:
        return
    for tags in rebuttal.claim.sightings.exclude(hashtags=[]).values_list("hashtags", flat=True)[:500]:
        yield from tags
