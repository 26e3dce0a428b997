"""The tempo page, its form for known dates, and the command that says the same."""

import io
import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from planner.people.core.roles import ROLES
from planner.tempo.models import KnownDate
from tests.factories import make_claim, make_person, make_shift
from tests.tempo.posting import START, posts
from tests.tempo.test_forecast import sighting

pytestmark = pytest.mark.django_db
NOW = START + timedelta(days=42, hours=12)
PAGE = "/tempo/"


@pytest.fixture
def they_post_at_night():
    """Six weeks of posts between 21:00 and 03:00 in Baghdad."""
    for number, at in enumerate(posts(np.random.default_rng(1), 42, 6, opens=21, hours=6)):
        sighting(datetime.fromtimestamp(at, UTC), text=number)


def show(client, query="", roles=("analyst",), now=NOW):
    client.force_login(make_person(f"Reader {len(query)} {'-'.join(roles)}", roles=list(roles)))
    with time_machine.travel(now, tick=False):
        answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_without_anything_known_it_says_what_to_do_and_what_is_assumed(client):
    said = show(client)
    assert "Nothing they posted is known yet" in said
    assert "manage.py import_sightings" in said
    assert "Not known yet: it takes two weeks" in said
    assert "Their working hours" not in said


def test_it_says_how_much_comes_while_nobody_is_there_and_what_an_even_week_would_give(client, they_post_at_night):
    make_shift(make_person("Desk", roles=["officer"]), START + timedelta(days=42, hours=9), 9)
    said = show(client)
    assert "Posted while nobody is at the desk" in said
    assert "Spread evenly it would be 94 %." in said  # nine hours of a Monday, and the last one not whole
    assert "They choose these hours." in said
    assert "the roster of the seven days shown" in said


def test_an_empty_roster_is_replaced_by_office_hours_and_the_page_says_so(client, they_post_at_night):
    said = show(client)
    assert "Monday to Friday 08:00–18:00 stands in" in said
    assert "Spread evenly it would be 70 %." in said


def test_every_hour_of_the_week_is_in_the_table_with_who_is_there(client, they_post_at_night):
    start = START + timedelta(days=42)
    make_shift(make_person("Desk", roles=["officer"]), start + timedelta(hours=9), 9)
    make_shift(make_person("Bed", roles=["duty"]), start + timedelta(hours=21), 8, kind="on_call")
    said = show(client)
    table = said.split('class="table tempo-hours"')[1].split("</table>")[0]
    assert table.count("<tr>") == 25
    assert table.count("at the desk") == 9
    assert table.count("on call") == 8
    assert table.count("nobody") == 168 - 17


def test_one_source_language_or_narrative_can_be_chosen_and_an_unknown_one_means_all(client, they_post_at_night):
    make_claim(at=NOW - timedelta(days=3), language="ar")
    of_one = show(client, "?source=The+adversary")
    assert '<option value="The adversary" selected>' in of_one
    assert "Nothing was seen of this part yet" not in of_one
    assert "Posted outside office hours" in show(client, "?source=nobody&language=xx")


def test_a_known_date_of_the_week_is_on_the_heat_map_and_in_the_forecast(client):
    day = (NOW + timedelta(days=2)).date()
    KnownDate.objects.create(
        name="Election <b>", first_day=day, last_day=day, added_by=make_person("Mona", roles=["manager"]), added_at=NOW
    )
    said = show(client)
    assert said.count("Election &lt;b&gt;") >= 4  # heat map, curve, table, list
    assert "Election <b>" not in said
    assert "not seen yet: no effect is assumed" in said


@pytest.mark.parametrize("role", ROLES)
def test_every_role_may_read_and_three_may_keep_dates(client, role):
    may_keep = role in {"analyst", "officer", "manager"}
    assert ("Add a known date" in show(client, roles=(role,))) == may_keep
    words = {"name": "Election", "first_day": "2026-02-20"}
    answer = client.post(reverse("tempo:new_date"), words)
    assert answer.status_code == (302 if may_keep else 403)
    assert KnownDate.objects.count() == may_keep


def test_a_date_is_added_changed_and_ended_on_the_form(client):
    client.force_login(make_person("Layla", roles=["analyst"]))
    client.post(reverse("tempo:new_date"), {"name": "Election", "first_day": "2026-02-20", "note": "polls"})
    row = KnownDate.objects.get()
    assert (row.last_day, row.yearly, row.note) == (row.first_day, False, "polls")
    form = client.get(reverse("tempo:date", args=[row.uuid])).content.decode()
    assert 'value="2026-02-20"' in form
    client.post(reverse("tempo:date", args=[row.uuid]), {"name": "Election", "first_day": "2026-02-21"})
    standing = KnownDate.objects.get(ended_at=None)
    assert str(standing.first_day) == "2026-02-21"
    client.post(reverse("tempo:end_date", args=[standing.uuid]))
    assert not KnownDate.objects.filter(ended_at=None).exists()


def test_what_is_wrong_is_said_beside_what_was_typed(client):
    client.force_login(make_person("Layla", roles=["analyst"]))
    words = {"name": "Election", "first_day": "2026-02-20", "last_day": "2026-02-10"}
    answer = client.post(reverse("tempo:new_date"), words)
    assert answer.status_code == 400
    assert "The last day lies before the first." in answer.content.decode()
    assert 'value="2026-02-10"' in answer.content.decode()


def run(*arguments):
    out = io.StringIO()
    call_command("tempo", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_says_the_same_as_a_document(they_post_at_night):
    found = json.loads(run("--json", "--at", NOW.isoformat()))
    assert (found["zone"], found["basis"], found["staffing"]) == ("Asia/Baghdad", "messages", "mon-fri 08:00-18:00")
    share = found["off_desk"]
    assert share["low"] < share["share"] < share["high"]
    assert share["even"] == pytest.approx(118 / 168, abs=0.02)
    assert [one["source"] for one in found["habits"]] == ["", "The adversary"]
    hours = found["habits"][0]["working_hours"]
    assert 20 <= hours["start"] <= 23
    assert found["habits"][0]["zone_hint"]["offsets"] == [] or found["habits"][0]["zone_hint"]["refusal"] is None
    assert found["changes"] == []


def test_the_command_speaks_to_people_also_of_nothing():
    assert "Nothing they posted is known yet" in run("--at", NOW.isoformat())


def test_a_part_that_is_not_known_is_refused_with_what_is():
    with pytest.raises(CommandError, match="is not known: expected one of none yet") as refused:
        run("--source", "nobody")
    assert refused.value.returncode == 2
