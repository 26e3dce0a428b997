"""Official channels, and approved words on their way to one of them at a moment.

PostgreSQL keeps (migrations 0002, 0004 to 0007): a post moves only along `core.states.MOVES`; it enters SENDING only
while its approval stands, its claim wants an answer (unless chosen otherwise) and its channel is registered and not
held, with exactly one open attempt, never before `not_before`, and from `late_at` on only when a person lets it go; it
leaves SENDING only with that attempt's outcome; its words are the approved words (foreign key over approval and hash);
ended posts and attempts never change.
"""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from planner.claims.models import Claim
from planner.leases.models import LeasedRow
from planner.publishing.core.outcome import OUTCOMES
from planner.publishing.core.states import DEAD, POST_STATES, STOP_WHYS, WITHDRAW_IF, PostState, WithdrawIf
from planner.rebuttals.core.threads import MOST_PARTS, numbered, whole
from planner.rebuttals.models import Approval, Release

POST_STATE_WORDS = {
    "scheduled": _("scheduled"),
    "queued": _("handed over"),
    "sending": _("being sent"),
    "published": _("published"),
    "retrying": _("will be tried again"),
    "failed": _("refused by the channel"),
    "uncertain": _("uncertain"),
    "stopped": _("stopped"),
}


def everything() -> list[str]:
    """Whatever may stop a post by itself does, unless somebody chose otherwise."""
    return list(WITHDRAW_IF)


class Channel(models.Model):
    """An official account on the register. Nothing is ever published anywhere else."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=16, help_text=_("which adapter"))
    owner = models.CharField(_("owner"), max_length=120)
    attribution = models.CharField(_("attribution"), max_length=200, help_text=_("the organisation's own name"))
    address = models.CharField(_("address"), max_length=500, help_text=_("URL or account, as the adapter needs it"))
    languages = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    limit = models.PositiveIntegerField(
        _("longest text"), null=True, blank=True, help_text=_("as the channel counts; empty: what the platform takes")
    )
    url_cost = models.PositiveSmallIntegerField(_("what a link counts"), default=23)
    half_life_minutes = models.PositiveSmallIntegerField(_("reach half-life in minutes (an assumption)"), default=80)
    secret_sealed = models.BinaryField(blank=True, default=bytes, help_text=_("encrypted; see adapters/seal.py"))
    options = models.JSONField(default=dict, blank=True, help_text=_("the adapter's own settings, nothing secret"))
    spacing_minutes = models.PositiveSmallIntegerField(_("minutes between two posts"), default=0)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("quiet to"), null=True, blank=True)
    credential_ends_on = models.DateField(_("credential ends on"), null=True, blank=True)
    registered_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    held_reason = models.CharField(max_length=200, blank=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(attribution=""), name="channel_says_who_speaks"),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="channel_quiet_hours_have_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Post(LeasedRow):
    """One approved text on one channel at one moment. `next_try_at` starts as `due_at`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="posts")
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="posts")
    text_sha256 = models.CharField(max_length=64)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, null=True, related_name="posts")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="posts")
    part = models.PositiveSmallIntegerField(default=1, db_default=1, help_text=_("which part of a thread it is"))
    parts = models.PositiveSmallIntegerField(default=1, db_default=1, help_text=_("1: the words go out whole"))
    follows = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="followed_by", help_text=_("the part before it")
    )
    state = models.CharField(max_length=10, default=PostState.SCHEDULED.value)
    scheduled_at = models.DateTimeField()
    scheduled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    not_before = models.DateTimeField(null=True, help_text=_("an embargo: it never leaves before that"))
    due_at = models.DateTimeField()
    late_at = models.DateTimeField(help_text=_("from then on it leaves only when a person says so"))
    late_told_at = models.DateTimeField(null=True)
    let_go_at = models.DateTimeField(null=True)
    let_go_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    withdraw_if = ArrayField(
        models.CharField(max_length=10), default=everything, help_text=_("what stops it by itself")
    )
    queued_at = models.DateTimeField(null=True)
    sending_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    remote_id = models.CharField(max_length=300, blank=True)
    remote_url = models.CharField(max_length=500, blank=True)
    why = models.CharField(max_length=10, blank=True, help_text=_("what stopped it"))
    reason = models.CharField(max_length=300, blank=True, help_text=_("why it was stopped, failed or is uncertain"))

    class Meta:
        ordering = ["due_at"]
        indexes = [models.Index(fields=["state", "next_try_at"]), models.Index(fields=["due_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=POST_STATES), name="post_state_known"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("due_at")), name="post_due_before_expiry"),
            models.CheckConstraint(
                condition=Q(not_before__isnull=True) | Q(due_at__gte=F("not_before")), name="post_due_after_embargo"
            ),
            models.CheckConstraint(condition=Q(late_at__gte=F("due_at")), name="post_late_after_due"),
            models.CheckConstraint(
                condition=Q(let_go_at__isnull=True, let_go_by__isnull=True)
                | Q(let_go_at__isnull=False, let_go_by__isnull=False),
                name="post_let_go_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state=PostState.PUBLISHED.value) | Q(published_at__isnull=False),
                name="post_published_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state=PostState.STOPPED.value, why__in=STOP_WHYS)
                | (~Q(state=PostState.STOPPED.value) & Q(why="")),
                name="post_stopped_says_why",
            ),
            models.CheckConstraint(
                condition=Q(withdraw_if__contained_by=WITHDRAW_IF, withdraw_if__contains=[WithdrawIf.APPROVAL.value]),
                name="post_stops_without_its_approval",
            ),
            models.UniqueConstraint(
                fields=["claim", "channel", "text_sha256", "part"],
                condition=~Q(state__in=DEAD),
                name="same_words_once_per_channel",
            ),
            models.CheckConstraint(
                condition=Q(part__gte=1, part__lte=F("parts"), parts__lte=MOST_PARTS), name="post_part_of_its_thread"
            ),
            models.CheckConstraint(
                condition=Q(part=1, follows__isnull=True) | Q(part__gt=1, follows__isnull=False),
                name="post_part_follows_the_one_before",
            ),
        ]

    @property
    def words(self) -> str:
        """What it says on its channel: the approved words, or its part of them with its number."""
        text = self.approval.draft.text
        return numbered(text)[self.part - 1] if self.parts > 1 else whole(text)


class Rehearsal(LeasedRow):
    """The latest rehearsal of a channel's credential by a read-only call. `next_try_at`: when the clock asks again."""

    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="rehearsal")
    checked_at = models.DateTimeField(null=True)
    works = models.BooleanField(null=True, help_text=_("empty: never rehearsed"))
    said = models.CharField(max_length=500, blank=True)
    expires_at = models.DateTimeField(null=True, help_text=_("when the credential ends, where the platform tells"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, works__isnull=True)
                | Q(checked_at__isnull=False, works__isnull=False),
                name="rehearsal_has_an_answer",
            )
        ]


class Attempt(models.Model):
    """One try at handing a post to its channel: written before anything leaves the house, completed after."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="tries")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    detail = models.TextField(blank=True)

    class Meta:
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(ended_at__isnull=True), name="one_open_attempt_per_post"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & Q(outcome__in=OUTCOMES)),
                name="attempt_ended_has_an_outcome",
            ),
        ]
