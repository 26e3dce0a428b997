"""Take due rows, give them back, push the poisonous ones ahead, and show that the clock is alive."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest, Least

from planner.leases.core.backoff import BASE, CAP, next_try
from planner.leases.models import Heartbeat, LeasedRow

DUE_CHANNEL = "planner_due"
ERROR_LENGTH = 2000
MOST_ATTEMPTS = 32_767  # what the column holds; the count stops there instead of blocking the queue


def take(rows: QuerySet[Any], *, now: datetime, limit: int, lease: timedelta, by: str, **also: Any) -> list[Any]:
    """Lease up to `limit` of the rows to `by` until now + lease; return their primary keys, longest-waiting first.

    `rows` is the caller's idea of due work, a queryset of a LeasedRow model. Rows held by a lease that still runs, rows
    whose `next_try_at` is ahead of `now`, and rows another transaction has locked are passed over, never waited for.
    Each row taken counts one attempt, so that a row which kills its hand is known by its count. `also` are further
    columns and what they are set to with the lease: one write of each row instead of two.
    """
    # A row whose lease ran out queues from that moment: it must not stand at the head again and again.
    waiting_since = Greatest("next_try_at", "leased_until")
    with transaction.atomic(using=rows.db):
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
        may_try = Q(next_try_at__isnull=True) | Q(next_try_at__lte=now)
        found = rows.filter(free, may_try).order_by(waiting_since.asc(nulls_first=True), "pk")
        pks = [
            row.pk
            for row in found.select_related(None)
            .select_for_update(skip_locked=True, of=("self",), no_key=True)
            .only("pk")[:limit]
        ]
        rows.model._base_manager.using(rows.db).filter(pk__in=pks).update(
            leased_until=now + lease, leased_by=by, attempts=Least(F("attempts") + 1, MOST_ATTEMPTS), **also
        )
    return pks


def release(model: type[LeasedRow], pk: Any, *, by: str, next_try_at: datetime | None = None) -> bool:
    """Give a row back after a good run: lease, attempts and error are cleared, `next_try_at` is set as given.

    False when `by` no longer holds the row (its lease ran out and another hand took it): nothing is changed then.
    """
    held = model._base_manager.filter(pk=pk, leased_by=by)
    cleared = held.update(leased_until=None, leased_by="", attempts=0, last_error="", next_try_at=next_try_at)
    return bool(cleared)


def push_back(
    model: type[LeasedRow],
    pk: Any,
    *,
    now: datetime,
    error: str,
    base: timedelta = BASE,
    cap: timedelta = CAP,
    by: str | None = None,
) -> datetime | None:
    """Put a failed row ahead in time, its error kept and its lease ended; return the instant of its next try.

    The wait doubles with every attempt that `take` counted, from `base` up to `cap`. With `by` given, only its holder
    may push the row: None is returned, and nothing changed, when somebody else holds it or the row is gone.
    """
    with transaction.atomic():
        found = model._base_manager.select_for_update(no_key=True).filter(pk=pk)
        attempts = (found if by is None else found.filter(leased_by=by)).values_list("attempts", flat=True).first()
        if attempts is None:
            return None
        again_at = next_try(now, attempts, base=base, cap=cap)
        model._base_manager.filter(pk=pk).update(
            next_try_at=again_at, leased_until=None, leased_by="", last_error=error[:ERROR_LENGTH]
        )
    return again_at


def beat(*, name: str, period: timedelta, now: datetime, error: str | None = None) -> None:
    """Record that a beat of the clock ran. A run with an error keeps its text and does not count as a beat.

    So a beat that always fails grows late and turns /healthz red, just like one that no longer runs.
    """
    seconds = round(period.total_seconds())
    outcome: dict[str, Any] = {"beat_at": now}
    if error is not None:
        outcome = {"last_error": error[:ERROR_LENGTH], "error_at": now}
    Heartbeat.objects.update_or_create(
        name=name,
        defaults={"period_seconds": seconds, **outcome},
        create_defaults={"period_seconds": seconds, "beat_at": now, **outcome},
    )


def notify_due(channel: str = DUE_CHANNEL) -> None:
    """Wake the clock when this transaction commits: something may now be due earlier than it believes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [channel])
