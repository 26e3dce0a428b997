"""Which rows count as the adversary speaking, and what the forecast command says of them."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from planner.claims.models import Claim, Flood, Sighting, Source
from planner.narratives.models import Narrative
from planner.tempo import selectors

pytestmark = pytest.mark.django_db
START = datetime(2014, 5, 11, 21, tzinfo=UTC)  # Monday 00:00 in Baghdad
NOW = START + timedelta(weeks=4)
BRUSSELS = Path(settings.BASE_DIR).parent / "shared/data/ira/all_2016-03-14_2016-03-27_brussels.csv.gz"


def sighting(at, *, text=1, kind="adversary", flood=None, name="", **said):
    source, _ = Source.objects.get_or_create(name=name or f"The {kind}", defaults={"kind": kind})
    number = Sighting.objects.count()
    words = {"text": "x", "fingerprint": text, "flood": flood, "fetched_at": at, "stored_at": at} | said
    return Sighting.objects.create(source=source, external_id=str(number), posted_at=at, **words)


def claim(at, **words):
    return Claim.objects.create(text="x", broke_earliest=at, broke_latest=at, created_at=at, **words)


def _seen(now=NOW):
    known = selectors.evidence(now)
    return known.basis, len(known.level.instants), len(known.shape.instants) if known.shape else None


def test_nothing_known_is_a_prior_with_a_note():
    found = selectors.forecast(NOW, NOW + timedelta(days=1), NOW)
    assert (found.basis, found.events, len(found.hours)) == ("nothing", 0, 24)
    assert "Import sightings" in found.notes[0]


def test_the_same_words_count_once_a_day():
    for hour in (1, 2, 3, 30):
        sighting(START + timedelta(hours=hour + 3))
    sighting(START + timedelta(hours=4), text=2)
    assert _seen() == ("messages", 3, None)


def test_only_the_adversary_sets_the_tempo():
    sighting(START, text=1, kind="media")
    sighting(START, text=2, kind="amplifier")
    assert _seen() == ("nothing", 0, None)


def test_a_flood_counts_once_however_many_copies_it_has():
    flood = Flood.objects.create(
        fingerprint=9, started_at=START, ended_at=START + timedelta(minutes=5), posts=50, accounts=20, text="x"
    )
    for minute in range(50):
        sighting(START + timedelta(minutes=minute / 10), text=9, flood=flood)
    sighting(START + timedelta(days=3), text=10)
    assert _seen() == ("floods", 1, 2)


def test_claims_give_the_level_and_messages_the_shape():
    for night in range(28):
        sighting(START + timedelta(days=night, hours=23), text=night)
    claim(START + timedelta(days=2), severity="critical")
    claim(START + timedelta(days=9), severity="low")
    into = claim(START + timedelta(days=20))
    claim(START + timedelta(days=20), state="merged", merged_into=into)
    known = selectors.evidence(NOW)
    assert _seen() == ("claims", 3, 28)
    assert known.level.weights.tolist() == [4.0, 0.5, 1.0]
    hours = selectors.forecast(NOW, NOW + timedelta(days=7), NOW).hours
    night = sum(hour.expected for hour in hours if hour.start.hour == 20)  # 23:00 in Baghdad
    assert night > 2 * sum(hour.expected for hour in hours if hour.start.hour == 8)


def test_what_came_after_the_moment_of_asking_is_not_known():
    claim(START)
    claim(NOW + timedelta(minutes=1))
    assert selectors.evidence(NOW).level.instants.size == 1


def test_old_data_is_read_over_the_time_in_which_it_was_gathered():
    for day in range(14):
        sighting(START + timedelta(days=day, hours=2), text=day)
    later = NOW + timedelta(days=3650)
    known = selectors.evidence(later)
    assert (known.level.start, known.level.end) == (START, START + timedelta(days=14))
    found = selectors.forecast(later, later + timedelta(days=7), later)
    assert sum(hour.expected for hour in found.hours) == pytest.approx(7, rel=0.1)
    assert "days old" in found.notes[-1]


def test_a_part_is_one_source_one_language_or_one_narrative():
    ghost = Narrative.objects.create(name="Ghost divisions")
    told = claim(START, narrative=ghost)
    sighting(START + timedelta(hours=1), text=1, name="A", language="ar")
    sighting(START + timedelta(hours=2), text=2, name="B", language="ar", claim=told)
    sighting(START + timedelta(hours=3), text=3, name="B", language="en")

    def messages(**part):
        return len(selectors.evidence(NOW, sightings=True, **part).level.instants)

    assert (messages(), messages(source="B"), messages(language="ar"), messages(narrative=ghost.name)) == (3, 2, 2, 1)
    assert messages(source="B", language="ar") == 1
    assert messages(source="nobody") == 0
    part = selectors.evidence(NOW, narrative=ghost.name)
    assert (part.basis, len(part.level.instants), len(part.shape.instants)) == ("claims", 1, 1)


def test_a_part_is_counted_as_the_whole_is_and_watched_as_long():
    source = sighting(START, name="A").source
    sighting(START + timedelta(days=20), text=2, name="B")
    claim(START + timedelta(days=1), source=source)
    part = selectors.evidence(NOW, source="B")
    assert (part.basis, len(part.level.instants)) == ("claims", 0), "B posted, but no claim is of B"
    assert (part.level.start, part.level.end) == (part.whole.level.start, part.whole.level.end)


def test_a_flood_belongs_to_those_who_posted_it():
    flood = Flood.objects.create(
        fingerprint=9, started_at=START, ended_at=START + timedelta(minutes=5), posts=2, accounts=2, text="x"
    )
    for name in "AB":
        sighting(START, text=9, name=name, flood=flood)
    sighting(START + timedelta(days=1), text=10, name="C")
    found = {name: len(selectors.evidence(NOW, source=name).level.instants) for name in "ABC"}
    assert found == {"A": 1, "B": 1, "C": 0}


def test_a_board_that_refreshes_learns_once_and_a_new_claim_is_learned_at_once():
    claim(START)
    claim(START + timedelta(weeks=3))
    minute = timedelta(minutes=1)
    first, again = selectors.rhythm(NOW + minute), selectors.rhythm(NOW + 2 * minute)
    assert again is first, "nothing came, and the quarter of an hour is the same"
    claim(NOW + 2 * minute)
    assert selectors.rhythm(NOW + 3 * minute).events == 3
    Claim.objects.filter(broke_earliest=START).update(severity="critical")
    assert selectors.rhythm(NOW + 3 * minute).rate.sum() > 1.3 * again.rate.sum()


def test_a_factor_multiplies_its_hour():
    claim(START)
    plain = selectors.forecast(NOW, NOW + timedelta(hours=3), NOW).hours
    bent = selectors.forecast(NOW, NOW + timedelta(hours=3), NOW, factor=np.array([1.0, 2.0, 0.5])).hours
    assert [b.expected / p.expected for b, p in zip(bent, plain, strict=True)] == pytest.approx([1, 2, 0.5])


def _run(*words):
    out = io.StringIO()
    call_command("forecast", *words, stdout=out)
    return out.getvalue()


def test_the_command_prints_the_document():
    for night in range(28):
        claim(START + timedelta(days=night, hours=23))
    found = json.loads(_run("--days", "2", "--at", "2014-06-09", "--json"))
    assert {"zone", "hours", "scores"} <= found.keys()
    assert (found["zone"], len(found["hours"]), found["basis"]) == ("Asia/Baghdad", 48, "claims")
    first = found["hours"][0]
    assert first["start"] == "2014-06-08T21:00:00+00:00"
    assert first["low"] <= first["expected"] <= first["high"] or first["low"] == 0
    assert {"model", "uniform", "histogram", "last_week", "inside", "width", "events", "origins"} < found[
        "scores"
    ].keys()
    assert found["scores"]["model"] > found["scores"]["uniform"]


def test_the_command_prints_a_table_a_day_a_row():
    claim(START)
    said = _run("--days", "3", "--at", "2014-06-09")
    assert "Tue 10 Jun 2014" in said
    assert "Assumed weights: low 0.5, medium 1, high 2, critical 4" in said


@pytest.mark.parametrize(
    ("words", "said"), [(("--days", "0"), "--days must be"), (("--at", "tomorrow"), "--at “tomorrow”: not a date")]
)
def test_bad_input_is_named_and_exits_with_two(words, said):
    with pytest.raises(CommandError, match=said) as refused:
        _run(*words)
    assert refused.value.returncode == 2


@pytest.mark.skipif(not BRUSSELS.exists(), reason=f"no {BRUSSELS.name} beside the repository: ../shared/data/ira")
def test_the_fortnight_of_brussels_is_foretold_better_than_by_guessing():
    call_command("import_sightings", str(BRUSSELS), "--format", "ira", "--json", stdout=io.StringIO())
    after = datetime(2016, 3, 28, tzinfo=UTC)
    found = selectors.forecast(after, after + timedelta(days=7), after, scored=True)
    assert len(found.hours) == 168
    assert found.events > 10
    assert all(0 <= hour.low <= hour.high and hour.expected > 0 for hour in found.hours)
    assert found.scores.model > found.scores.uniform
