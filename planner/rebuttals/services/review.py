"""Clear exactly these words, refuse them with a comment, or take the clearance back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from planner.journal.core.milestones import Milestone
from planner.leases.services import notify_due
from planner.people.core.roles import Role
from planner.people.models import User
from planner.rebuttals import selectors
from planner.rebuttals.models import Approval, Draft, Refusal
from planner.rebuttals.services.progress import close_lines, covered, locked, moved_on, stamp_words
from planner.rebuttals.services.refusals import RebuttalRefused, last_word, refuse_if
from planner.rebuttals.services.telling import tell_approved, tell_refused, tell_withdrawn
from planner.rebuttals.services.waiting import waits_no_more
from planner.rebuttals.words import BAR_WORDS

MAY_WITHDRAW = (Role.APPROVER, Role.OFFICER, Role.DUTY)


@transaction.atomic
def approve(draft: Draft, *, approver: User, now: datetime, text_sha256: str) -> Approval:
    """`approver` clears the words and pictures with this hash (hex SHA-256 of what they read); the standing approval.

    Stamps APPROVED. Raises RebuttalRefused with every reason: no approver, the author themselves, an older version, no
    review asked for, already approved, refused by somebody else, other words than those they read.
    """
    _ask(draft, approver, text_sha256)
    return clear([(draft, text_sha256)], approver=approver, now=now)[0]


def clear(texts: Sequence[tuple[Draft, str]], *, approver: User, now: datetime) -> list[Approval]:
    """Write an approval of each text of one answer, stamp it, end the ladder. The caller has asked, and holds it."""
    approvals = []
    with last_word():
        for draft, text_sha256 in texts:
            words = {"author": draft.author, "text_sha256": text_sha256, "approver": approver, "approved_at": now}
            approvals.append(Approval.objects.create(draft=draft, **words))
    rebuttal = texts[0][0].rebuttal
    moved_on(rebuttal.claim, now=now)
    tell_approved(approvals, now=now)
    for approval in approvals:
        said = {"subject": f"approval:{approval.uuid}", "sha256": approval.text_sha256, **covered(approval.draft)}
        stamp_words(approval.draft, Milestone.APPROVED, actor=approver, now=now, **said)
    waits_no_more(rebuttal, reason=_("the text was approved"), by=approver, now=now)
    return approvals


@transaction.atomic
def refuse(draft: Draft, *, by: User, comment: str, now: datetime) -> Refusal:
    """An approver says no, and what is wrong. Stamps REFUSED. Raises RebuttalRefused as `approve`; or: no comment."""
    if not comment.strip():
        raise RebuttalRefused(_("Say what is wrong with the text, so that its author can mend it."))
    _ask(draft, by, None)
    with last_word():
        refusal = Refusal.objects.create(draft=draft, refused_by=by, refused_at=now, comment=comment.strip())
    moved_on(draft.rebuttal.claim, now=now)
    tell_refused(refusal, now=now)
    stamp_words(draft, Milestone.REFUSED, actor=by, now=now, comment=refusal.comment)
    waits_no_more(draft.rebuttal, reason=_("the text was refused"), by=by, now=now)
    return refusal


@transaction.atomic
def withdraw(approval: Approval, *, by: User, reason: str, now: datetime) -> Approval:
    """Take an approval back, at any moment. Its lines end; the clock is woken to stop its posts that have not left.

    Stamps WITHDRAWN. Raises RebuttalRefused without a reason, when it has ended already, or when `by` may not.
    """
    if not by.has_role(*MAY_WITHDRAW):
        raise RebuttalRefused(_("Only an approver, a press officer or a duty officer can withdraw an approval."))
    if not reason.strip():
        raise RebuttalRefused(_("Say why the approval is withdrawn: whoever sees a stopped post will ask."))
    held = Approval.objects.select_for_update(of=("self",), no_key=True).select_related("draft__rebuttal")
    approval = held.get(pk=approval.pk)
    if approval.ended_at is not None:
        words = {"person": approval.ended_by, "reason": approval.end_reason}
        raise RebuttalRefused(_("This approval has already ended: %(reason)s (%(person)s).") % words)
    approval.ended_at, approval.ended_by, approval.end_reason = now, by, reason.strip()[:200]
    with last_word():
        approval.save(update_fields=["ended_at", "ended_by", "end_reason"])
    close_lines(approval, now=now)
    tell_withdrawn(approval, now=now)
    notify_due()
    subject = f"approval:{approval.uuid}"
    stamp_words(approval.draft, Milestone.WITHDRAWN, actor=by, now=now, subject=subject, reason=approval.end_reason)
    return approval


def _ask(draft: Draft, person: User, text_sha256: str | None) -> None:
    locked(draft.rebuttal)
    refuse_if(BAR_WORDS[bar] for bar in selectors.bars(draft, person=person, text_sha256=text_sha256))
