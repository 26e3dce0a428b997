"""What the pages and the services ask about posts and channels. Nothing here writes."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from planner.claims.core.words import ClaimState
from planner.claims.models import Claim
from planner.people.core.roles import Role
from planner.publishing.core.cautions import Other
from planner.publishing.core.fit import Place
from planner.publishing.core.last_moment import Standing
from planner.publishing.core.parcel import Before, Picture
from planner.publishing.core.states import DEAD, DUE, WAITING, PostState, WithdrawIf
from planner.publishing.models import Attempt, Channel, Post
from planner.rebuttals.models import Approval, Draft, Release
from planner.rebuttals.models import Picture as PictureRow

TO_SEND = ("channel", "claim", "approval__draft", "approval__approver")
_IS_PUBLIC = Q(follows__state=PostState.PUBLISHED.value)
FEED = "feed"  # the kind whose channels are pages of our own
ON_A_FEED = 50
WITH_WORDS = (*TO_SEND, "scheduled_by", "channel__rehearsal")
# What a hand needs of the rows around a post: PostgreSQL plans, and Python reads, half as long (bench/dispatch.py).
_CARRIED = (
    *(f"approval__{name}" for name in ("ended_at", "end_reason", "approver__is_active", "approver__roles")),
    *(f"approval__draft__{name}" for name in ("text", "language", "pictures")),
    *(f"channel__{name}" for name in ("name", "kind", "attribution", "address", "options", "secret_sealed")),
    *(f"channel__{name}" for name in ("languages", "limit", "url_cost", "held_at", "held_reason", "retired_at")),
    *(f"claim__{name}" for name in ("uuid", "state", "merged_into", "retracted_at", "retraction", "decision_reason")),
)
_OWN = [field.name for field in Post._meta.concrete_fields]


def to_send(pk: int) -> Post:
    """A post as a hand needs it: with its words, how its approval stands, and its channel; nothing more of them."""
    return Post.objects.select_related(*TO_SEND).only(*_OWN, *_CARRIED).get(pk=pk)


def channels() -> QuerySet[Channel]:
    """The register without what left it, by name."""
    return Channel.objects.filter(retired_at__isnull=True).select_related("rehearsal")


def holds() -> tuple[list[str], bool]:
    """The names of the held channels, and whether another one is open: for the frame of every page, one small query."""
    rows = Channel.objects.filter(retired_at__isnull=True).order_by("name").values_list("name", "held_at")
    held = [name for name, held_at in rows if held_at is not None]
    return held, len(held) < len(rows)


def place_of(channel: Channel) -> Place:
    """What the channel takes, as the core compares words with it."""
    # A website that does not know of pictures would publish the words without them.
    takes_pictures = channel.kind != "webhook" or bool(channel.options.get("takes_pictures"))
    return Place(channel.kind, channel.languages, channel.limit, channel.url_cost, takes_pictures)


def pictures_of(draft: Draft) -> tuple[Picture, ...]:
    """The pictures of a version with their bytes, in order; no question to the database when it has none."""
    rows = PictureRow.objects.in_bulk([one.sha256 for one in draft.shown]) if draft.pictures else {}
    found = [(one.alt, rows[one.sha256]) for one in draft.shown]
    return tuple(
        Picture(bytes(row.content), row.media_type, row.width, row.height, alt, row.sha256) for alt, row in found
    )


def standing(post: Post) -> Standing:
    """How things stand with a post, read from its approval, its approver and its channel."""
    approval, channel = post.approval, post.channel
    return Standing(
        approval_ended=approval.end_reason if approval.ended_at else None,
        approver_may=approval.approver.has_role(Role.APPROVER),
        channel_retired=channel.retired_at is not None,
        channel_held=channel.held_at is not None,
        late_at=post.late_at,
        expires_at=post.expires_at,
        moment=post.next_try_at or post.due_at,
        not_before=post.not_before,
        claim_gone=gone(post.claim),
        held_reason=channel.held_reason,
        withdraw_if=post.withdraw_if,
    )


def gone(claim: Claim) -> str | None:
    """How a claim (or the one it became part of) was taken back, or why it was declined; None while it wants words."""
    whole = claim.merged_into or claim
    if whole.retracted_at is not None:
        return whole.retraction
    return whole.decision_reason if whole.state == ClaimState.DECLINED.value else None


def due(*, now: datetime) -> QuerySet[Post]:
    """Posts that may be handed over at `now`: waiting, due, neither late nor past their last moment, channel open."""
    return waiting_to_leave().filter(next_try_at__lte=now, late_at__gt=now, expires_at__gt=now)


def late(*, now: datetime) -> QuerySet[Post]:
    """Posts that nothing could hand over in time: a person decides. Those of a held channel wait for that first."""
    return waiting_to_leave().filter(late_at__lte=now, expires_at__gt=now)


def waiting_to_leave() -> QuerySet[Post]:
    """Posts that the clock will hand over once `next_try_at` comes; parts of threads once the one before is public."""
    rows = Post.objects.filter(state__in=DUE, channel__held_at__isnull=True, channel__retired_at__isnull=True)
    return rows.filter(Q(follows__isnull=True) | Q(_IS_PUBLIC, ~Q(follows__remote_id="")))


def cut_off() -> QuerySet[Post]:
    """Parts of threads that still wait although the part before them can never be answered, the earlier parts first."""
    ended = Q(follows__state__in=DEAD) | Q(_IS_PUBLIC, follows__remote_id="")
    return Post.objects.filter(ended, state__in=WAITING).order_by("part")


def before(post: Post) -> Before | None:
    """What a part of a thread answers on its channel; None for a first part."""
    if post.follows is None:
        return None
    root = post.follows
    while root.follows is not None:
        root = root.follows
    return Before(root=root.remote_id, parent=post.follows.remote_id)


def stuck(state: PostState, *, now: datetime) -> QuerySet[Post]:
    """Posts in QUEUED or SENDING whose lease has run out: the message was lost, or the hand died."""
    return Post.objects.filter(Q(leased_until__lte=now) | Q(leased_until__isnull=True), state=state.value)


def in_queue(*, since: datetime | None = None) -> QuerySet[Post, int]:
    """The posts that wait for a hand, by primary key, the earliest due first; with `since`: from then on or longer."""
    rows = Post.objects.filter(state=PostState.QUEUED.value)
    waiting = rows if since is None else rows.filter(queued_at__lte=since)
    return waiting.order_by("next_try_at").values_list("pk", flat=True)


def more_to_send() -> bool:
    """Whether other posts lie in the hands' queue."""
    with connection.cursor() as cursor:  # asked once a post: the ORM takes three times as long to say it
        cursor.execute("SELECT EXISTS (SELECT FROM publishing_post WHERE state = %s)", [PostState.QUEUED.value])
        return bool(cursor.fetchone()[0])


def past_their_moment(*, now: datetime) -> QuerySet[Post]:
    """Posts that still wait although their last moment has passed."""
    return Post.objects.filter(state__in=WAITING, expires_at__lte=now)


def no_longer_allowed(*, now: datetime) -> QuerySet[Post]:
    """Posts that still wait although nobody stands for them any more, or something stops them by itself.

    Their approval ended, their approver lost the role, their channel left; and as chosen: their claim was taken back or
    declined, their channel is held at their moment.
    """
    approved = Q(approval__ended_at__isnull=True, approval__approver__is_active=True)
    approved &= Q(approval__approver__roles__contains=[Role.APPROVER.value])
    declined = ClaimState.DECLINED.value
    taken_back = Q(claim__retracted_at__isnull=False) | Q(claim__merged_into__retracted_at__isnull=False)
    taken_back |= Q(claim__state=declined) | Q(claim__merged_into__state=declined)
    unwanted = taken_back & Q(withdraw_if__contains=[WithdrawIf.CLAIM.value])
    held = Q(channel__held_at__isnull=False, next_try_at__lte=now, withdraw_if__contains=[WithdrawIf.CHANNEL.value])
    return Post.objects.filter(~approved | Q(channel__retired_at__isnull=False) | unwanted | held, state__in=WAITING)


def answers_not_noted() -> QuerySet[Post]:
    """Published posts whose claim is not yet marked as answered, the earliest first."""
    open_claims = [ClaimState.UNREAD.value, ClaimState.WATCHED.value, ClaimState.TAKEN_UP.value]
    not_noted = Q(claim__state__in=open_claims) | Q(claim__merged_into__state__in=open_claims)
    rows = Post.objects.filter(not_noted, state=PostState.PUBLISHED.value)
    return rows.select_related("claim").order_by("published_at")


def between(start: datetime, end: datetime) -> list[Post]:
    """Posts due in [start, end), by due time, with channel, claim and words."""
    return list(Post.objects.filter(due_at__gte=start, due_at__lt=end).select_related(*WITH_WORDS))


def uncertain() -> list[Post]:
    """Posts that a person must settle, the oldest first."""
    return list(Post.objects.filter(state=PostState.UNCERTAIN.value).select_related(*WITH_WORDS))


def unexplained(*, since: datetime) -> list[Post]:
    """Posts that ended without being published since that moment, the latest first."""
    ended = Q(state=PostState.FAILED.value) | Q(state=PostState.STOPPED.value)
    return list(Post.objects.filter(ended, expires_at__gte=since).select_related(*WITH_WORDS).order_by("-due_at"))


def held() -> list[Post]:
    """Posts that wait behind a held channel, by due time."""
    rows = Post.objects.filter(state__in=WAITING, channel__held_at__isnull=False)
    return list(rows.select_related(*WITH_WORDS))


def on_feed(channel: Channel) -> QuerySet[Post]:
    """What a feed of our own shows: its published posts with their words, the latest first."""
    rows = Post.objects.filter(channel=channel, state=PostState.PUBLISHED.value)
    related = ("approval__draft", "claim__source", "claim__merged_into__source")
    return rows.select_related(*related).order_by("-published_at", "-pk")


def others_on(channel: Channel, at: datetime, within: timedelta, *, but: Post | None = None) -> list[Other]:
    """The channel's posts that are or will be public within so much of `at`, by the moment of each; never `but`."""
    public = Coalesce("published_at", "due_at")
    rows = Post.objects.filter(channel=channel).exclude(state__in=DEAD).annotate(public=public)
    rows = rows.filter(public__gt=at - within, public__lt=at + within)
    found = (
        (rows.exclude(claim=but.claim, text_sha256=but.text_sha256) if but else rows)
        .order_by("public")
        .values_list("uuid", "public", "approval__draft__text", "approval__draft__language")
    )
    return [Other(*row) for row in found]


def channels_with(approval: Approval, claim: Claim) -> set[int]:
    """The channels, by primary key, on which these words for this claim are published or on their way."""
    rows = Post.objects.filter(claim=claim, text_sha256=approval.text_sha256).exclude(state__in=DEAD)
    return set(rows.values_list("channel_id", flat=True))


def one(uuid: UUID) -> Post | None:
    """A post with its words and its attempts, or None."""
    tries = Prefetch("tries", queryset=Attempt.objects.order_by("started_at", "pk"))
    return Post.objects.filter(uuid=uuid).select_related(*WITH_WORDS, "settled_by").prefetch_related(tries).first()


def approval_to_schedule(uuid: UUID) -> Approval | None:
    """An approval with its words, its rebuttal and its claim, or None."""
    related = ("draft__rebuttal__claim", "draft__author", "approver")
    return Approval.objects.filter(uuid=uuid).select_related(*related).first()


def releases_of(approval: Approval) -> list[Release]:
    """The claims for which the line over this approval was released, the latest first."""
    rows = Release.objects.filter(line__approval=approval).select_related("claim", "line", "released_by")
    return list(rows.order_by("-released_at"))
