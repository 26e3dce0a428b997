"""What was said, by whom, when; and what we decided about it."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from planner.claims.core.words import ClaimState, Severity, SourceKind
from planner.narratives.models import Narrative

SEVERITY_WORDS = {"low": _("low"), "medium": _("medium"), "high": _("high"), "critical": _("critical")}
CLAIM_STATE_WORDS = {
    "unread": _("unread"),
    "declined": _("declined"),
    "watched": _("watched"),
    "taken_up": _("taken up"),
    "answered": _("answered"),
    "merged": _("merged"),
}


class Source(models.Model):
    """An outlet or account that is watched."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=12, default=SourceKind.ADVERSARY.value)
    url = models.URLField(blank=True, help_text=_("its own site: only pages under it are named in public"))
    is_outlet = models.BooleanField(
        _("is an outlet"),
        default=False,
        db_default=False,
        help_text=_("publishes under its own name and may be named in public; never a private person's account"),
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in SourceKind]), name="source_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Claim(models.Model):
    """An assertion to be answered or declined. `broke_earliest..broke_latest` brackets the moment it broke."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    external_id = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 - absent, not empty: unique
    text = models.TextField(_("text"))
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="claims")
    narrative = models.ForeignKey(Narrative, on_delete=models.PROTECT, null=True, blank=True, related_name="claims")
    severity = models.CharField(_("severity"), max_length=8, default=Severity.MEDIUM.value)
    language = models.CharField(_("language"), max_length=16, blank=True)
    url = models.URLField(blank=True, max_length=500)
    state = models.CharField(max_length=10, default=ClaimState.UNREAD.value)
    broke_earliest = models.DateTimeField(_("broke, earliest"))
    broke_latest = models.DateTimeField(_("broke, latest"))
    evidence = models.TextField(_("evidence for when it broke"), blank=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decision_reason = models.TextField(blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    # Its source took it back: a fact about the claim, whatever we decided about it and whoever answers it.
    retracted_at = models.DateTimeField(null=True)
    retracted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    retraction = models.TextField(blank=True, help_text=_("how its source took it back"))

    class Meta:
        ordering = ["-broke_earliest"]
        indexes = [
            models.Index(fields=["broke_earliest"]),
            models.Index(fields=["state", "broke_earliest"]),
            GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], name="claim_text_trigrams"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in ClaimState]), name="claim_state_known"),
            models.CheckConstraint(condition=Q(severity__in=[s.value for s in Severity]), name="claim_severity_known"),
            models.CheckConstraint(condition=Q(broke_latest__gte=F("broke_earliest")), name="claim_broke_in_order"),
            # Silence is a decision with a reason, a name and a time (rule 4).
            models.CheckConstraint(
                condition=~Q(state=ClaimState.DECLINED.value) | (Q(decided_at__isnull=False) & ~Q(decision_reason="")),
                name="claim_declined_says_why",
            ),
            models.CheckConstraint(
                condition=Q(retracted_at__isnull=True, retracted_by__isnull=True, retraction="")
                | (Q(retracted_at__isnull=False) & ~Q(retraction="")),
                name="claim_retracted_says_how",
            ),
            models.CheckConstraint(
                condition=Q(state=ClaimState.MERGED.value, merged_into__isnull=False)
                | (~Q(state=ClaimState.MERGED.value) & Q(merged_into__isnull=True)),
                name="claim_merged_into_another",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Flood(models.Model):
    """Many near-identical sightings from several accounts within minutes: one claim, one page, never thousands."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fingerprint = models.BigIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    posts = models.PositiveIntegerField()
    accounts = models.PositiveIntegerField()
    text = models.TextField()
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="floods")

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(fields=["fingerprint", "started_at"], name="flood_once"),
            models.CheckConstraint(condition=Q(ended_at__gte=F("started_at")), name="flood_in_order"),
        ]


class Sighting(models.Model):
    """One observed message of a source: `posted_at` is their clock, `fetched_at` and `stored_at` are ours."""

    # Indexes cost the import dearly: `sighting_once` serves source, and most sightings have no flood and no claim.
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="sightings", db_index=False)
    external_id = models.CharField(max_length=200)
    author = models.CharField(max_length=200, blank=True)
    posted_at = models.DateTimeField()
    fetched_at = models.DateTimeField()
    stored_at = models.DateTimeField()
    text = models.TextField()
    fingerprint = models.BigIntegerField(help_text=_("64-bit hash of the normalised text"))
    language = models.CharField(max_length=16, blank=True)
    url = models.URLField(blank=True, max_length=1000)
    client = models.CharField(max_length=100, blank=True)
    repost_of = models.CharField(max_length=200, blank=True)
    hashtags = ArrayField(models.CharField(max_length=200), default=list)
    flood = models.ForeignKey(Flood, on_delete=models.SET_NULL, null=True, related_name="sightings", db_index=False)
    claim = models.ForeignKey(Claim, on_delete=models.SET_NULL, null=True, related_name="sightings", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="sighting_once"),
        ]
        indexes = [
            BrinIndex(fields=["stored_at"]),
            models.Index(fields=["posted_at"]),
            models.Index(fields=["fingerprint", "posted_at"]),
            models.Index(fields=["flood", "posted_at"], condition=Q(flood__isnull=False), name="sighting_of_flood"),
            models.Index(fields=["claim", "posted_at"], condition=Q(claim__isnull=False), name="sighting_of_claim"),
        ]


class PickUp(models.Model):
    """A media sighting of a claim: which outlet, at which minute, and whether our answer was carried."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="pickups")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="pickups")
    at = models.DateTimeField()
    url = models.URLField(blank=True, max_length=500)
    carried = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["claim", "source", "at"], name="pickup_once")]
