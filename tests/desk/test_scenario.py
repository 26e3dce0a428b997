"""The demonstration's values: simulated, seeded, and telling the story they are meant to tell."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from planner.desk.core import scenario

ZONE = ZoneInfo("Asia/Baghdad")


@pytest.mark.parametrize("hour", [0, 6, 13, 21, 23])
def test_nothing_of_the_demonstration_lies_in_the_future(hour: int) -> None:
    now = datetime(2026, 11, 23, hour, 17, tzinfo=UTC)
    claims = scenario.claims(now, ZONE)
    assert [broke.at for broke in claims] == sorted(broke.at for broke in claims)
    assert all(broke.at < now for broke in claims)
    assert all(said.posted_at < now for said in scenario.chatter(now, ZONE))


def test_most_claims_break_at_night_and_some_are_never_answered() -> None:
    now = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    claims = scenario.claims(now, ZONE)
    night = [broke for broke in claims if broke.at.astimezone(ZONE).hour in {22, 23, 0, 1, 2, 3}]
    assert len(claims) > 30
    assert len(night) / len(claims) > 0.5
    assert sum(broke.answered_after is None and broke.declined_after is None for broke in claims) >= 3
    assert claims[-1].answered_after is None
    assert now - claims[-1].at == timedelta(minutes=54)


def test_every_claim_comes_as_a_flood_of_several_accounts() -> None:
    for broke in scenario.claims(datetime(2026, 11, 23, 20, 0, tzinfo=UTC), ZONE):
        assert len({said.account for said in broke.copies}) >= 5
        assert broke.copies[0].posted_at == broke.at


def test_the_same_moment_tells_the_same_story_twice() -> None:
    now = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    assert scenario.claims(now, ZONE) == scenario.claims(now, ZONE)


def test_nobody_of_the_demonstration_is_on_two_shifts_at_once_by_rule() -> None:
    rows = scenario.roster_rows(datetime(2026, 11, 23, 20, 0, tzinfo=UTC), ZONE)
    assert {row["kind"] for row in rows} == {"desk", "on_call"}
    assert all(row["start"] < row["end"] for row in rows)
