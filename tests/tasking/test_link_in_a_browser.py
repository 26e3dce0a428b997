"""The link in a message, in a real browser: what it says about where it comes from must let the buttons work."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from planner.publishing.models import Post
from planner.tasking.models import Task
from planner.tasking.services import open_task, token
from tests.factories import make_channel, make_claim, make_line, make_person, make_shift

pytestmark = pytest.mark.django_db(transaction=True)


def test_take_it_then_release_the_line_with_one_press_each_without_sign_in(live_server, page):
    now = timezone.now()
    hala, line = make_person("Hala Amin", roles=["duty"]), make_line(at=now - timedelta(hours=1))
    make_shift(hala, now - timedelta(hours=2), 10, kind="on_call")
    make_channel(name="Newsroom")
    claim = make_claim("The bridge is taken.", at=now - timedelta(minutes=5), narrative=line.narrative)
    task = open_task(claim, now=now, off_hours=True)
    page.goto(f"{live_server.url}/tasks/answer/{token(task.rungs.get())}/")
    page.get_by_role("button", name="I take it").click()
    page.get_by_role("button", name="Release it now").click()
    page.get_by_text("Released. It leaves now on Newsroom.").wait_for()
    assert Task.objects.get().assignee == hala
    assert (Post.objects.get().scheduled_by, Post.objects.get().channel.name) == (hala, "Newsroom")


def test_a_secret_calendar_address_is_made_by_pressing(live_server, page):
    client = Client()
    client.force_login(make_person("Layla Hasan", roles=["duty"]))
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.goto(f"{live_server.url}/roster/feed/")
    page.get_by_role("button", name="Make an address").click()
    assert ".ics" in page.locator("#feed-address").input_value()
