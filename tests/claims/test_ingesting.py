"""Sightings come in by COPY: each once, with the floods among them, in whatever batches they arrive."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.claims.core.observed import Observed
from planner.claims.models import Claim, Flood, Sighting, Source
from planner.claims.services import forget_sightings, ingest, make_claim

NIGHT = datetime(2014, 6, 9, 22, 0, tzinfo=UTC)
NOW = NIGHT + timedelta(hours=4)


def seen(minute: float, account: str, text: str = "The city has fallen", **words) -> Observed:
    moment = NIGHT + timedelta(minutes=minute)
    return Observed(account, f"{account}-{minute}-{text}", moment, text, account, **words)


def wave(begin: int = 0, count: int = 6, **words) -> list[Observed]:
    return [seen(begin + n, f"account{n}", **words) for n in range(count)]


@pytest.mark.django_db
def test_a_sighting_is_kept_with_everything_that_was_observed():
    text = 'tab\tback\\slash "quote" line\nend\r\\N €'
    odd = ['a"b', "c,d", "e\\f", "{g}", "naïve"]
    one = seen(
        0, "outlet", text, language="ar", url="https://x.org", client="app", repost_of="7", hashtags=odd, kind="media"
    )
    assert ingest([one], now=NOW).added == 1
    row = Sighting.objects.select_related("source").get()
    assert (row.text, row.hashtags) == (text, odd)
    assert (row.source.name, row.source.kind, row.author) == ("outlet", "media", "outlet")
    assert (row.language, row.url, row.client, row.repost_of) == ("ar", "https://x.org", "app", "7")
    assert (row.posted_at, row.stored_at, row.fetched_at) == (NIGHT, NOW, NOW)


@pytest.mark.django_db
def test_the_same_batch_twice_changes_nothing_and_doubles_inside_a_batch_are_duplicates():
    batch = [*wave(), wave()[0]]
    assert ingest(batch, now=NOW).duplicates == 1
    before = list(Sighting.objects.order_by("pk").values()), list(Flood.objects.values())
    again = ingest(batch, now=NOW + timedelta(hours=1))
    assert (again.added, again.duplicates, again.floods) == (0, 7, 0)
    assert (list(Sighting.objects.order_by("pk").values()), list(Flood.objects.values())) == before


@pytest.mark.django_db
def test_a_known_source_keeps_its_kind():
    Source.objects.create(name="account0", kind="media")
    ingest(wave(), now=NOW)
    assert Source.objects.get(name="account0").kind == "media"


@pytest.mark.django_db
def test_a_flood_is_kept_once_with_its_first_text_and_its_sightings():
    ingest([*wave(text="The city has fallen https://t.co/1"), seen(3, "other", "Nothing to see")], now=NOW)
    flood = Flood.objects.get()
    assert (flood.posts, flood.accounts, flood.text) == (6, 6, "The city has fallen https://t.co/1")
    assert flood.sightings.count() == 6
    assert Sighting.objects.get(flood=None).author == "other"


@pytest.mark.django_db
def test_late_copies_join_two_floods_and_the_one_with_a_claim_is_kept():
    ingest(wave(0), now=NOW)
    ingest(wave(20), now=NOW)
    first, second = Flood.objects.order_by("started_at")
    claim = make_claim(text="x", broke_earliest=NIGHT, broke_latest=NIGHT, now=NOW, flood=second)
    ingest([seen(12, "late")], now=NOW)
    kept = Flood.objects.get()
    assert (kept.pk, kept.claim, kept.started_at, kept.posts) == (second.pk, claim, first.started_at, 13)
    assert claim.sightings.count() == 13
    assert not Sighting.objects.exclude(flood=kept).exists()


@pytest.mark.django_db
def test_copies_that_come_after_the_claim_belong_to_it_at_once():
    ingest(wave(), now=NOW)
    claim = make_claim(text="x", broke_earliest=NIGHT, broke_latest=NIGHT, now=NOW, flood=Flood.objects.get())
    ingest([seen(11, "late"), seen(14, "later")], now=NOW)
    assert claim.sightings.count() == 8
    assert Flood.objects.get().posts == 8
    assert Claim.objects.count() == 1


BATCHES = st.lists(st.tuples(st.integers(0, 45), st.sampled_from("abcdefg"), st.sampled_from("xy")), max_size=40)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BATCHES, st.randoms(use_true_random=False), st.integers(3, 20))
def test_the_table_of_floods_does_not_depend_on_batches_or_order(told, random, size):
    batch = [seen(minute, account, f"words {text}") for minute, account, text in told]

    def floods(order: list[Observed], step: int) -> list[tuple]:
        Sighting.objects.all().delete()
        Flood.objects.all().delete()
        for begin in range(0, len(order), step):
            ingest(order[begin : begin + step], now=NOW)
        kept = Flood.objects.order_by("fingerprint", "started_at")
        return [(f.fingerprint, f.started_at, f.ended_at, f.posts, f.accounts, f.sightings.count()) for f in kept]

    at_once = floods(batch, len(batch) or 1)
    random.shuffle(batch)
    assert floods(batch, size) == at_once
    assert all(row[3] == row[5] for row in at_once)


@pytest.mark.django_db(transaction=True)
def test_two_batches_at_once_do_not_miss_the_flood_that_only_both_make():
    def take(part: list[Observed]) -> None:
        try:
            ingest(part, now=NOW)
        finally:
            connection.close()

    whole = wave(count=6)
    other = threading.Thread(target=take, args=(whole[3:],))
    with transaction.atomic():
        ingest(whole[:3], now=NOW)
        other.start()
        other.join(timeout=1)
        assert other.is_alive(), "the second batch did not wait for the first"
    other.join()
    assert Flood.objects.get().posts == 6


@pytest.mark.django_db
def test_raw_sightings_are_forgotten_after_their_time_and_counts_and_claims_stay():
    ingest(wave(), now=NOW)
    claim = make_claim(text="kept", broke_earliest=NIGHT, broke_latest=NIGHT, now=NOW, flood=Flood.objects.get())
    ingest([seen(60, "young", "other words")], now=NOW + timedelta(days=300))
    late = NOW + timedelta(days=365, seconds=1)
    assert forget_sightings(now=late, keep=timedelta(days=365)) == 6
    assert Sighting.objects.get().author == "young"
    assert (Flood.objects.get().posts, Claim.objects.get().text) == (6, claim.text)
    assert forget_sightings(now=late) == 0
