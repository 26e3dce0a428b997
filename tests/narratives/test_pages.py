"""Storylines: listed, added, changed, by those who may."""

import pytest
from django.urls import reverse

from planner.narratives.models import Narrative
from planner.narratives.services import NarrativeRefused, narrative_named, save_narrative
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    person = make_person(roles=["officer"])
    client.force_login(person)
    return person


def test_a_storyline_is_added_and_changed_with_its_phrases(client, officer):
    given = {
        "name": "  The   advance ",
        "summary": "They come.",
        "phrases": "the city fell\n\nسقطت المدينة\nthe city fell",
    }
    assert client.post(reverse("narratives:new"), given).url == reverse("narratives:list")
    narrative = Narrative.objects.get()
    assert (narrative.name, narrative.phrases) == ("The advance", ["the city fell", "سقطت المدينة"])
    page = client.get(reverse("narratives:edit", args=[narrative.uuid])).content.decode()
    assert "the city fell\nسقطت المدينة" in page
    client.post(reverse("narratives:edit", args=[narrative.uuid]), given | {"name": "Retreat"})
    assert "Retreat" in client.get(reverse("narratives:list")).content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "required"),
        ({"name": "THE ADVANCE"}, "of that name already"),
        ({"phrases": "fine\n" + "x" * 201}, "Line 2 is too long"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client, officer, change, words):
    save_narrative(name="The advance")
    answer = client.post(reverse("narratives:new"), {"name": "New", "summary": "kept words", "phrases": ""} | change)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert "kept words" in answer.content.decode()
    assert Narrative.objects.count() == 1


def test_an_auditor_reads_and_an_unknown_storyline_is_not_found(client, officer):
    client.force_login(make_person(roles=["auditor"]))
    assert client.get(reverse("narratives:list")).status_code == 200
    assert client.post(reverse("narratives:new"), {"name": "x"}).status_code == 403
    nobody = "00000000-0000-0000-0000-000000000000"
    assert client.get(reverse("narratives:edit", args=[nobody])).status_code == 404


def test_a_name_is_found_whatever_its_case_and_made_when_it_is_new():
    known = save_narrative(name="The advance")
    assert narrative_named(" the ADVANCE ") == known
    assert narrative_named("Retreat").name == "Retreat"
    with pytest.raises(NarrativeRefused, match="Give the storyline a name"):
        save_narrative(name="  ")
