"""Hand a post to its channel, once, and write down truly what became of it.

Believe the row: QUEUED → SENDING is committed, with an open attempt, before anything leaves the house. Whoever comes
second finds the state changed and leaves. A post found in SENDING after its lease is never sent again: the channel is
asked, and if that does not settle it a person does.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet

from planner.publishing import selectors
from planner.publishing.adapters import KINDS, Adapter, adapter
from planner.publishing.adapters.seal import CannotOpen, unseal
from planner.publishing.core.fit import too_long, unfit_pictures
from planner.publishing.core.last_moment import Go, Stop, may_leave
from planner.publishing.core.outcome import Outcome, RefusedForGood, Sent, Unknown
from planner.publishing.core.parcel import Address, Parcel, Picture
from planner.publishing.core.states import PostState
from planner.publishing.models import Attempt, Channel, Post
from planner.publishing.services.outcomes import conclude
from planner.publishing.services.stopping import end_stopped

log = logging.getLogger(__name__)
SEND_LEASE = timedelta(seconds=60)  # longer than a hand may live on one task (publishing/tasks.py)
DATABASE_PATIENCE = (0.1, 0.3, 1, 2, 4, 8)  # seconds between tries to write down what the channel said


def publish(post_id: int, *, now: datetime) -> PostState | None:
    """Send a post that was handed over; its new state, or None when there was nothing (more) to do.

    `now` is when the hand began; later moments are measured from it. Stops the post instead when its approval ended,
    its approver lost the role, its channel left or its last moment passed; puts it back when its channel is held.
    """
    queued = Post.objects.select_for_update(no_key=True).filter(pk=post_id)
    return _publish(queued, _running_from(now))


def publish_waiting(*, now: datetime, until: datetime) -> int:
    """Send what else was handed over and waits for a hand, the earliest due first, none from `until` on. How many.

    Most posts of a burst have no message of their own. A post in another hand at this instant is left to it; one that
    cannot be taken does not stand in the way of the others: it comes back by its lease.
    """
    moment, sent, faulty = _running_from(now), 0, list[int]()
    queued = Post.objects.select_for_update(no_key=True, skip_locked=True).order_by("next_try_at")
    while moment() < until:
        try:
            if _publish(queued.exclude(pk__in=faulty) if faulty else queued, moment) is None:
                break
            sent += 1
        except _CannotBegin as error:
            log.exception("post %d could not be taken", error.post_id)
            faulty.append(error.post_id)
    return sent


def _publish(rows: QuerySet[Post], moment: Callable[[], datetime]) -> PostState | None:
    started = _start(rows, moment)
    if not isinstance(started, Attempt):
        return started
    post = started.post
    pictures = selectors.pictures_of(post.approval.draft) if post.part == 1 else ()  # a thread shows them once
    parcel = _parcel(post, sent_at=post.sending_at or moment(), pictures=pictures)
    outcome = _sent(post.channel, parcel)
    if isinstance(outcome, Unknown) or _is_nameless(post, outcome):
        # Asking publishes nothing. "It has it" is proof; everything else stays as unknown as it is.
        found = find_it(post, at=moment())
        outcome = found if isinstance(found, Sent) else outcome
    return _written_down(started, outcome, moment)


def _is_nameless(post: Post, outcome: Outcome) -> bool:
    """A part was taken without an answer that names it, and the part after it has to answer it."""
    return isinstance(outcome, Sent) and not outcome.remote_id and post.part < post.parts


def recover(post_id: int, *, now: datetime) -> PostState | None:
    """Settle a post whose hand died while sending: ask the channel; PUBLISHED when it has it, else UNCERTAIN."""
    moment = _running_from(now)
    attempts = Attempt.objects.filter(post_id=post_id, ended_at__isnull=True, post__state=PostState.SENDING.value)
    attempt = attempts.select_related(*(f"post__{name}" for name in selectors.WITH_WORDS)).first()
    if attempt is None:
        return None
    found = find_it(attempt.post, at=now)
    # "It has not got it" is no proof: what the dead hand sent may still be on its way. Only "it has it" is.
    outcome = found if isinstance(found, Sent) else Unknown(f"The hand died while sending. {found.detail}")
    return _written_down(attempt, outcome, moment)


class _CannotBegin(Exception):
    """Something went wrong between taking a post and sending it: nothing has left the house."""

    def __init__(self, post_id: int) -> None:
        super().__init__(post_id)
        self.post_id = post_id


@transaction.atomic
def _start(rows: QuerySet[Post], moment: Callable[[], datetime]) -> Attempt | PostState | None:
    queued = rows.filter(state=PostState.QUEUED.value)
    found = queued.values_list("pk", "claim_id", "approval_id", "channel_id").first()
    if found is None:
        return None
    try:
        return _begin(*found, moment)
    except Exception as error:
        raise _CannotBegin(found[0]) from error


def _begin(
    post_id: int, claim_id: int, approval_id: int, channel_id: int, moment: Callable[[], datetime]
) -> Attempt | PostState:
    _lock(claim_id, approval_id, channel_id)
    post = selectors.to_send(post_id)
    now = moment()
    verdict = may_leave(selectors.standing(post), now=now, tried=post.sending_at is not None)
    if isinstance(verdict, Stop):
        end_stopped(post, verdict, now=now)
        return PostState.STOPPED
    if not isinstance(verdict, Go):
        Post.objects.filter(pk=post_id).update(
            state=PostState.SCHEDULED.value, leased_until=None, leased_by="", queued_at=None
        )
        return PostState.SCHEDULED
    attempt = Attempt.objects.create(post=post, started_at=now)
    post.state, post.sending_at, post.leased_until = PostState.SENDING.value, now, now + SEND_LEASE
    post.save(update_fields=["state", "sending_at", "leased_until"])
    return attempt


def _lock(claim_id: int, approval_id: int, channel_id: int) -> None:
    """What takes it back, withdraws, takes the approver's role or holds either came first, and is seen, or waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM claims_claim k, publishing_channel c, rebuttals_approval a"
            " JOIN people_user p ON p.id = a.approver_id WHERE k.id = %s AND a.id = %s AND c.id = %s FOR SHARE",
            [claim_id, approval_id, channel_id],
        )


def _parcel(post: Post, *, sent_at: datetime, pictures: tuple[Picture, ...] = ()) -> Parcel:
    return Parcel(
        key=post.uuid,
        text=post.words,
        language=post.approval.draft.language,
        channel=post.channel.name,
        attribution=post.channel.attribution,
        claim=post.claim.uuid,
        due_at=post.due_at,
        sent_at=sent_at,
        pictures=pictures,
        before=selectors.before(post),
    )


def find_it(post: Post, *, at: datetime) -> Outcome:
    """Ask the channel of a post (loaded with its words) whether it has it. Publishes nothing."""
    parcel = _parcel(post, sent_at=at)
    return _ask_adapter(post.channel, lambda out, address: out.find(parcel, address))


def _sent(channel: Channel, parcel: Parcel) -> Outcome:
    """Hand it over, unless it does not fit the channel by now: its entry may have changed since it was scheduled."""
    place = selectors.place_of(channel)
    if count := too_long(parcel.text, place, with_pictures=bool(parcel.pictures)):
        return RefusedForGood(f"The text has {count.used} {count.unit}; {channel.name} takes {count.most}.")
    if unfit_pictures([one.facts for one in parcel.pictures], place):
        return RefusedForGood(f"{channel.name} does not take these pictures any more.")
    return _ask_adapter(channel, lambda out, address: out.send(parcel, address))


def _ask_adapter(channel: Channel, ask: Callable[[Adapter, Address], Outcome]) -> Outcome:
    """The adapter's answer. A fault of ours before it was asked is a refusal; one inside it leaves everything open."""
    if channel.kind not in KINDS:
        return RefusedForGood(f"There is no adapter for channels of kind {channel.kind}.")
    try:
        address = Address(url=channel.address, secret=unseal(bytes(channel.secret_sealed)), options=channel.options)
    except CannotOpen as error:
        return RefusedForGood(str(error))
    try:
        return ask(adapter(channel.kind), address)
    except Exception as error:  # a time limit, or a bug in an adapter: the words may be out
        log.exception("adapter %s failed", channel.kind)
        return Unknown(f"The adapter failed: {type(error).__name__} {error}".strip())


def _written_down(attempt: Attempt, outcome: Outcome, moment: Callable[[], datetime]) -> PostState:
    """Conclude, through a database that may be restarting: losing an answer means that a person must settle it."""
    for wait in DATABASE_PATIENCE:
        try:
            return conclude(attempt, outcome, now=moment())
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            log.warning("the outcome of attempt %s could not be written yet", attempt.pk, exc_info=True)
            connection.close()
            time.sleep(wait)
    return conclude(attempt, outcome, now=moment())


def _running_from(now: datetime) -> Callable[[], datetime]:
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)
