"""The outbox: write a message down in the transaction that gave rise to it, deliver it afterwards."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from planner.leases.services import notify_due
from planner.notices.adapters import email
from planner.notices.core.outcomes import Attempt, Next, after
from planner.notices.core.states import NoticeState
from planner.notices.models import Notice
from planner.people.models import User
from planner.people.selectors import address

SENDING_LEASE = timedelta(seconds=60)  # longer than the time limit of the task that sends
MAY_BE_SENT = [NoticeState.PENDING.value, NoticeState.QUEUED.value]


@transaction.atomic
def send_notice(*, key: str, person: User, subject: str, body: str, now: datetime) -> Notice:
    """Put a message to one of our own people into the outbox; it leaves within seconds of the commit.

    The same `key` again is the same notice: nothing is sent twice for one event. A person without an address gets a
    notice that has failed already and says so.
    """
    to = address(person)
    waiting = NoticeState.PENDING if to else NoticeState.FAILED
    words = {
        "person": person,
        "address": to,
        "subject": " ".join(subject.split())[:200],
        "body": body,
        "state": waiting.value,
        "created_at": now,
        "next_try_at": now if to else None,
        "last_error": ""
        if to
        else _("%(person)s has no e-mail address: an administrator can add one.") % {"person": person},
    }
    notice, is_new = Notice.objects.get_or_create(key=key, defaults=words)
    if is_new:
        notify_due()
    return notice


def deliver(notice_id: int, *, now: datetime) -> Notice | None:
    """Try once to deliver a notice that is due; None when there is nothing to do (delivered, held by another hand).

    The row moves to SENDING and is committed before anything leaves the house. If the hand dies then, the lease ends
    and the page is sent again: to our own staff twice is better than never (core/outcomes.py).
    """
    me = f"hand-{uuid4().hex[:12]}"
    notice = _begin(notice_id, by=me, now=now)
    if notice is None:
        return None
    attempt = email.send(
        message_id=message_id(notice), address=notice.address, subject=notice.subject, body=notice.body
    )
    step = after(attempt, tries=notice.attempts, created_at=notice.created_at, now=now)
    _settle(notice, attempt, step, by=me, now=now)
    notice.refresh_from_db()
    return notice


def message_id(notice: Notice) -> str:
    """The same for every try of a notice, so that mail programs show it once."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ") or "localhost"
    return f"<notice-{notice.uuid}@{host}>"


@transaction.atomic
def _begin(notice_id: int, *, by: str, now: datetime) -> Notice | None:
    notice = Notice.objects.select_for_update(no_key=True).filter(pk=notice_id, state__in=MAY_BE_SENT).first()
    if notice is None or (notice.next_try_at and notice.next_try_at > now):
        return None
    notice.state = NoticeState.SENDING.value
    notice.leased_until, notice.leased_by = now + SENDING_LEASE, by
    notice.attempts = max(notice.attempts, 1)
    notice.save(update_fields=["state", "leased_until", "leased_by", "attempts"])
    return notice


@transaction.atomic
def _settle(notice: Notice, attempt: Attempt, step: Next, *, by: str, now: datetime) -> None:
    mine = Notice.objects.filter(pk=notice.pk, state=NoticeState.SENDING.value, leased_by=by)
    mine.update(
        state=step.state.value,
        sent_at=now if step.state is NoticeState.SENT else None,
        next_try_at=step.try_at,
        leased_until=None,
        leased_by="",
        last_error=attempt.said,
    )
