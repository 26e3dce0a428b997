"""Floods: five accounts, the same words, ten minutes; and the order of arrival does not matter."""

import csv
import gzip
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.claims.core.fingerprint import normalise
from planner.claims.core.floods import Copy, find_floods, reconcile

NIGHT = datetime(2014, 6, 9, 22, 0, tzinfo=UTC)
IRA = Path(__file__).parents[3] / "shared/data/ira"


def copies(*minutes_and_accounts: tuple[float, str]) -> list[Copy]:
    return [
        Copy(NIGHT + timedelta(minutes=minute), account, key)
        for key, (minute, account) in enumerate(minutes_and_accounts)
    ]


def test_five_accounts_within_ten_minutes_are_a_flood():
    [flood] = find_floods(copies((0, "a"), (3, "b"), (5, "c"), (9, "d"), (10, "e")))
    assert (flood.posts, flood.accounts, flood.first) == (5, 5, 0)
    assert (flood.started_at, flood.ended_at) == (NIGHT, NIGHT + timedelta(minutes=10))


@pytest.mark.parametrize(
    "told",
    [
        [(0, "a"), (3, "b"), (5, "c"), (9, "d")],
        [(0, "a"), (1, "a"), (2, "b"), (3, "c"), (4, "d"), (5, "a")],
        [(0, "a"), (3, "b"), (5, "c"), (9, "d"), (10.02, "e")],
    ],
    ids=["four accounts", "one account twice", "a second too late"],
)
def test_fewer_accounts_or_a_longer_time_are_none(told):
    assert find_floods(copies(*told)) == []


def test_a_flood_goes_on_while_copies_keep_coming_and_ends_after_ten_quiet_minutes():
    told = [(minute, f"x{minute}") for minute in (*range(5), 14, 24, 34)]
    [flood] = find_floods(copies(*told, (45, "late")))
    assert (flood.posts, flood.ended_at) == (8, NIGHT + timedelta(minutes=34))


def test_a_slow_beginning_is_not_part_of_the_flood():
    told = [(0, "slow"), (9, "slow"), (18, "slow"), (30, "a"), (27, "b"), (31, "c"), (32, "d"), (33, "e")]
    [flood] = find_floods(copies(*told))
    assert flood.started_at == NIGHT + timedelta(minutes=27)
    assert flood.posts == 5


def test_two_waves_are_two_floods():
    first = [(minute, f"a{minute}") for minute in range(5)]
    second = [(minute, f"a{minute}") for minute in range(60, 66)]
    assert [flood.posts for flood in find_floods(copies(*first, *second))] == [5, 6]


ARRIVALS = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from("abcdefg")).map(lambda pair: pair), min_size=1, max_size=60
)


@given(ARRIVALS, st.randoms(use_true_random=False), st.integers(1, 9))
def test_batches_in_any_order_give_the_same_floods_as_all_at_once(told, random, size):
    everything = copies(*told)
    shuffled = list(everything)
    random.shuffle(shuffled)
    known: dict[int, object] = {}
    number = 0
    for end in range(size, len(shuffled) + size, size):
        for merger in reconcile(known.items(), find_floods(shuffled[:end])):
            for old in merger.ids:
                del known[old]
            number += 1
            known[number] = merger.span
    assert sorted(known.values(), key=lambda flood: flood.started_at) == find_floods(everything)


@given(ARRIVALS)
def test_every_flood_is_as_told_by_counting_every_window(told):
    everything = sorted(copies(*told))
    crowded = set()
    for first in everything:
        inside = [c for c in everything if timedelta() <= c.posted_at - first.posted_at <= timedelta(minutes=10)]
        if len({c.account for c in inside}) >= 5:
            crowded |= {c.key for c in inside}
    covered = set()
    for flood in find_floods(everything):
        inside = [c for c in everything if flood.started_at <= c.posted_at <= flood.ended_at]
        assert (len(inside), len({c.account for c in inside})) == (flood.posts, flood.accounts)
        covered |= {c.key for c in inside}
    assert crowded <= covered
    assert bool(crowded) == bool(covered)


def test_what_is_known_never_shrinks_when_raw_sightings_were_forgotten():
    told = copies(*((minute, f"a{minute}") for minute in range(8)))
    known = [(1, find_floods(told)[0])]
    [merger] = reconcile(known, find_floods([*told[3:], Copy(NIGHT + timedelta(minutes=9), "new", 99)]))
    assert (merger.ids, merger.span.posts, merger.span.started_at) == ((1,), 8, NIGHT)
    assert merger.span.ended_at == NIGHT + timedelta(minutes=9)
    assert reconcile(known, []) == []
    assert reconcile(known, [known[0][1]]) == []


def slices() -> list[str]:
    return sorted(path.name.removesuffix(".floods.csv.gz") for path in IRA.glob("*.floods.csv.gz"))


@pytest.mark.skipif(not slices(), reason="the real slices are not here: ../shared/data/ira")
@pytest.mark.parametrize("name", slices())
def test_every_gold_flood_of_the_real_slices_is_found(name):
    found = defaultdict(list)
    by_words = defaultdict(list)
    with gzip.open(IRA / f"{name}.csv.gz", "rt", newline="") as stream:
        for key, row in enumerate(csv.DictReader(stream)):
            moment = datetime.fromisoformat(row["publish_date"]).replace(tzinfo=UTC)
            by_words[normalise(row["content"])].append(Copy(moment, row["author_id"], key))
    for words, told in by_words.items():
        found[words] = find_floods(told)
    with gzip.open(IRA / f"{name}.floods.csv.gz", "rt", newline="") as stream:
        gold = list(csv.DictReader(stream))
    assert gold
    assert [flood for flood in gold if not matches(flood, found)] == []


def matches(gold: dict[str, str], found) -> bool:
    """Whether a flood with (nearly) these words covers the gold one's peak with as many accounts."""
    told = gold.get("fingerprint") or gold["fp"]
    peak = datetime.fromisoformat(gold.get("peak_start") or gold["at"] + "Z")
    accounts = int(gold.get("peak_accounts_10min") or gold["peak"])
    words = normalise(told)
    near = [words] if found.get(words) else [w for w in found if found[w] and alike(w, words)]
    return any(
        flood.started_at <= peak <= flood.ended_at and flood.accounts >= accounts for w in near for flood in found[w]
    )


def alike(one: str, other: str) -> bool:
    """The gold list resolved fewer HTML entities and kept cut-off links, so a word or two may differ."""
    return one[:10] == other[:10] and SequenceMatcher(None, one, other).ratio() > 0.9
