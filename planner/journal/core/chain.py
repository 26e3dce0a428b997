"""The hash chain, recomputed from values alone: the same sum that the database's trigger does, written a second time.

The canonical text of an entry is ten fields joined by line feeds, in this order:

    planner-journal-1    the name of this format
    prev_hash            hash of the entry before; 64 zeros for the first
    seq                  decimal, from 1, without holes
    at                   microseconds since 1970-01-01T00:00:00Z, decimal
    recorded_at          likewise
    milestone            as in Milestone
    claim                UUID in lower case with hyphens, or empty
    subject              free of control characters
    actor                free of control characters
    detail               PostgreSQL's own text of the jsonb value (it holds no raw line feed)

hash = SHA-256 of its UTF-8 bytes, 64 lower-case hexadecimal digits. The trigger is in migrations/0002_chain.py; a test
compares the two.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

FORMAT = "planner-journal-1"
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as plain values. `at_us`, `recorded_us`: microseconds since the epoch; `detail`: the jsonb as text."""

    seq: int
    at_us: int
    recorded_us: int
    milestone: str
    claim: UUID | None
    subject: str
    actor: str
    detail: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a walk along the chain. `broken_seq` is None when every link holds; `reason` says what broke."""

    count: int
    head_hash: str
    broken_seq: int | None = None
    reason: str = ""


def canonical(link: Link) -> str:
    """The text that is hashed, see above."""
    claim = str(link.claim) if link.claim else ""
    before = (FORMAT, link.prev_hash, str(link.seq), str(link.at_us), str(link.recorded_us))
    return "\n".join((*before, link.milestone, claim, link.subject, link.actor, link.detail))


def digest(link: Link) -> str:
    """SHA-256 of the canonical text, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(link).encode()).hexdigest()


def verify(links: Iterable[Link], anchors: Mapping[int, str] | None = None) -> Verdict:
    """Walk the chain in the order given (seq ascending) and stop at the first link that does not hold.

    `anchors` are hashes by seq that were noted down earlier, outside the database. Somebody who rewrites the whole
    chain, or cuts off its end, is found by them and by nothing else.
    """
    expected = dict(anchors or {})
    count, head = 0, GENESIS
    for link in links:
        if fault := _fault(link, count + 1, head, expected.pop(link.seq, link.hash)):
            return Verdict(count=count, head_hash=head, broken_seq=link.seq, reason=fault)
        count, head = count + 1, link.hash
    if expected:
        missing = f"the journal ends at entry {count}, but entry {min(expected)} was noted down earlier"
        return Verdict(count=count, head_hash=head, broken_seq=count + 1, reason=missing)
    return Verdict(count=count, head_hash=head)


def _fault(link: Link, expected_seq: int, head: str, anchor: str) -> str:
    if link.seq != expected_seq:
        return f"entry {expected_seq} is missing: entry {link.seq} stands in its place"
    if link.prev_hash != head:
        return f"entry {link.seq} does not continue the entry before it: its prev_hash is not that entry's hash"
    if digest(link) != link.hash:
        return f"the content of entry {link.seq} is not what was hashed when it was written"
    if link.hash != anchor:
        return f"entry {link.seq} is not the one whose hash was noted down: the chain was written anew"
    return ""
