"""Published answers as statements with their fact checks: rows → values for core.claimreview, read anew every time.

A rating is shown as it stands: that of the latest text of the same rebuttal and language whose approval stands, or else
the one that was approved with the published words. A withdrawn approval takes its rating back.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from planner.claims.core.outlets import Appearance, is_own
from planner.claims.core.words import SourceKind
from planner.claims.models import Claim, Source
from planner.claims.selectors import public_appearances
from planner.publishing.core.claimreview import FactCheck, claim_review
from planner.publishing.core.feed import Shown
from planner.publishing.core.states import PostState
from planner.publishing.models import Post
from planner.publishing.publicpictures import shown_of
from planner.publishing.selectors import FEED
from planner.rebuttals.core.threads import whole
from planner.rebuttals.core.verdict import Verdict
from planner.rebuttals.models import Approval, Draft
from planner.rebuttals.selectors import ended_by_edits

NEEDS = ("approval__draft", "channel", "claim__source", "claim__merged_into__source")


@dataclass(frozen=True, slots=True)
class Statement:
    """The same words in answer to the same claim, wherever they were published. `check`: None without a rating."""

    key: str
    text: str
    language: str
    speaker: str
    at: datetime
    links: tuple[str, ...]
    check: dict[str, Any] | None
    pictures: tuple[Shown, ...] = ()


def statements_about(uuid: UUID) -> tuple[Claim, list[Statement]] | None:
    """What was published about a claim, the first words first; None when nothing was. A merged claim is the other."""
    claim = Claim.objects.filter(uuid=uuid).select_related("source", "merged_into__source").first()
    if claim is None:
        return None
    claim = claim.merged_into or claim
    found = _statements([claim])[claim.pk]
    return (claim, list(found.values())) if found else None


def checks_of(posts: Iterable[Post]) -> dict[int, dict[str, Any]]:
    """By post (pk): the ClaimReview of its words, for the published posts that have one."""
    posts = list(posts)
    found = _statements({_root(post) for post in posts})
    checks = {post.pk: found[_root(post).pk].get(post.text_sha256) for post in posts}
    return {key: one.check for key, one in checks.items() if one is not None and one.check is not None}


def statement_of(post: Post) -> Statement | None:
    """The published words of a post as everybody reads them; None while it is not published."""
    if post.state != PostState.PUBLISHED.value:
        return None
    claim = _root(post)
    return _statements([claim])[claim.pk].get(post.text_sha256)


def page_of(claim: Claim) -> str:
    """The public page of what we said about a claim, as readers reach it."""
    return settings.PLANNER_PUBLIC_URL.rstrip("/") + reverse("publishing:answer", args=[claim.uuid])


def _statements(claims: Iterable[Claim]) -> dict[int, dict[str, Statement]]:
    """By claim (pk) and hash of the words, in the order in which they were said."""
    claims = list(claims)
    said: dict[int, list[Post]] = defaultdict(list)
    theirs = Q(claim__in=claims) | Q(claim__merged_into__in=claims)
    rows = Post.objects.filter(theirs, state=PostState.PUBLISHED.value).select_related(*NEEDS)
    for post in rows.order_by("published_at", "pk"):
        said[_root(post).pk].append(post)
    every = [post for posts in said.values() for post in posts]
    verdicts, own = _standing_verdicts(post.approval.draft.rebuttal_id for post in every), _own_verdicts(every)
    carried = public_appearances(claims)
    return {claim.pk: _of_one(claim, said[claim.pk], verdicts, own, carried[claim.pk]) for claim in claims}


def _of_one(
    claim: Claim,
    posts: list[Post],
    verdicts: dict[tuple[int, str], Verdict],
    own: dict[int, Verdict],
    carried: list[Appearance],
) -> dict[str, Statement]:
    same: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        same[post.text_sha256].append(post)
    found = {}
    for sha256, copies in same.items():
        first, draft = copies[0], copies[0].approval.draft
        approved = (own[post.pk] for post in reversed(copies) if post.pk in own)
        verdict = verdicts.get((draft.rebuttal_id, draft.language)) or next(approved, Verdict())
        said_at = posts[0].published_at or posts[0].due_at
        check = _check(claim, copies, sha256, verdict, said_at, carried) if verdict.is_given else None
        found[sha256] = Statement(
            key=_key(sha256),
            text=whole(draft.text),
            language=draft.language,
            speaker=first.channel.attribution,
            at=first.published_at or first.due_at,
            links=tuple(post.remote_url for post in copies if post.remote_url.startswith(("https://", "http://"))),
            check=check,
            pictures=shown_of(draft),
        )
    return found


def _check(
    claim: Claim, copies: list[Post], sha256: str, verdict: Verdict, said_at: datetime, carried: list[Appearance]
) -> dict[str, Any]:
    on_feed = (post.remote_url for post in copies if post.channel.kind == FEED and not post.channel.retired_at)
    return claim_review(
        FactCheck(
            url=next(on_feed, "") or f"{page_of(claim)}#{_key(sha256)}",
            language=copies[0].approval.draft.language,
            verdict=verdict,
            said_at=said_at,
            broke_at=claim.broke_earliest,
            speaker=copies[0].channel.attribution,
            home=settings.PLANNER_PUBLIC_URL,
            appearances=tuple(carried),
            claimant=_claimant(claim.source),
        )
    )


def _claimant(source: Source | None) -> tuple[str, str] | None:
    """Who said it, only where that is an outlet."""
    if source is None or not (source.is_outlet or source.kind == SourceKind.MEDIA.value):
        return None
    return source.name, source.url if is_own(source.url, source.url) else ""


def _standing_verdicts(rebuttals: Iterable[int]) -> dict[tuple[int, str], Verdict]:
    """By rebuttal and language: the rating approved last among those that stand."""
    standing = Approval.objects.filter(ended_at__isnull=True, draft__rebuttal__in=set(rebuttals))
    rated = standing.exclude(draft__rating="").select_related("draft").order_by("approved_at", "pk")
    drafts: list[Draft] = [approval.draft for approval in rated]
    return {(draft.rebuttal_id, draft.language): draft.verdict for draft in drafts}


def _own_verdicts(posts: Iterable[Post]) -> dict[int, Verdict]:
    """By post (pk): the rating that was approved with its words, unless that approval was withdrawn."""
    rated = [post for post in posts if post.approval.draft.rating]
    edited = ended_by_edits(post.approval_id for post in rated)
    stand = [post for post in rated if post.approval.ended_at is None or post.approval_id in edited]
    return {post.pk: post.approval.draft.verdict for post in stand}


def _root(post: Post) -> Claim:
    return post.claim.merged_into or post.claim


def _key(sha256: str) -> str:
    return f"s-{sha256[:12]}"
