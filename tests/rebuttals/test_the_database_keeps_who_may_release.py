"""Raw SQL against the further scope of a line: storylines, languages, and who may let it out."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from planner.claims.models import Claim
from planner.narratives.models import Narrative
from planner.rebuttals.models import Release
from tests.factories import NIGHT, make_approval, make_draft, make_line, make_person, make_rebuttal
from tests.rebuttals.attacks import INSERT_RELEASE, refuses, sql

pytestmark = pytest.mark.django_db
LATER = NIGHT + timedelta(minutes=5)


@pytest.fixture
def hala():
    return make_person("Hala Amin", roles=["duty"])


@pytest.fixture
def tom():
    return make_person("Tom Baker", roles=["officer"])


def claim_of(narrative, language=""):
    times = {"broke_earliest": NIGHT, "broke_latest": NIGHT, "created_at": NIGHT}
    return Claim.objects.create(text="The road is closed.", narrative=narrative, language=language, **times)


def test_who_is_not_one_of_those_named_cannot_release(hala, tom):
    line = make_line(release_roles=["duty"])
    claim = claim_of(line.narrative)
    refuses("signed for other people to release", INSERT_RELEASE, line.pk, claim.pk, tom.pk, LATER)
    assert sql(INSERT_RELEASE, line.pk, claim.pk, hala.pk, LATER) == 1


def test_a_person_named_may_release_and_no_longer_once_they_lost_every_role(hala, tom):
    line = make_line(release_roles=[], release_people=[tom.pk], maximum_uses=3)
    refuses("signed for other people", INSERT_RELEASE, line.pk, claim_of(line.narrative).pk, hala.pk, LATER)
    assert sql(INSERT_RELEASE, line.pk, claim_of(line.narrative).pk, tom.pk, LATER) == 1
    sql("UPDATE people_user SET roles = ARRAY['analyst'] WHERE id = %s", tom.pk)
    refuses("an active duty officer", INSERT_RELEASE, line.pk, claim_of(line.narrative).pk, tom.pk, LATER)


@pytest.mark.parametrize("roles", [[], ["analyst"], ["duty", "auditor"]])
def test_every_line_may_be_released_by_somebody_and_only_in_a_role_that_releases(roles):
    with pytest.raises(IntegrityError, match="cleared_line_released_by_somebody"):
        make_line(release_roles=roles)


@pytest.mark.parametrize("person", [{"roles": ["analyst"]}, {"roles": ["duty"], "is_active": False}])
def test_only_people_who_can_release_are_named(person):
    who = make_person("Noor Salim", **person)
    with pytest.raises(IntegrityError, match="names only people who are active"):
        make_line(release_people=[who.pk])


def test_a_line_goes_out_for_each_of_its_narratives_and_for_no_other(hala):
    second, third = (Narrative.objects.create(name=name) for name in ("The bread", "The bridges"))
    line = make_line(also_narratives=[second.pk], maximum_uses=3)
    assert sql(INSERT_RELEASE, line.pk, claim_of(second).pk, hala.pk, LATER) == 1
    for other in (third, None):
        refuses("another narrative", INSERT_RELEASE, line.pk, claim_of(other).pk, hala.pk, LATER)


def test_narratives_are_named_once_and_exist(hala):
    with pytest.raises(IntegrityError, match="only narratives that exist"):
        make_line(also_narratives=[10**9])


def test_a_narrative_is_not_named_twice():
    narrative = Narrative.objects.create(name="The dam breaks")
    approval = make_approval(make_draft(make_rebuttal(narrative=narrative)))
    with pytest.raises(IntegrityError, match="each narrative once"):
        make_line(approval, also_narratives=[narrative.pk])


def test_a_line_goes_out_for_claims_in_its_languages(hala):
    line = make_line(languages=["en", "ku"], maximum_uses=4)
    for language in ("en-GB", "KU", ""):
        assert sql(INSERT_RELEASE, line.pk, claim_of(line.narrative, language).pk, hala.pk, LATER) == 1
    refuses("another language", INSERT_RELEASE, line.pk, claim_of(line.narrative, "ar").pk, hala.pk, LATER)


def test_a_line_answers_the_language_in_which_it_is_written():
    with pytest.raises(IntegrityError, match="a line in en answers claims in en, too"):
        make_line(languages=["ar"])


@pytest.mark.parametrize(
    "change",
    [
        "release_roles = ARRAY['officer']",
        "release_people = ARRAY[1]",
        "also_narratives = ARRAY[1]",
        "languages = ARRAY['en', 'ar']",
    ],
)
def test_what_was_signed_about_people_and_claims_cannot_be_widened(change):
    line = make_line(release_roles=["duty"])
    refuses("keeps the scope that was signed", f"UPDATE rebuttals_clearedline SET {change} WHERE id = %s", line.pk)
    assert not Release.objects.exists()
