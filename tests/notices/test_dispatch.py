"""The clock hands notices over, real hands deliver them, and what gets lost on the way comes back."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from planner.notices.dispatch import QUEUE_LEASE, hand_over
from planner.notices.models import Notice
from planner.notices.services import SENDING_LEASE, send_notice
from tests.factories import make_person

MINUTE = timedelta(minutes=1)


def page(now, key="1"):
    return send_notice(key=key, person=make_person(), subject="Wake up", body="A claim broke.", now=now)


def wait_for(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert condition()


@pytest.mark.django_db(transaction=True)
def test_a_due_notice_is_handed_over_once(broker):
    now = timezone.now()
    page(now)

    assert [hand_over(now=now), hand_over(now=now)] == [1, 0]
    assert Notice.objects.get().state == "queued"


@pytest.mark.django_db(transaction=True)
def test_a_message_that_the_broker_lost_is_handed_over_again(broker):
    now = timezone.now()
    page(now)
    hand_over(now=now)

    assert hand_over(now=now + QUEUE_LEASE - timedelta(seconds=1)) == 0
    assert hand_over(now=now + QUEUE_LEASE) == 1


@pytest.mark.django_db(transaction=True)
def test_a_hand_that_died_while_sending_leaves_its_notice_to_another(broker):
    now = timezone.now()
    notice = page(now)
    Notice.objects.filter(pk=notice.pk).update(
        state="sending", leased_until=now + SENDING_LEASE, leased_by="hand-gone", attempts=1
    )

    assert hand_over(now=now + SENDING_LEASE - timedelta(seconds=1)) == 0
    assert hand_over(now=now + SENDING_LEASE) == 1


@pytest.mark.django_db(transaction=True)
def test_real_hands_deliver_what_was_handed_over(smtp_server, start_hand):
    start_hand("notify")
    now = timezone.now()
    notices = [page(now, key=str(number)) for number in range(20)]

    assert hand_over(now=timezone.now()) == 20
    wait_for(lambda: Notice.objects.filter(state="sent").count() == 20)

    addressed = sorted(mail["X-RcptTo"] for mail in smtp_server.messages)
    assert addressed == sorted(notice.address for notice in notices)
