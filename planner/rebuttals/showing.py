"""Pictures beside words, as pages show them: what stands there, what changed, and which channels can carry it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F
from django.db.models.functions import Length
from django.http import HttpResponse

from planner.rebuttals.core.limits import counts
from planner.rebuttals.core.pictures import Facts, Misfit, PictureChange, compare_pictures, misfits, taken_by
from planner.rebuttals.core.threads import as_sent
from planner.rebuttals.core.words import Shown
from planner.rebuttals.models import Draft, Picture
from planner.rebuttals.words import CAPTION_TOO_LONG, FLAW_WORDS, KIND_WORDS, NO_ALT_THERE, UNIT_WORDS

SUFFIXES = {"image/jpeg": "jpg", "image/png": "png"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture of a version without its bytes: pixels, and bytes in number."""

    sha256: str
    alt: str
    media_type: str
    width: int
    height: int
    size: int

    @property
    def facts(self) -> Facts:
        """What a channel asks of it."""
        return Facts(self.size, self.width, self.height, self.alt)

    @property
    def file_name(self) -> str:
        """What it is called where a file must have a name."""
        return f"{self.sha256[:12]}.{SUFFIXES[self.media_type]}"


def seen(pictures: Iterable[Shown]) -> list[Seen]:
    """The pictures in the order given; one that is not kept is left out."""
    listed = list(pictures)
    rows = Picture.objects.filter(pk__in=[one.sha256 for one in listed]).annotate(size=Length("content"))
    known = {row["sha256"]: row for row in rows.values("sha256", "media_type", "width", "height", size=F("size"))}
    return [Seen(alt=one.alt, **known[one.sha256]) for one in listed if one.sha256 in known]


def picture_changes(before: Draft | None, draft: Draft) -> list[PictureChange]:
    """What became of the pictures since `before`; empty when nothing did."""
    found = compare_pictures(before.shown if before else (), draft.shown)
    return [] if before is None or all(one.is_same for one in found) else found


def unfit_in_words(misfit: Misfit, where: object) -> str:
    """Why pictures do not fit a channel called `where`, in a sentence."""
    known = {"where": where, "number": misfit.number, "used": misfit.used, "most": misfit.most}
    return str(FLAW_WORDS[misfit.flaw]) % known


def notes_on_pictures(draft: Draft, pictures: Iterable[Seen]) -> list[str]:
    """What whoever writes or approves should know about these pictures on each kind of channel the words are for."""
    listed, notes = [one.facts for one in pictures], []
    if not listed:
        return []
    for kind in [draft.channel_kind] if draft.channel_kind else [kind for kind in KIND_WORDS if kind]:
        where = str(KIND_WORDS[kind])
        notes += [unfit_in_words(misfit, where) for misfit in misfits(kind, listed)]
        notes += [caption for caption in [_caption(kind, draft.text, where)] if caption]
        if not taken_by(kind).shows_alt:
            notes.append(str(NO_ALT_THERE) % {"where": where})
    return notes


def _caption(kind: str, text: str, where: str) -> str:
    """That the words fit without pictures, and beside them do not; "" otherwise."""
    first = as_sent(text, kind)[0]  # a thread shows its pictures once
    alone, beside = counts(kind, first)[0], counts(kind, first, with_pictures=True)[0]
    if beside.fits or not alone.fits:
        return ""
    known = {"where": where, "used": beside.used, "most": beside.most, "unit": UNIT_WORDS[beside.unit]}
    return str(CAPTION_TOO_LONG) % known


def served(picture: Picture, *, kept: str, whose: str) -> HttpResponse:
    """The picture itself, as nothing but a picture: its own type, never guessed, with no right to run or load anything.

    `kept`: Cache-Control; `whose`: which pages may show it (Cross-Origin-Resource-Policy).
    """
    name = f"{picture.sha256[:12]}.{SUFFIXES[picture.media_type]}"
    headers = {
        "Content-Disposition": f'inline; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": whose,
        "Cache-Control": kept,
    }
    return HttpResponse(bytes(picture.content), content_type=picture.media_type, headers=headers)
