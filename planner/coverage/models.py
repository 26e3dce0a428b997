"""What must be covered, what supplies it besides people, which gaps were chosen, and how each past day stood."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from planner.coverage.core.links import LINKS
from planner.coverage.fields import DateTimeMultiRangeField

LINK_WORDS = {"seen": _("seen"), "drafted": _("drafted"), "cleared": _("cleared"), "published": _("published")}


class Requirement(models.Model):
    """A weekly rule in a zone: so many people for this link (and language) at these wall times."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    link = models.CharField(max_length=10)
    language = models.CharField(max_length=16, blank=True)
    days = ArrayField(models.PositiveSmallIntegerField())
    from_minute = models.PositiveSmallIntegerField()
    to_minute = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=64)
    people = models.PositiveSmallIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["link", "language", "from_minute"]
        constraints = [
            models.CheckConstraint(condition=Q(link__in=LINKS), name="requirement_link_known"),
            models.CheckConstraint(
                condition=Q(days__contained_by=list(range(7))) & Q(days__len__gt=0), name="requirement_days_known"
            ),
            models.CheckConstraint(
                condition=Q(from_minute__lt=1440, to_minute__lte=1440), name="requirement_minutes_in_a_day"
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="requirement_asks_for_somebody"),
            models.UniqueConstraint(
                fields=["link", "language", "days", "from_minute", "to_minute", "zone"],
                condition=Q(ended_at__isnull=True),
                name="requirement_once",
            ),
        ]


class Supply(models.Model):
    """What covers a link besides people: a cleared line, a working channel. Its own package registers it here."""

    class Kind(models.TextChoices):
        CLEARED_LINE = "cleared_line", _("cleared line")
        CHANNEL = "channel", _("channel")

    key = models.CharField(max_length=80, help_text=_("kind and uuid of what supplies"))
    kind = models.CharField(max_length=12, choices=Kind.choices)
    links = ArrayField(models.CharField(max_length=10))
    languages = ArrayField(models.CharField(max_length=16), default=list, help_text=_("empty: any"))
    during = DateTimeRangeField()
    label = models.CharField(max_length=160)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(links__contained_by=LINKS), name="supply_links_known"),
            models.CheckConstraint(
                condition=Q(during__lower_inf=False, during__isempty=False), name="supply_has_a_start"
            ),
            # A channel that was held and works again has two rows: what it did before stays known.
            ExclusionConstraint(
                name="supply_once_at_a_time",
                expressions=[("key", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
        ]


class AcceptedGap(models.Model):
    """A gap chosen on purpose: never nagged about, never hidden."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    during = DateTimeRangeField()
    links = ArrayField(models.CharField(max_length=10))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="accepted_gaps")
    reason = models.TextField()
    accepted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="accepted_gap_says_why"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("accepted_at")), name="accepted_gap_expires_later"),
            models.CheckConstraint(
                condition=Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False),
                name="accepted_gap_has_two_ends",
            ),
        ]


class Ledger(models.Model):
    """How one past theatre day (noon to noon) stood when it ended; later roster edits do not change it."""

    day = models.DateField(unique=True, help_text=_("date of the noon on which it starts"))
    zone = models.CharField(max_length=64)
    required = DateTimeMultiRangeField()
    covered = DateTimeMultiRangeField()
    gaps = DateTimeMultiRangeField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-day"]
