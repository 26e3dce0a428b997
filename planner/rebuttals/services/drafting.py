"""Write the words: every save is a new version, and none is ever lost."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from planner.claims.models import Claim
from planner.journal.core.milestones import Milestone
from planner.leases.services import notify_due
from planner.narratives.models import Narrative
from planner.people.core.roles import Role
from planner.people.models import User
from planner.rebuttals import selectors
from planner.rebuttals.core import words
from planner.rebuttals.core.languages import canonical
from planner.rebuttals.core.verdict import LONGEST, Verdict, tidy
from planner.rebuttals.core.words import Shown
from planner.rebuttals.models import Approval, Draft, Rebuttal
from planner.rebuttals.services.linking import note_links
from planner.rebuttals.services.picturing import checked_pictures
from planner.rebuttals.services.progress import close_lines, covered, hold_claim, locked, stamp_words, taken_on
from planner.rebuttals.services.refusals import NewerVersion, RebuttalRefused, last_word
from planner.rebuttals.services.waiting import waits_no_more
from planner.rebuttals.words import SILENT_WORDS
from planner.tasking.models import Task

MAY_WRITE = (Role.OFFICER, Role.APPROVER, Role.DUTY)


@transaction.atomic
def start(
    *, now: datetime, claim: Claim | None = None, narrative: Narrative | None = None, task: Task | None = None
) -> Rebuttal:
    """The rebuttal of a claim, made when missing; or, for a narrative, a new one for words kept ready.

    Exactly one of `claim` and `narrative`. Raises RebuttalRefused for a claim that was declined or merged.
    """
    if claim is None:
        return Rebuttal.objects.create(narrative=narrative, created_at=now)
    if claim.state in SILENT_WORDS:
        raise RebuttalRefused(str(SILENT_WORDS[claim.state]))
    rebuttal, _made = Rebuttal.objects.get_or_create(claim=claim, defaults={"created_at": now, "task": task})
    if task is not None and rebuttal.task_id is None:
        rebuttal.task = task
        rebuttal.save(update_fields=["task"])
    return rebuttal


@transaction.atomic
def save_draft(
    rebuttal: Rebuttal,
    *,
    language: str,
    text: str,
    author: User,
    now: datetime,
    channel_kind: str = "",
    base_version: int | None = None,
    verdict: Verdict | None = None,
    pictures: Sequence[Shown] | None = None,
) -> Draft:
    """The next version of one text; the newest one unchanged when words, pictures and verdict are the same.

    `verdict`: how we rate the claim; `pictures` in their order, kept before by `keep_picture` (None: as in the version
    before). `base_version` is the version that the author read (0: none yet); None skips that question. An approval of
    an earlier version ends with this one (the database sees to it), its lines with it, and its posts stop. Stamps
    DRAFTED, and VOIDED for each approval that ended. Raises NewerVersion when somebody saved since, RebuttalRefused
    otherwise.
    """
    language = _check_words(language, text, author)
    locked(rebuttal)
    newest = selectors.newest(rebuttal, language=language, channel_kind=channel_kind)
    text, rated_as, shown = words.tidy(text), _verdict(verdict, newest), _pictures(pictures, newest)
    note_links(text, now=now)
    if newest is not None and (newest.text, newest.verdict, newest.shown) == (text, rated_as, shown):
        return newest
    version = newest.version if newest else 0
    if newest is not None and base_version is not None and base_version != version:
        raise NewerVersion(newest)
    hold_claim(rebuttal.claim)  # before the approval that the new version voids: a hand takes them in this order
    voided = list(Approval.objects.filter(draft=newest, ended_at=None)) if newest else []
    with last_word():
        draft = Draft.objects.create(
            rebuttal=rebuttal,
            language=language,
            channel_kind=channel_kind,
            version=version + 1,
            author=author,
            created_at=now,
            **_content(text, shown, rated_as),
        )
    for approval in voided:
        close_lines(approval, now=now)
    taken_on(rebuttal.claim, by=author, now=now)
    if voided:
        notify_due()
    _stamp_saved(draft, voided, now=now)
    waits_no_more(rebuttal, reason=_("the text was edited"), by=author, now=now)
    return draft


def _content(text: str, shown: Sequence[Shown], verdict: Verdict) -> dict[str, Any]:
    """What an approval is bound to, as the fields of a draft."""
    return {
        "text": text,
        "pictures": [asdict(one) for one in shown],
        "text_sha256": words.text_sha256(text, shown),
        "rating": verdict.rating,
        "claim_words": verdict.claim_words,
    }


def _stamp_saved(draft: Draft, voided: list[Approval], *, now: datetime) -> None:
    stamp_words(draft, Milestone.DRAFTED, actor=draft.author, now=now, **covered(draft))
    reason = f"edited: version {draft.version}"
    for approval in voided:
        subject = f"approval:{approval.uuid}"
        stamp_words(draft, Milestone.VOIDED, actor=draft.author, now=now, subject=subject, reason=reason)


def _check_words(language: str, text: str, author: User) -> str:
    """The language's tag as it is kept."""
    check_role(author)
    try:
        language = canonical(language)
    except ValueError:
        known = {"language": language}
        raise RebuttalRefused(_("“%(language)s” is not a language tag: write en, ar, ar-IQ …") % known) from None
    if not words.tidy(text):
        raise RebuttalRefused(_("The text is empty: write what we say."))
    if "\0" in text:
        raise RebuttalRefused(_("The text holds a character (NUL) that cannot be published: paste it as plain text."))
    return language


def _verdict(given: Verdict | None, newest: Draft | None) -> Verdict:
    if given is None:
        return newest.verdict if newest else Verdict()
    given = Verdict(given.rating, tidy(given.claim_words)) if given.rating else Verdict()
    if given.is_given and not given.claim_words:
        raise RebuttalRefused(_("Say in one sentence of our own what they claim: the rating is about that sentence."))
    if len(given.claim_words) > LONGEST or "\0" in given.claim_words:
        words = {"limit": LONGEST}
        raise RebuttalRefused(_("The claim in our words is plain text of at most %(limit)s characters.") % words)
    return given


def _pictures(given: Sequence[Shown] | None, newest: Draft | None) -> tuple[Shown, ...]:
    if given is None:
        return newest.shown if newest else ()
    return checked_pictures(given)


def check_role(person: User) -> None:
    """Raise RebuttalRefused unless this person may write."""
    if not person.has_role(*MAY_WRITE):
        raise RebuttalRefused(_("Only a press officer, an approver or a duty officer can write a text."))
