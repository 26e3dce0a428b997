"""The command that says who can do what at an instant: the same answer as page and pager."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from planner.rosters.overriding import replace_person
from tests.factories import make_shift
from tests.rosters.roster import NOW, at, manager, people

pytestmark = pytest.mark.django_db


def ask(*options):
    out, code = io.StringIO(), 0
    try:
        call_command("on_watch", *options, stdout=out)
    except SystemExit as leaving:
        code = leaving.code
    return code, out.getvalue()


@pytest.fixture
def night():
    layla, omar = people("Layla Hasan", "Omar Aziz")
    make_shift(layla, at(0), 8, kind="on_call", roles=["duty"])
    replace_person(person=layla, stand_in=omar, start=at(0), end=at(4), by=manager(), now=NOW)
    return layla, omar


def test_the_document_says_who_in_which_role_how_long_and_by_what(night):
    _layla, omar = night
    code, said = ask("--at", "2014-06-09T23:30", "--json")

    found = json.loads(said)
    assert (code, found["at"]) == (0, "2014-06-09T20:30:00+00:00")
    assert found["can"] == {"duty": [omar.username]}
    (person,) = found["people"]
    assert {name: person[name] for name in ("person", "kind", "roles", "end", "via")} == {
        "person": "Omar Aziz",
        "kind": "on_call",
        "roles": ["duty"],
        "end": "2014-06-09T23:00:00+00:00",
        "via": "override",
    }


def test_the_table_is_for_people(night):
    code, said = ask("--at", "2014-06-10T03:00+03:00")

    assert code == 0
    for words in ("On watch Tue 10 Jun 2014 03:00 Asia/Baghdad", "Layla Hasan", "on_call", "single shift"):
        assert words in said


def test_nobody_on_watch_is_a_finding_and_bad_input_is_two(night):
    assert ask("--at", "2014-06-11T03:00")[0] == 1
    assert json.loads(ask("--at", "2014-06-11T03:00", "--json")[1])["people"] == []
    with pytest.raises(CommandError, match="--at “tonight”: not a date and time") as wrong:
        ask("--at", "tonight")
    assert wrong.value.returncode == 2
