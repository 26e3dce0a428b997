"""Put approved words on an official channel at a moment; stop them again."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from planner.claims.core.words import ClaimState
from planner.claims.models import Claim
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.leases.services import notify_due
from planner.people.core.roles import Role
from planner.people.models import User
from planner.publishing import selectors
from planner.publishing.core.fit import Misfit, Words, misfits, too_long, unfit_pictures
from planner.publishing.core.last_moment import STOPPED_BY_HAND, Stop
from planner.publishing.core.states import DEAD, WAITING, StopWhy, WithdrawIf
from planner.publishing.models import Channel, Post
from planner.publishing.services.late import late_from
from planner.publishing.services.refusals import PostRefused
from planner.publishing.services.stopping import end_stopped
from planner.publishing.services.telling import in_thread
from planner.publishing.words import fenced, in_theatre
from planner.rebuttals.core.threads import MOST_PARTS, as_sent
from planner.rebuttals.models import Approval, Release
from planner.rebuttals.showing import seen, unfit_in_words
from planner.rebuttals.words import UNIT_WORDS
from planner.tasking.services import touch_claim

MAY_SCHEDULE = (Role.OFFICER, Role.DUTY)
MAY_STOP = (Role.OFFICER, Role.DUTY, Role.APPROVER)
PARTS_APART = timedelta(seconds=1)  # between the parts of a thread; each waits for the one before besides
OWN = {"id", "uuid", "part", "follows"}  # what the parts of a thread do not share, besides their moments
GRACE = timedelta(minutes=1)  # a form that took a moment to be sent still means "now"
SILENT_CLAIMS = {ClaimState.DECLINED.value, ClaimState.MERGED.value}


@transaction.atomic
def schedule(
    approval: Approval,
    *,
    channel: Channel,
    claim: Claim,
    due_at: datetime,
    expires_at: datetime,
    by: User,
    now: datetime,
    release: Release | None = None,
    not_before: datetime | None = None,
    withdraw_if: Iterable[WithdrawIf] = WithdrawIf,
    confirmed: Sequence[str] = (),
) -> Post:
    """A post of these approved words on `channel`, handed over at `due_at` and never sent from `expires_at` on.

    Instants are aware. `release` is needed when the words are a cleared line's. `not_before`: an embargo.
    `withdraw_if`: what stops it by itself; that its approval ends always does. `confirmed`: the kinds of warnings that
    the person went past (core/cautions.py), for the journal. Stamps SCHEDULED and wakes the clock. Raises PostRefused:
    the approval ended, the channel left the register, the words do not fit it or were not approved for this claim, a
    moment in the past or under embargo, the same words already on their way, a claim that was taken back (unless that
    was chosen away), a person without the role.
    """
    is_releaser = release is not None and release.released_by_id == by.pk  # who lets a line out also says where
    if not by.has_role(*MAY_SCHEDULE) and not is_releaser:
        raise PostRefused(_("Only a press officer or a duty officer can schedule a post."))
    due_at = checked_moments(due_at, expires_at, now, not_before=not_before)
    _check_words(approval, channel, claim, release)
    post = Post(
        claim=claim,
        approval=approval,
        text_sha256=approval.text_sha256,
        release=release,
        channel=channel,
        parts=len(as_sent(approval.draft.text, channel.kind)),
        scheduled_at=now,
        scheduled_by=by,
        not_before=not_before,
        withdraw_if=_stops(withdraw_if, claim),
        due_at=due_at,
        expires_at=expires_at,
        next_try_at=due_at,
        late_at=late_from(due_at),
    )
    touch_claim(claim, now=now, until=due_at)  # the task waits for the post, however far ahead
    _save(post)
    notify_due()
    _stamp_scheduled(post, by=by, now=now, confirmed=confirmed)
    return post


@transaction.atomic
def stop(post: Post, *, by: User, reason: str, now: datetime) -> Post:
    """Stop a post that has not left the house. Raises PostRefused when it has, or when `by` may not."""
    if not by.has_role(*MAY_STOP):
        raise PostRefused(_("Only a press officer, a duty officer or an approver can stop a post."))
    locked = (
        Post.objects.select_for_update(of=("self",), no_key=True).select_related("claim", "channel").get(pk=post.pk)
    )
    if locked.state not in WAITING:
        raise PostRefused(_("This post can no longer be stopped: it is already on its way, or it has ended."))
    end_stopped(locked, Stop(StopWhy.BY_HAND, reason.strip()[:300] or STOPPED_BY_HAND), now=now, by=by)
    return locked


def _stops(chosen: Iterable[WithdrawIf], claim: Claim) -> list[str]:
    """What stops the post by itself, in one order. Refused when it would be stopped at once: the claim is gone."""
    stops = {WithdrawIf.APPROVAL, *chosen}
    if WithdrawIf.CLAIM in stops and (how := selectors.gone(claim)) is not None:
        words = _("The source took this claim back (%(how)s). To send the words all the same, choose so below.")
        raise PostRefused(words % {"how": fenced(how)})
    return [reason.value for reason in WithdrawIf if reason in stops]


def _save(post: Post) -> None:
    """Write the post and, of a thread, the other parts; what the database refuses is said in words."""
    try:
        with transaction.atomic():
            post.save(force_insert=True)
            _save_rest(post)
    except IntegrityError as error:
        raise PostRefused(_in_words(error)) from error


def due_of_part(number: int, due_at: datetime, expires_at: datetime) -> datetime:
    """When a part of a thread is due, a second behind the one before, given the first part's moments."""
    behind = due_at + PARTS_APART * (number - 1)
    return behind if behind < expires_at else due_at


def _save_rest(first: Post) -> None:
    """The other parts of a thread, each behind the one before, a second apart as they will stand on the channel."""
    before, copied = first, {f.name: getattr(first, f.name) for f in Post._meta.concrete_fields if f.name not in OWN}
    for number in range(2, first.parts + 1):
        due_at = due_of_part(number, first.due_at, first.expires_at)
        moments = {"due_at": due_at, "next_try_at": due_at, "late_at": late_from(due_at)}
        before = Post.objects.create(**{**copied, **moments, "part": number, "follows": before})


def _stamp_scheduled(post: Post, *, by: User, now: datetime, confirmed: Sequence[str]) -> None:
    chosen = {"not_before": post.not_before, "confirmed": list(confirmed)} | in_thread(post)
    stamp(
        milestone=Milestone.SCHEDULED,
        at=now,
        claim=post.claim.uuid,
        subject=f"post:{post.uuid}",
        actor=by.username,
        channel=post.channel.name,
        due_at=post.due_at,
        expires_at=post.expires_at,
        released=post.release_id is not None,
        **{name: value for name, value in chosen.items() if value},
    )


def checked_moments(due_at: datetime, expires_at: datetime, now: datetime, *, not_before: datetime | None) -> datetime:
    """The moment at which a post is due: `due_at`, or `now` when that passed just now. Raises PostRefused."""
    if due_at < now - GRACE:
        raise PostRefused(_("The moment for this post has already passed: choose a later one."))
    due_at = max(due_at, now)
    if not_before is not None and due_at < not_before:
        until = in_theatre(not_before)
        raise PostRefused(_("Under embargo until %(until)s: choose a moment from then on.") % {"until": until})
    if expires_at <= due_at:
        raise PostRefused(_("The last moment must come after the moment at which the post is due."))
    return due_at


def _check_words(approval: Approval, channel: Channel, claim: Claim, release: Release | None) -> None:
    if Approval.objects.filter(pk=approval.pk, ended_at__isnull=False).exists():
        raise PostRefused(_("The approval of these words has ended: have them approved again."))
    if claim.state in SILENT_CLAIMS:
        raise PostRefused(_("This claim was declined or merged into another one: decide to answer it first."))
    words = words_of(approval, release)
    if len(as_sent(words.text, channel.kind)) > MOST_PARTS:
        raise PostRefused(_("A thread has at most %(most)s parts: shorten the text.") % {"most": MOST_PARTS})
    if found := misfits(words, selectors.place_of(channel)):
        raise PostRefused(" ".join(misfit_in_words(misfit, words, channel) for misfit in found))
    if Post.objects.filter(claim=claim, channel=channel, text_sha256=approval.text_sha256).exclude(state__in=DEAD):
        raise PostRefused(
            _("These words are already scheduled or published on %(channel)s.") % {"channel": channel.name}
        )


def words_of(approval: Approval, release: Release | None) -> Words:
    """The approved words as a value, with the kinds of channel for which they were cleared."""
    draft = approval.draft
    kinds = [draft.channel_kind] if draft.channel_kind else []
    if release is not None and release.line.channel_kinds:
        kinds = [kind for kind in release.line.channel_kinds if not kinds or kind in kinds]
    shown = [one.facts for one in seen(draft.shown)]
    return Words(text=draft.text, language=draft.language, kinds=kinds, pictures=shown)


def misfit_in_words(misfit: Misfit, words: Words, channel: Channel) -> str:
    """A sentence for the person who chose the channel."""
    known: dict[str, object] = {"channel": channel.name, "language": words.language}
    if misfit is Misfit.LANGUAGE:
        return _("%(channel)s does not speak this language (%(language)s).") % known
    place = selectors.place_of(channel)
    if misfit is Misfit.PICTURES:
        return " ".join(unfit_in_words(one, channel.name) for one in unfit_pictures(words.pictures, place))
    if misfit is Misfit.LENGTH:
        count = too_long(words.text, place, with_pictures=bool(words.pictures))
        if count is not None:
            known |= {"length": count.used, "limit": count.most, "unit": UNIT_WORDS[count.unit]}
        if not too_long(words.text, place):
            return _("Beside pictures %(channel)s takes %(limit)s %(unit)s, the text has %(length)s.") % known
        return _("The text has %(length)s %(unit)s, %(channel)s takes %(limit)s.") % known
    return _("These words were not cleared for a channel like %(channel)s.") % known


def _in_words(error: IntegrityError) -> str:
    """What the database refused, in a sentence: its own, unless a constraint's name says more."""
    text = str(error)
    if "same_words_once_per_channel" in text:
        return _("These words are already scheduled or published on this channel.")
    if "post_exact_words" in text:
        return _("These are not the words that were approved.")
    if "foreign key" in text or "violates" in text:
        return _("The database refused this post: its approval, claim and channel do not belong together.")
    return text.splitlines()[0][:1].upper() + text.splitlines()[0][1:] + "."
