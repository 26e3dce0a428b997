"""Pictures beside the words: what each is called by, what every kind of channel takes, and how two lists differ.

Sources of the limits (2026-11): Mastodon's model MediaAttachment (16 MiB, a description of 1,500 characters); Bluesky's
lexicon app.bsky.embed.images (4 pictures of 1,000,000 bytes); the Bot API's sendPhoto (10 MB) and sendMediaGroup (10),
caption 1,024; X's media upload (5 MB, 4 pictures, alt text of 1,000 characters).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner.rebuttals.core.limits import utf16
from planner.rebuttals.core.words import Change, Segment, Shown, compare

MEDIA_TYPES = ("image/jpeg", "image/png")  # as which a picture is kept, whatever it came as
MOST_PICTURES = 4  # what the platforms that take pictures have in common
MOST_ALT = 1500  # characters; channels may take less
MOST_BYTES = 1_000_000  # of a picture as we keep it: it fits everywhere
MOST_UPLOADED = 20 * 2**20  # bytes of a file that somebody brings
MOST_PIXELS = 60_000_000  # of a file that somebody brings: a phone's largest camera
LONGEST_SIDE = 2560  # pixels of a picture as we keep it


@dataclass(frozen=True, slots=True)
class Facts:
    """What a channel asks of one picture: bytes of its content, pixels, the alt text."""

    size: int
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What one kind of channel takes. None: it sets no limit. `shows_alt` False: it has no place for an alt text."""

    most: int | None = None
    most_bytes: int | None = None
    most_alt: int | None = None
    shows_alt: bool = True
    most_ratio: int | None = None  # of the longer side to the shorter


class Flaw(StrEnum):
    """What keeps pictures from a channel."""

    NOT_TAKEN = "not_taken"
    COUNT = "count"
    BYTES = "bytes"
    ALT = "alt"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Misfit:
    """One reason why pictures do not fit a channel. `number`: which picture, from 1; 0 for all of them together."""

    flaw: Flaw
    number: int = 0
    used: int = 0
    most: int = 0


TAKEN = {
    "mastodon": Taken(most=4, most_bytes=16 * 2**20, most_alt=1500),
    "bluesky": Taken(most=4, most_bytes=1_000_000),
    "telegram": Taken(most=10, most_bytes=10_000_000, shows_alt=False, most_ratio=20),
    "x": Taken(most=4, most_bytes=5_000_000, most_alt=1000),
}
EVERYTHING = Taken()


def taken_by(kind: str) -> Taken:
    """What such a channel takes; channels of our own take everything."""
    return TAKEN.get(kind, EVERYTHING)


def misfits(kind: str, pictures: Sequence[Facts], *, are_taken: bool = True) -> list[Misfit]:
    """Every reason why a channel of this kind cannot carry these pictures; empty when it can, or when there are none.

    `are_taken` False: the channel's own entry says that it takes no pictures. An alt text is counted in UTF-16 code
    units, the larger of the ways in which the platforms count it.
    """
    taken, found = taken_by(kind), []
    if pictures and not are_taken:
        return [Misfit(Flaw.NOT_TAKEN)]
    if taken.most is not None and len(pictures) > taken.most:
        found.append(Misfit(Flaw.COUNT, 0, len(pictures), taken.most))
    for number, one in enumerate(pictures, 1):
        ratio = -(-max(one.width, one.height) // min(one.width, one.height))
        measured = (
            (Flaw.BYTES, one.size, taken.most_bytes),
            (Flaw.ALT, utf16(one.alt), taken.most_alt),
            (Flaw.RATIO, ratio, taken.most_ratio),
        )
        found += [Misfit(flaw, number, used, most) for flaw, used, most in measured if most is not None and used > most]
    return found


@dataclass(frozen=True, slots=True)
class PictureChange:
    """What became of one picture. `alt`: its alt text, word by word; `place`: where it stands now, 0 when it went."""

    change: Change
    sha256: str
    alt: tuple[Segment, ...]
    place: int
    was_moved: bool = False

    @property
    def is_same(self) -> bool:
        """Nothing about it changed."""
        return (
            self.change is Change.SAME
            and not self.was_moved
            and all(segment.change is Change.SAME for segment in self.alt)
        )


def compare_pictures(before: Sequence[Shown], after: Sequence[Shown]) -> list[PictureChange]:
    """What became of the pictures of `before` in `after`: those that stand now in their order, then those that went.

    A picture is moved when it stands in another order beside those that stayed.
    """
    old = {one.sha256: one for one in before}
    new = {one.sha256 for one in after}
    order_before = [one.sha256 for one in before if one.sha256 in new]
    order_after = [one.sha256 for one in after if one.sha256 in old]
    found = []
    for place, one in enumerate(after, 1):
        stayed = one.sha256 in old
        alt = tuple(compare(old[one.sha256].alt if stayed else "", one.alt))
        moved = stayed and order_before.index(one.sha256) != order_after.index(one.sha256)
        found.append(PictureChange(Change.SAME if stayed else Change.ADDED, one.sha256, alt, place, moved))
    gone = [one for one in before if one.sha256 not in new]
    return found + [PictureChange(Change.REMOVED, one.sha256, tuple(compare(one.alt, "")), 0) for one in gone]
