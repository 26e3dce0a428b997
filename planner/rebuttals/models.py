"""Drafts that never change, approvals given by someone else, lines cleared ahead of the night.

PostgreSQL keeps what must never bend (migrations 0002, 0003, 0005, 0007, 0008): a draft cannot change, nor the pictures
it shows; an approval is bound by a foreign key over (draft, author, text_sha256) to the exact words and pictures; the
approver is never the author; an edit voids the approval before it; a line leaves the house only inside its scope. See
docs/decisions/0012, 0035 and 0037.
"""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import F, JSONField, Q, Value
from django.utils.translation import gettext_lazy as _

from planner.claims.models import Claim
from planner.leases.models import LeasedRow
from planner.narratives.models import Narrative
from planner.rebuttals.core.languages import WRITTEN
from planner.rebuttals.core.links import LINK_WORDS
from planner.rebuttals.core.links import LONGEST as LONGEST_LINK
from planner.rebuttals.core.linting import ADVICE
from planner.rebuttals.core.pictures import MEDIA_TYPES
from planner.rebuttals.core.scope import RELEASE_ROLES
from planner.rebuttals.core.verdict import LONGEST, RATINGS, Verdict
from planner.rebuttals.core.words import Shown
from planner.tasking.models import Task


class Rebuttal(models.Model):
    """The answer to a claim, or the words kept ready for a narrative."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="rebuttals")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="rebuttals")
    narrative = models.ForeignKey(Narrative, on_delete=models.PROTECT, null=True, related_name="rebuttals")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(claim__isnull=False, narrative__isnull=True)
                | Q(claim__isnull=True, narrative__isnull=False),
                name="rebuttal_to_a_claim_or_for_a_narrative",
            ),
            models.UniqueConstraint(fields=["claim"], condition=Q(claim__isnull=False), name="one_rebuttal_per_claim"),
        ]


class Picture(models.Model):
    """A picture as it is shown and sent, named by its bytes. Never changes, never goes: drafts show it by its hash."""

    sha256 = models.CharField(primary_key=True, max_length=64, help_text=_("hex SHA-256 of the content"))
    media_type = models.CharField(max_length=16, choices=[(kind, kind) for kind in MEDIA_TYPES])
    width = models.PositiveIntegerField(help_text=_("pixels"))
    height = models.PositiveIntegerField(help_text=_("pixels"))
    content = models.BinaryField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(width__gte=1, height__gte=1), name="picture_has_a_size"),
        ]


class Draft(models.Model):
    """One version of the words in one language for one kind of channel ('' = every channel). Never changes.

    `pictures` lists what stands beside the words, in order: `[{"sha256": …, "alt": …}]` (`shown` as values).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rebuttal = models.ForeignKey(Rebuttal, on_delete=models.PROTECT, related_name="drafts")
    language = models.CharField(max_length=16)
    channel_kind = models.CharField(max_length=16, blank=True)
    version = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts")
    text = models.TextField()
    pictures = models.JSONField(default=list, db_default=Value([], JSONField()))
    text_sha256 = models.CharField(
        max_length=64, help_text=_("hex SHA-256 of the text and its pictures; checked by the database")
    )
    rating = models.CharField(
        max_length=16, blank=True, default="", db_default="", help_text=_("how we rate the claim")
    )
    claim_words = models.CharField(
        max_length=LONGEST, blank=True, default="", db_default="", help_text=_("the claim in our words, for the public")
    )
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, help_text=_("when review was asked for; may be set once"))

    class Meta:
        ordering = ["language", "channel_kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["rebuttal", "language", "channel_kind", "version"], name="draft_version_once"
            ),
            models.UniqueConstraint(fields=["id", "author", "text_sha256"], name="draft_exact_words"),
            models.CheckConstraint(condition=~Q(text=""), name="draft_says_something"),
            models.CheckConstraint(condition=Q(language__regex=WRITTEN), name="draft_language_is_a_tag"),
            models.CheckConstraint(
                condition=Q(rating="", claim_words="") | (Q(rating__in=RATINGS) & ~Q(claim_words="")),
                name="draft_rates_a_claim_in_words",
            ),
        ]

    @property
    def verdict(self) -> Verdict:
        """How this version rates the claim, and in which words."""
        return Verdict(self.rating, self.claim_words)

    @property
    def shown(self) -> tuple[Shown, ...]:
        """Its pictures as values, in order."""
        return tuple(Shown(**one) for one in self.pictures)


class ReviewRequest(models.Model):
    """Somebody asked for a version to be cleared before a deadline. Taken back at most once; asking anew is a row."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text=_("until when somebody must have decided"))
    recalled_at = models.DateTimeField(null=True)
    recalled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gt=F("asked_at")), name="review_has_time"),
            models.CheckConstraint(
                condition=Q(recalled_at__isnull=True, recalled_by__isnull=True)
                | Q(recalled_at__isnull=False, recalled_by__isnull=False),
                name="review_recalled_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["draft"], condition=Q(recalled_at__isnull=True), name="one_standing_request_per_draft"
            ),
        ]


class Approval(models.Model):
    """Somebody else cleared exactly these words. Ends by withdrawal or because the words were edited; never deleted."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="approvals")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text_sha256 = models.CharField(max_length=64)
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approvals")
    approved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-approved_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(approver=F("author")), name="approver_is_not_the_author"),
            models.UniqueConstraint(fields=["draft"], condition=Q(ended_at__isnull=True), name="one_standing_approval"),
            models.UniqueConstraint(fields=["id", "text_sha256"], name="approval_exact_words"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
                name="approval_end_says_who_and_why",
            ),
        ]


class Refusal(models.Model):
    """An approver said no, and why."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="refusals")
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField()
    comment = models.TextField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(comment=""), name="refusal_says_why")]


class Waiver(models.Model):
    """Somebody read a suggestion about a text and says why it does not hold. It stands for later versions, too."""

    rebuttal = models.ForeignKey(Rebuttal, on_delete=models.PROTECT, related_name="waivers")
    language = models.CharField(max_length=16)
    channel_kind = models.CharField(max_length=16, blank=True)
    advice = models.CharField(max_length=16)
    note = models.CharField(max_length=300)
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    waived_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(advice__in=ADVICE), name="waiver_advice_known"),
            models.CheckConstraint(condition=~Q(note=""), name="waiver_says_why"),
            models.UniqueConstraint(
                fields=["rebuttal", "language", "channel_kind", "advice"], name="waived_once_per_text"
            ),
        ]


def every_releasing_role() -> list[str]:
    """The roles in which a line may be released at all."""
    return [role.value for role in RELEASE_ROLES]


class LinkCheck(LeasedRow):
    """Whether a link of a text answers a reader, as last asked by a hand. `next_try_at` null: not asked again."""

    url = models.CharField(max_length=LONGEST_LINK, unique=True)
    checked_at = models.DateTimeField(null=True)
    word = models.CharField(max_length=12, blank=True, default="", help_text=_("what it came to; empty: never asked"))
    status = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, word="") | Q(checked_at__isnull=False, word__in=LINK_WORDS),
                name="link_check_has_a_word",
            ),
        ]


class ClearedLine(models.Model):
    """A text approved ahead for narratives: scope, window, expiry, maximum uses. A named human releases it.

    Whom and what the scope names stands in the row itself, as numbers: so it is signed, and never changes, as one.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    narrative = models.ForeignKey(Narrative, on_delete=models.PROTECT, related_name="cleared_lines")
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="lines")
    also_narratives = ArrayField(models.BigIntegerField(), default=list, help_text=_("further storylines it answers"))
    languages = ArrayField(models.CharField(max_length=16), default=list, help_text=_("of claims; empty: any"))
    channel_kinds = ArrayField(models.CharField(max_length=16), default=list, help_text=_("empty: every channel"))
    release_roles = ArrayField(models.CharField(max_length=16), default=every_releasing_role)
    release_people = ArrayField(models.BigIntegerField(), default=list, help_text=_("who may release it besides"))
    during = DateTimeRangeField(help_text=_("from when to when it may be released"))
    maximum_uses = models.PositiveSmallIntegerField(default=1)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["during"]
        constraints = [
            models.CheckConstraint(
                condition=Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False),
                name="cleared_line_expires",
            ),
            models.CheckConstraint(condition=Q(maximum_uses__gte=1), name="cleared_line_may_be_used"),
            models.CheckConstraint(
                condition=Q(release_roles__contained_by=every_releasing_role())
                & (Q(release_roles__len__gt=0) | Q(release_people__len__gt=0)),
                name="cleared_line_released_by_somebody",
            ),
        ]


class Release(models.Model):
    """A named human let a cleared line out for one claim."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    line = models.ForeignKey(ClearedLine, on_delete=models.PROTECT, related_name="releases")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="releases")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "claim"], name="line_once_per_claim")]
