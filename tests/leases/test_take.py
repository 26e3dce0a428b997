"""Due rows are taken once, in order, and never waited for."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from planner.leases import services
from tests.leases.conftest import Errand

NOW = datetime(2014, 6, 9, 22, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Errands = type[Errand]


def take(errands: Errands, *, now: datetime = NOW, limit: int = 10, by: str = "hand") -> list[str]:
    pks = services.take(errands.objects.all(), now=now, limit=limit, lease=MINUTE, by=by)
    labels = dict(errands.objects.values_list("pk", "label"))
    return [labels[pk] for pk in pks]


def add(errands: Errands, label: str, **fields: Any) -> Errand:
    return errands.objects.create(label=label, **fields)


def test_a_taken_row_says_who_holds_it_until_when_and_counts_the_attempt(errands: Errands) -> None:
    row = add(errands, "a")
    assert take(errands, by="hand-1") == ["a"]
    row.refresh_from_db()
    assert (row.leased_by, row.leased_until, row.attempts) == ("hand-1", NOW + MINUTE, 1)


def test_a_row_under_lease_is_not_taken_again_until_the_lease_has_run_out(errands: Errands) -> None:
    add(errands, "a")
    assert take(errands) == ["a"]
    assert take(errands, now=NOW + MINUTE - timedelta(microseconds=1)) == []
    assert take(errands, now=NOW + MINUTE, by="another") == ["a"]


def test_rows_come_in_the_order_in_which_they_wait(errands: Errands) -> None:
    add(errands, "later", next_try_at=NOW - MINUTE)
    add(errands, "earlier", next_try_at=NOW - 2 * MINUTE)
    add(errands, "never postponed")
    add(errands, "ahead", next_try_at=NOW + MINUTE)
    assert take(errands, limit=2) == ["never postponed", "earlier"]
    assert take(errands) == ["later"]


def test_only_rows_that_the_caller_asks_for_are_taken(errands: Errands) -> None:
    add(errands, "a")
    wanted = add(errands, "b")
    pks = services.take(errands.objects.filter(label="b"), now=NOW, limit=10, lease=MINUTE, by="hand")
    assert pks == [wanted.pk]


def test_eight_hands_at_once_take_every_row_exactly_once(errands: Errands) -> None:
    errands.objects.bulk_create(Errand(label=str(number)) for number in range(240))
    together = threading.Barrier(8)

    def hand(name: int) -> list[int]:
        try:
            together.wait()
            mine: list[int] = []
            while pks := services.take(errands.objects.all(), now=NOW, limit=7, lease=MINUTE, by=f"hand-{name}"):
                mine += pks
            return mine
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = [pk for pks in pool.map(hand, range(8)) for pk in pks]
    # A hand may leave early, because others had locked all it saw; the next sweep takes what is left.
    taken += services.take(errands.objects.all(), now=NOW, limit=240, lease=MINUTE, by="sweep")
    assert sorted(taken) == sorted(errands.objects.values_list("pk", flat=True))
    assert set(errands.objects.values_list("attempts", flat=True)) == {1}


def test_a_row_that_somebody_has_locked_is_passed_over_without_waiting(errands: Errands) -> None:
    locked, _ = add(errands, "locked", next_try_at=NOW - MINUTE), add(errands, "free", next_try_at=NOW)
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                errands.objects.select_for_update().get(pk=locked.pk)
                holding.set()
                done.wait(20)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(hold)
        assert holding.wait(20)
        began = time.monotonic()
        taken = take(errands)
        waited = time.monotonic() - began
        done.set()
    assert taken == ["free"]
    assert waited < 5


def test_a_row_given_back_is_clean(errands: Errands) -> None:
    row = add(errands, "a", last_error="refused", attempts=4)
    take(errands, by="hand-1")
    assert services.release(errands, row.pk, by="hand-1")
    row.refresh_from_db()
    assert (row.leased_until, row.leased_by, row.attempts, row.last_error) == (None, "", 0, "")


def test_a_hand_whose_lease_was_taken_over_cannot_give_the_row_back(errands: Errands) -> None:
    row = add(errands, "a")
    take(errands, by="slow")
    take(errands, by="quick", now=NOW + MINUTE)
    assert not services.release(errands, row.pk, by="slow")
    assert services.push_back(errands, row.pk, now=NOW, error="too late", by="slow") is None
    row.refresh_from_db()
    assert (row.leased_by, row.last_error) == ("quick", "")


def test_a_failing_row_is_pushed_ahead_further_each_time_with_its_error(errands: Errands) -> None:
    row, now, waits = add(errands, "poison"), NOW, []
    for _ in range(4):
        assert take(errands, now=now) == ["poison"]
        again_at = services.push_back(errands, row.pk, now=now, error="boom", base=MINUTE, cap=5 * MINUTE)
        assert again_at is not None
        assert take(errands, now=again_at - timedelta(seconds=1)) == []
        waits.append((again_at - now) // MINUTE)
        now = again_at
    row.refresh_from_db()
    assert waits == [1, 2, 4, 5]
    assert (row.last_error, row.leased_until, row.attempts) == ("boom", None, 4)


def test_poison_never_stands_in_the_way_of_healthy_rows(errands: Errands) -> None:
    poison = add(errands, "poison", next_try_at=NOW - 10 * MINUTE)
    for number in range(5):
        add(errands, f"healthy {number}", next_try_at=NOW)
    done = []
    for _ in range(6):
        (label,) = take(errands, limit=1)
        if label == "poison":
            services.push_back(errands, poison.pk, now=NOW, error="boom")
        else:
            done.append(label)
    assert done == [f"healthy {number}" for number in range(5)]


def test_a_row_that_kills_its_hands_queues_behind_those_that_wait_longer(errands: Errands) -> None:
    add(errands, "killer", next_try_at=NOW - 10 * MINUTE)
    add(errands, "healthy", next_try_at=NOW + MINUTE / 2)
    assert take(errands, limit=1) == ["killer"]  # and its hand dies without a word
    assert take(errands, limit=1, now=NOW + MINUTE) == ["healthy"]


def test_an_error_of_any_length_and_any_number_of_attempts_fit(errands: Errands) -> None:
    row = add(errands, "a", attempts=32_767)
    assert take(errands) == ["a"]
    assert services.push_back(errands, row.pk, now=NOW, error="x" * 100_000) is not None
    row.refresh_from_db()
    assert (row.attempts, len(row.last_error)) == (32_767, 2000)


def test_a_row_that_is_gone_cannot_be_pushed(errands: Errands) -> None:
    assert services.push_back(errands, 404, now=NOW, error="boom") is None


@pytest.mark.parametrize("isolation", ["committed", "rolled back"])
def test_a_take_that_is_rolled_back_leaves_the_row_free(errands: Errands, isolation: str) -> None:
    add(errands, "a")
    with transaction.atomic():
        assert take(errands) == ["a"]
        if isolation == "rolled back":
            transaction.set_rollback(True)
    assert take(errands) == (["a"] if isolation == "rolled back" else [])
