"""Tell our own people about words: approvers that a text waits for them, authors what became of theirs."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from planner.notices.services import send_notice
from planner.people.models import User
from planner.rebuttals import selectors
from planner.rebuttals.models import Approval, Draft, Refusal

SUBJECT_LENGTH = 90


def ask_reviewers(draft: Draft, *, now: datetime) -> list[User]:
    """A notice to every approver on watch, or to all of them when none is, that this version waits; whom it went to."""
    people = selectors.reviewers(draft, now=now)
    for person in people:
        words = {"about": _about(draft), "author": draft.author}
        send_notice(
            key=f"review:{draft.uuid}:{person.pk}",
            person=person,
            subject=_("To clear: %(about)s") % words,
            body="\n".join(
                [_("%(author)s asks for your review of these words:") % words, "", draft.text, "", _link(draft)]
            ),
            now=now,
        )
    return people


def tell_one_more(draft: Draft, *, to: User, now: datetime) -> None:
    """Whoever has the review learns that another text of the same answer waits, too."""
    words = {"about": _about(draft), "author": draft.author}
    send_notice(
        key=f"review:{draft.uuid}:{to.pk}:{now:%Y%m%d%H%M%S}",
        person=to,
        subject=_("One more to clear: %(about)s") % words,
        body="\n".join(
            [_("%(author)s asks for your review of these words, too:") % words, "", draft.text, "", _link(draft)]
        ),
        now=now,
    )


def tell_approved(approvals: Iterable[Approval], *, now: datetime) -> None:
    """Each author learns that their words may go out: somebody has to schedule them."""
    for approval in approvals:
        draft = approval.draft
        words = {"about": _about(draft), "person": approval.approver}
        then = _("%(person)s approved your text. Schedule it:") % words
        send_notice(
            key=f"approved:{approval.uuid}",
            person=draft.author,
            subject=_("Approved: %(about)s") % words,
            body="\n".join([then, "", draft.text, "", _link(draft)]),
            now=now,
        )


def tell_refused(refusal: Refusal, *, now: datetime) -> None:
    """The author learns what is wrong."""
    draft = refusal.draft
    words = {"about": _about(draft), "person": refusal.refused_by}
    send_notice(
        key=f"refused:{draft.uuid}:{refusal.pk}",
        person=draft.author,
        subject=_("Refused: %(about)s") % words,
        body="\n".join([_("%(person)s refused your text:") % words, "", refusal.comment, "", _link(draft)]),
        now=now,
    )


def tell_withdrawn(approval: Approval, *, now: datetime) -> None:
    """Author and approver learn that an approval was taken back, unless they did it themselves."""
    draft = approval.draft
    words = {"about": _about(draft), "person": approval.ended_by}
    for person in {draft.author, approval.approver} - {approval.ended_by}:
        send_notice(
            key=f"withdrawn:{approval.uuid}:{person.pk}",
            person=person,
            subject=_("Approval withdrawn: %(about)s") % words,
            body="\n".join([_("%(person)s withdrew the approval:") % words, "", approval.end_reason, "", _link(draft)]),
            now=now,
        )


def _about(draft: Draft) -> str:
    rebuttal = draft.rebuttal
    about = rebuttal.claim.text if rebuttal.claim else str(rebuttal.narrative)
    return about if len(about) <= SUBJECT_LENGTH else f"{about[:SUBJECT_LENGTH]}…"


def _link(draft: Draft) -> str:
    return settings.PLANNER_PUBLIC_URL.rstrip("/") + reverse("rebuttals:review", args=[draft.uuid])
