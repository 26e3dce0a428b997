"""The chain as pure values: any change to any entry is found, and found where it is."""

import dataclasses
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.journal.core.chain import FORMAT, GENESIS, Link, canonical, digest, verify

words = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=12)


def chained(rows: list[tuple[int, str, str, str]]) -> list[Link]:
    """A chain that holds, built the way the trigger builds it."""
    links: list[Link] = []
    for seq, (at_us, subject, actor, detail) in enumerate(rows, start=1):
        prev = links[-1].hash if links else GENESIS
        bare = Link(seq, at_us, at_us + 5, "sighted", uuid.UUID(int=seq), subject, actor, detail, prev, "")
        links.append(dataclasses.replace(bare, hash=digest(bare)))
    return links


chains = st.lists(st.tuples(st.integers(-(10**16), 10**16), words, words, words), min_size=1, max_size=6).map(chained)


def test_the_canonical_text_is_what_the_page_says() -> None:
    link = Link(7, -1, 2, "paged", None, "task:1", "clock", '{"a": 1}', "ab" * 32, "")
    lines = [FORMAT, "ab" * 32, "7", "-1", "2", "paged", "", "task:1", "clock", '{"a": 1}']
    assert canonical(link) == "\n".join(lines)


@given(chains)
def test_a_chain_that_nobody_touched_holds(links: list[Link]) -> None:
    verdict = verify(links)
    assert (verdict.count, verdict.head_hash, verdict.broken_seq) == (len(links), links[-1].hash, None)


def test_an_empty_journal_holds() -> None:
    assert verify([]) == verify(iter([]))
    assert verify([]).head_hash == GENESIS


@given(chains, st.data())
def test_a_change_to_any_field_of_any_entry_is_found_at_that_entry(links: list[Link], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(links) - 1))
    field = data.draw(
        st.sampled_from(["at_us", "recorded_us", "milestone", "claim", "subject", "actor", "detail", "hash"])
    )
    old = getattr(links[at], field)
    new = old + 1 if isinstance(old, int) else None if field == "claim" else f"{old}x"
    links[at] = dataclasses.replace(links[at], **{field: new})
    verdict = verify(links)
    assert verdict.broken_seq == at + 1
    assert f"entry {at + 1}" in verdict.reason


@given(chains.filter(lambda links: len(links) > 2), st.data())
def test_an_entry_taken_out_of_the_middle_is_missed(links: list[Link], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(links) - 2))
    del links[at]
    assert verify(links).reason == f"entry {at + 1} is missing: entry {at + 2} stands in its place"


@given(chains.filter(lambda links: len(links) > 1))
def test_entries_renumbered_to_hide_a_hole_are_found(links: list[Link]) -> None:
    renumbered = [dataclasses.replace(link, seq=number) for number, link in enumerate(links[1:], start=1)]
    assert verify(renumbered).broken_seq == 1


@given(chains)
def test_a_chain_written_anew_is_found_by_a_hash_noted_down_earlier_only(links: list[Link]) -> None:
    noted = {links[-1].seq: links[-1].hash}
    forged = chained([(link.at_us, link.subject, "somebody else", link.detail) for link in links])
    assert verify(links, noted).broken_seq is None
    assert verify(forged).broken_seq is None
    assert verify(forged, noted).broken_seq == links[-1].seq or links == forged


@given(chains)
def test_an_end_cut_off_is_found_by_a_hash_noted_down_earlier(links: list[Link]) -> None:
    noted = {links[-1].seq: links[-1].hash}
    verdict = verify(links[:-1], noted)
    assert verdict.broken_seq == len(links)
    assert (
        verdict.reason == f"the journal ends at entry {len(links) - 1}, but entry {len(links)} was noted down earlier"
    )


@pytest.mark.parametrize(("one", "other"), [(("ab", "c"), ("a", "bc")), (("", "x"), ("x", ""))])
def test_text_cannot_move_from_one_field_to_the_next_unseen(one: tuple[str, str], other: tuple[str, str]) -> None:
    first, second = (chained([(0, subject, actor, "{}")])[0] for subject, actor in (one, other))
    assert first.hash != second.hash
