"""Plain functions that make rows for tests; each helper of one kind stands with its neighbours."""

import hashlib
import io
import itertools
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image

from planner.claims.models import Claim
from planner.narratives.models import Narrative
from planner.people.models import ContactPoint, User
from planner.publishing.adapters.seal import seal
from planner.publishing.models import Channel, Post
from planner.rebuttals.core.words import Shown, text_sha256
from planner.rebuttals.models import Approval, ClearedLine, Draft, Picture, Rebuttal, ReviewRequest
from planner.rosters.models import Leave, Shift, Team

_numbers = itertools.count(1)


# people ---------------------------------------------------------------------------------------------------------------
def make_person(name: str = "Layla Hasan", *, roles: list[str] | None = None, **fields: Any) -> User:
    """A person with an address; `fields` are those of User."""
    first, _space, last = name.partition(" ")
    number = next(_numbers)
    address = f"{first.lower()}{number}@example.org"
    words = {"first_name": first, "last_name": last, "email": address, "zone": "Asia/Baghdad", "languages": ["en"]}
    person = User.objects.create(username=f"{first.lower()}{number}", roles=roles or [], **{**words, **fields})
    ContactPoint.objects.create(user=person, address=person.email)
    return person


# rebuttals ------------------------------------------------------------------------------------------------------------
NIGHT = datetime(2014, 6, 9, 19, 30, tzinfo=UTC)  # 22:30 in Baghdad


def make_rebuttal(*, at: datetime = NIGHT, narrative: Narrative | None = None, claim: Claim | None = None) -> Rebuttal:
    """A rebuttal of `claim`, or words for `narrative`; with neither, of a new claim half an hour old at `at`."""
    if claim is None and narrative is None:
        broke = at - timedelta(minutes=30)
        claim = Claim.objects.create(
            text="The city has fallen.", broke_earliest=broke, broke_latest=broke, created_at=at
        )
    return Rebuttal.objects.create(claim=claim, narrative=narrative, created_at=at)


def make_picture(colour: str = "teal", *, at: datetime = NIGHT, size: tuple[int, int] = (64, 48)) -> Picture:
    """A kept picture of one colour."""
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, "PNG")
    content, sha256 = written.getvalue(), hashlib.sha256(written.getvalue()).hexdigest()
    words = {"media_type": "image/png", "width": size[0], "height": size[1], "content": content, "added_at": at}
    found = Picture.objects.filter(sha256=sha256).first()
    return found or Picture.objects.create(sha256=sha256, added_by=make_person(roles=["officer"]), **words)


def make_draft(
    rebuttal: Rebuttal | None = None,
    *,
    at: datetime = NIGHT,
    text: str = "The city stands.",
    pictures: Sequence[Shown] = (),
    **fields: Any,
) -> Draft:
    """The next version of an English text for every channel, review asked for; `fields` are those of Draft."""
    rebuttal = rebuttal or make_rebuttal(at=at)
    words = {"language": "en", "channel_kind": "", "submitted_at": at, **fields}
    author = words.pop("author", None) or make_person("Amira Saleh", roles=["officer"])
    same = rebuttal.drafts.filter(language=words["language"], channel_kind=words["channel_kind"])
    listed = [asdict(one) for one in pictures]
    hashed = {"text": text, "pictures": listed, "text_sha256": text_sha256(text, pictures), "created_at": at}
    draft = Draft.objects.create(rebuttal=rebuttal, author=author, version=same.count() + 1, **{**hashed, **words})
    if draft.submitted_at is not None:
        due_at = draft.submitted_at + timedelta(hours=1)
        ReviewRequest.objects.create(draft=draft, asked_by=author, asked_at=draft.submitted_at, due_at=due_at)
    return draft


def make_approval(draft: Draft | None = None, *, at: datetime = NIGHT, approver: User | None = None) -> Approval:
    """A standing approval of `draft` (or of a new one) by somebody else."""
    draft = draft or make_draft(at=at)
    approver = approver or make_person("Omar Aziz", roles=["approver"])
    words = {"author": draft.author, "text_sha256": draft.text_sha256}
    return Approval.objects.create(draft=draft, approver=approver, approved_at=at, **words)


def make_line(
    approval: Approval | None = None, *, at: datetime = NIGHT, hours: float = 12, **fields: Any
) -> ClearedLine:
    """A line signed for its narrative, open from `at` for some hours; `fields` are those of ClearedLine."""
    if approval is None:
        narrative = Narrative.objects.create(name=f"Storyline {next(_numbers)}")
        approval = make_approval(make_draft(make_rebuttal(narrative=narrative, at=at), at=at), at=at)
    during = (at, at + timedelta(hours=hours))
    narrative = approval.draft.rebuttal.narrative
    words = {"narrative": narrative, "signed_by": approval.approver, "signed_at": at, "during": during, **fields}
    return ClearedLine.objects.create(approval=approval, **words)


# publishing -----------------------------------------------------------------------------------------------------------
CHANNEL_SECRET = "a secret only the two of us know"


def make_channel(url: str = "https://www.example.org/hook", *, at: datetime = NIGHT, **fields: Any) -> Channel:
    """A registered webhook channel that speaks every language; `fields` are those of Channel."""
    words = {"name": f"Website {next(_numbers)}", "kind": "webhook", "owner": "Press office", "address": url, **fields}
    words.setdefault("attribution", "Ministry of Examples")
    return Channel.objects.create(registered_at=at, secret_sealed=seal(CHANNEL_SECRET), **words)


def make_post(
    approval: Approval | None = None, *, channel: Channel | None = None, at: datetime = NIGHT, **fields: Any
) -> Post:
    """A post as the service would write it: scheduled at `at`, due then, for four hours; `fields` are those of Post."""
    approval = approval or make_approval(at=at)
    words = {"scheduled_at": at, "due_at": at, "next_try_at": fields.get("due_at", at), **fields}
    words.setdefault("late_at", words["due_at"] + timedelta(minutes=10))
    words.setdefault("expires_at", words["due_at"] + timedelta(hours=4))
    words.setdefault("claim", approval.draft.rebuttal.claim)
    words.setdefault("scheduled_by", approval.author)
    words.setdefault("text_sha256", approval.text_sha256)
    return Post.objects.create(approval=approval, channel=channel or make_channel(at=at), **words)


# rosters --------------------------------------------------------------------------------------------------------------
def make_shift(person: User, start: datetime, hours: float = 8, *, kind: str = "desk", **fields: Any) -> Shift:
    """A shift from `start` for some hours, acting in every role the person holds; `fields` are those of Shift."""
    team = fields.pop("team", None) or Team.objects.get_or_create(name="Desk", defaults={"zone": "Asia/Baghdad"})[0]
    during = (start, start + timedelta(hours=hours))
    external_id = f"test-{next(_numbers)}"
    return Shift.objects.create(external_id=external_id, person=person, team=team, kind=kind, during=during, **fields)


def make_leave(person: User, start: datetime, hours: float = 24) -> Leave:
    """Leave from `start` for some hours."""
    during = (start, start + timedelta(hours=hours))
    return Leave.objects.create(external_id=f"test-{next(_numbers)}", person=person, during=during)


# claims ---------------------------------------------------------------------------------------------------------------
def make_claim(text: str = "The city has fallen.", *, at: datetime = NIGHT, **fields: Any) -> Claim:
    """An unread claim that broke at `at` and came to us then; `fields` are those of Claim."""
    words = {"broke_earliest": at, "broke_latest": at, "created_at": at, **fields}
    return Claim.objects.create(text=text, **words)
