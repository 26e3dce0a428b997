"""Lines for the night: signed ahead by an approver, let out for one claim by a named human, never past their scope."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from planner.claims.models import Claim
from planner.coverage.services import close_supply, register_supply
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.leases.services import notify_due
from planner.narratives.models import Narrative
from planner.people.core.roles import Role
from planner.people.models import User
from planner.rebuttals import lines as shelf
from planner.rebuttals.core.scope import RELEASE_ROLES
from planner.rebuttals.models import Approval, ClearedLine, Release
from planner.rebuttals.services.progress import stamp_words, supply_key, taken_on
from planner.rebuttals.services.refusals import RebuttalRefused, last_word, refuse_if
from planner.rebuttals.words import OUTSIDE_WORDS, SILENT_WORDS

MAY_SIGN = (Role.APPROVER,)
MAY_END = (Role.APPROVER, Role.OFFICER, Role.DUTY)


@transaction.atomic
def sign_line(
    approval: Approval,
    *,
    narrative: Narrative,
    during: tuple[datetime, datetime],
    maximum_uses: int,
    channel_kinds: Iterable[str],
    by: User,
    now: datetime,
    also: Iterable[Narrative] = (),
    languages: Iterable[str] = (),
    release_roles: Iterable[str] = RELEASE_ROLES,
    release_people: Iterable[User] = (),
) -> ClearedLine:
    """Allow approved words to be released for claims of a narrative, within [start, end) and so many times.

    Instants are aware; no `channel_kinds` means every channel, no `languages` claims in any. `also`: further narratives
    that the words answer. Who holds one of the `release_roles`, or is one of `release_people`, may release it. The line
    covers the links `drafted` and `cleared` while it is open and such a person is on watch. Stamps APPROVED for the
    line. Raises RebuttalRefused with every reason why not.
    """
    draft = approval.draft
    kinds = sorted(set(channel_kinds))
    refuse_if(_against_signing(approval, narrative=narrative, during=during, uses=maximum_uses, by=by, now=now))
    with last_word():
        line = ClearedLine.objects.create(
            narrative=narrative,
            also_narratives=sorted({other.pk for other in also} - {narrative.pk}),
            approval=approval,
            languages=sorted(set(languages)),
            channel_kinds=kinds or ([draft.channel_kind] if draft.channel_kind else []),
            release_roles=sorted({str(role) for role in release_roles}),
            release_people=sorted({person.pk for person in release_people}),
            during=DateTimeTZRange(*during),
            maximum_uses=maximum_uses,
            signed_by=by,
            signed_at=now,
        )
    _supply(line)
    _stamp_signed(line, by=by, now=now)
    return line


@transaction.atomic
def release(line: ClearedLine, *, claim: Claim, by: User, now: datetime) -> Release:
    """A named human lets a line out for one claim. Stamps RELEASED. Raises RebuttalRefused with every reason why not.

    The approval is locked first, then the line, in the order in which a withdrawal takes them.
    """
    if not by.has_role(*RELEASE_ROLES):
        raise RebuttalRefused(_("Only a duty officer, a press officer or an approver can release a line."))
    if claim.state in SILENT_WORDS:
        raise RebuttalRefused(str(SILENT_WORDS[claim.state]))
    Approval.objects.select_for_update(no_key=True).get(pk=line.approval_id)
    ClearedLine.objects.select_for_update(no_key=True).get(pk=line.pk)
    line = shelf.lines().get(pk=line.pk)
    refuse_if(OUTSIDE_WORDS[reason] for reason in shelf.outside(line, claim=claim, at=now, by=by))
    with last_word():
        released = Release.objects.create(line=line, claim=claim, released_by=by, released_at=now)
    if shelf.line_value(line).uses_left == 1:  # as read before: this was the last use
        close_supply(supply_key(line), at=now, closed_as="used_up")
    taken_on(claim, by=by, now=now)
    draft = line.approval.draft
    stamp(
        milestone=Milestone.RELEASED,
        at=now,
        claim=claim.uuid,
        subject=f"release:{released.uuid}",
        actor=by.username,
        line=str(line.uuid),
        approval=str(line.approval.uuid),
        language=draft.language,
        sha256=draft.text_sha256,
    )
    return released


@transaction.atomic
def end_line(line: ClearedLine, *, by: User, now: datetime, reason: str) -> ClearedLine:
    """End a line before its time; posts already released from it stand. Stamps WITHDRAWN for the line."""
    if not by.has_role(*MAY_END):
        raise RebuttalRefused(_("Only an approver, a press officer or a duty officer can end a line."))
    if not reason.strip():
        raise RebuttalRefused(_("Say why the line is ended."))
    line = (
        ClearedLine.objects.select_for_update(of=("self",), no_key=True)
        .select_related("approval__draft")
        .get(pk=line.pk)
    )
    if line.ended_at is not None:
        raise RebuttalRefused(_("This line has already been ended."))
    line.ended_at = now
    with last_word():
        line.save(update_fields=["ended_at"])
    close_supply(supply_key(line), at=now, closed_as="withdrawn")
    notify_due()
    subject = f"line:{line.uuid}"
    stamp_words(line.approval.draft, Milestone.WITHDRAWN, actor=by, now=now, subject=subject, reason=reason.strip())
    return line


def _supply(line: ClearedLine) -> None:
    """Tell coverage what the line does, from when to when, and by whose hand."""
    draft = line.approval.draft
    register_supply(
        key=supply_key(line),
        kind="cleared_line",
        links=["drafted", "cleared"],
        languages=[draft.language],
        during=(line.during.lower, line.during.upper),
        label=f"{line.narrative.name} ({draft.language})"[:160],
        releasers=line.release_roles,
        people=line.release_people,
        channel_kinds=line.channel_kinds,
    )


def _stamp_signed(line: ClearedLine, *, by: User, now: datetime) -> None:
    also = Narrative.objects.filter(pk__in=line.also_narratives).values_list("name", flat=True)
    people = User.objects.filter(pk__in=line.release_people).values_list("username", flat=True)
    stamp_words(
        line.approval.draft,
        Milestone.APPROVED,
        actor=by,
        now=now,
        subject=f"line:{line.uuid}",
        narrative=line.narrative.name,
        also=sorted(also),
        languages=line.languages,
        channel_kinds=line.channel_kinds,
        release_roles=line.release_roles,
        release_people=sorted(people),
        starts=line.during.lower,
        ends=line.during.upper,
        maximum_uses=line.maximum_uses,
    )


def _against_signing(
    approval: Approval, *, narrative: Narrative, during: tuple[datetime, datetime], uses: int, by: User, now: datetime
) -> list[str]:
    starts, ends = during
    draft = approval.draft
    asked = {
        _("Only an approver can sign a line."): not by.has_role(*MAY_SIGN),
        _("You wrote this text: another approver has to sign it."): by.pk == draft.author_id,
        _("The approval of these words has ended: have them approved again."): approval.ended_at is not None,
        _("These words were not cleared for this narrative."): draft.rebuttal.narrative_id != narrative.pk,
        _("The window must end after it begins."): ends <= starts,
        _("The window lies in the past."): starts < ends <= now,
        _("A line must be usable at least once."): uses < 1,
    }
    return [sentence for sentence, holds in asked.items() if holds]
