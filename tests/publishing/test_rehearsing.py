"""Credentials are rehearsed by a read-only call, and people hear of what will not work before a post needs it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from planner.config.doctor import channels as examined
from planner.notices.models import Notice
from planner.publishing import dispatch, services
from planner.publishing.adapters.seal import seal
from planner.publishing.core.rehearsal import AGAIN, WARNED_DAYS, ends_at, next_rehearsal, warning_of
from planner.publishing.models import Channel, Rehearsal
from tests.doubles.mastodon import MastodonServer
from tests.factories import NIGHT, make_channel, make_person, make_post

BAGHDAD = ZoneInfo("Asia/Baghdad")
DAY = timedelta(days=1)
moments = st.datetimes(timezones=st.just(UTC)).filter(lambda at: 2000 <= at.year < 2100)
ZONES = st.sampled_from(["Asia/Baghdad", "Europe/Berlin", "Pacific/Apia", "America/St_Johns"]).map(ZoneInfo)


# when -----------------------------------------------------------------------------------------------------------------
@given(moments, ZONES)
def test_the_next_rehearsal_is_at_four_in_the_afternoon_within_a_day(now, tz):
    at = next_rehearsal(now, tz, works=True)
    assert now < at <= now + timedelta(hours=26)
    assert at.astimezone(tz).strftime("%H:%M") == "16:00"
    assert next_rehearsal(now, tz, works=False) == min(at, now + AGAIN)


@given(moments, st.timedeltas(-30 * DAY, 60 * DAY))
def test_the_warning_narrows_as_the_end_comes_nearer(now, left):
    days = warning_of(now + left, now=now)
    assert (days is None) == (left > DAY * WARNED_DAYS[0])
    later = warning_of(now + left, now=now + DAY)
    assert days is None or later <= days


def test_a_credential_ends_at_the_earlier_of_what_is_known():
    told = datetime(2014, 6, 20, tzinfo=UTC)
    assert ends_at(told, date(2014, 6, 12), BAGHDAD) == datetime(2014, 6, 11, 21, tzinfo=UTC)
    assert ends_at(told, None, BAGHDAD) == told
    assert ends_at(None, None, BAGHDAD) is None


# what is written down and told ----------------------------------------------------------------------------------------
@pytest.fixture
def server():
    running = MastodonServer().start()
    yield running
    running.stop()


@pytest.fixture
def channel(server, db) -> Channel:
    made = make_channel(server.base, kind="mastodon", options={"handle": "press"}, limit=None)
    made.secret_sealed = seal(server.token)
    made.save()
    return made


@pytest.fixture
def administrator(db):
    return make_person(roles=["administrator"])


def told(event: str) -> list[str]:
    return list(Notice.objects.filter(key__contains=f":{event}").values_list("person__username", flat=True))


def test_a_rehearsal_leaves_its_answer_and_what_the_server_allows(channel, server, administrator):
    server.most, server.url_cost = 5000, 25
    assert services.rehearse(channel.pk, now=NIGHT).works
    channel.refresh_from_db()
    row = channel.rehearsal
    assert (row.works, row.checked_at, row.said) == (True, NIGHT, "It answers as @press.")
    assert row.next_try_at > NIGHT
    assert (channel.limit, channel.url_cost) == (5000, 25)
    assert server.published == []
    assert told("fails") == []


def test_people_hear_once_that_it_fails_and_once_that_it_works_again(channel, server, administrator):
    poster = make_post(channel=channel).scheduled_by
    right, server.token = server.token, "another"
    for hour in range(3):
        services.rehearse(channel.pk, now=NIGHT + timedelta(hours=hour))
    assert sorted(told("fails")) == sorted([administrator.username, poster.username])
    notice = Notice.objects.filter(key__contains=":fails").first()
    assert "Posts that wait for it: 1" in notice.body
    assert right not in notice.body
    server.token = right
    services.rehearse(channel.pk, now=NIGHT + timedelta(hours=4))
    assert len(told("works_again")) == 2


def test_the_end_of_a_credential_is_told_once_per_step(channel, administrator):
    channel.credential_ends_on = date(2014, 6, 20)
    channel.save()
    for day in range(12):
        services.rehearse(channel.pk, now=NIGHT + day * DAY)
    steps = [key.split("_")[1] for key in Notice.objects.order_by("pk").values_list("key", flat=True)]
    assert steps == ["14", "7", "3", "1", "0"]
    assert "ends on 2014-06-20" in Notice.objects.first().body


def test_a_secret_that_no_key_opens_fails_its_rehearsal(channel, settings, administrator):
    settings.PLANNER_SEAL_KEYS = "EREREREREREREREREREREREREREREREREREREREREREQ="[:43] + "="
    checked = services.rehearse(channel.pk, now=NIGHT)
    assert "PLANNER_SEAL_KEYS" in checked.said


def test_a_retired_channel_is_not_asked(channel, server):
    Channel.objects.update(retired_at=NIGHT)
    assert services.rehearse(channel.pk, now=NIGHT) is None
    assert server.received == []


def test_the_doctor_reads_what_the_rehearsal_found(channel, server, administrator):
    server.token = "another"
    services.rehearse(channel.pk, now=NIGHT)
    [finding] = list(examined(NIGHT))
    assert not finding.ok
    assert "Its rehearsal failed" in finding.mend
    server.token = "the-right-token-0123456789"
    services.rehearse(channel.pk, now=NIGHT)
    assert next(examined(NIGHT)).ok
    Channel.objects.update(credential_ends_on=date(2014, 6, 12))
    assert "ends on 2014-06-12" in next(examined(NIGHT)).mend


def test_a_changed_entry_is_rehearsed_anew(channel):
    services.rehearse(channel.pk, now=NIGHT)
    services.change_channel(channel, by=None, now=NIGHT, owner="Somebody else")
    assert Rehearsal.objects.get().next_try_at is None


# the clock ------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_the_clock_hands_over_each_channel_once_and_comes_back_when_it_is_due(broker):
    first, second, gone = make_channel(), make_channel(), make_channel(retired_at=NIGHT)
    assert dispatch.rehearse(now=NIGHT) == 2
    assert dispatch.rehearse(now=NIGHT) == 0
    assert not Rehearsal.objects.filter(channel=gone).exists()
    for channel in (first, second):
        services.rehearse(channel.pk, now=NIGHT)
    assert dispatch.rehearse(now=NIGHT + timedelta(minutes=10)) == 0
    assert dispatch.rehearse(now=NIGHT + DAY) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["works = true", "checked_at = now()"])
def test_the_database_keeps_answer_and_moment_together(wrong):
    Rehearsal.objects.create(channel=make_channel())
    with (
        pytest.raises(IntegrityError, match="rehearsal_has_an_answer"),
        transaction.atomic(),
        connection.cursor() as sql,
    ):
        sql.execute(f"UPDATE publishing_rehearsal SET {wrong}")


@pytest.mark.django_db
def test_the_database_keeps_both_ends_of_quiet_hours():
    make_channel()
    with pytest.raises(IntegrityError, match="quiet_hours"), transaction.atomic(), connection.cursor() as sql:
        sql.execute("UPDATE publishing_channel SET quiet_from = '23:00'")
