"""What must be covered, what supplies it besides people, which gaps were chosen, and how each past day stood."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from planner.coverage.core.links import LINKS, Link
from planner.coverage.core.loss import Stand
from planner.coverage.core.staffing import roles_for
from planner.coverage.fields import DateTimeMultiRangeField
from planner.people.core.roles import Role
from planner.people.models import ROLE_WORDS

SEEING = sorted(role.value for role in roles_for(Link.SEEN))
LINE = ["drafted", "cleared"]
WORDING = sorted(role.value for role in roles_for(Link.DRAFTED))
ROLE_CHOICES = [(role.value, ROLE_WORDS[role]) for role in (Role.ANALYST, Role.DUTY, Role.OFFICER, Role.APPROVER)]
LINK_WORDS = {"seen": _("seen"), "drafted": _("drafted"), "cleared": _("cleared"), "published": _("published")}


class Requirement(models.Model):
    """A weekly rule in a zone: so many people for this link (and language) at these wall times."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    link = models.CharField(max_length=10)
    language = models.CharField(max_length=16, blank=True)
    role = models.CharField(
        max_length=16, blank=True, choices=ROLE_CHOICES, help_text=_("empty: any that does the link")
    )
    days = ArrayField(models.PositiveSmallIntegerField())
    from_minute = models.PositiveSmallIntegerField()
    to_minute = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=64)
    people = models.PositiveSmallIntegerField(default=1)
    set_at = models.DateTimeField(null=True, help_text=_("empty: before this was kept"))
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
            models.CheckConstraint(
                condition=Q(role="") | Q(link="seen", role__in=SEEING) | Q(link__in=LINE, role__in=WORDING),
                name="requirement_role_does_the_link",
            ),
            models.UniqueConstraint(
                fields=["link", "language", "role", "days", "from_minute", "to_minute", "zone"],
                condition=Q(ended_at__isnull=True),
                name="requirement_once",
            ),
        ]


class Supply(models.Model):
    """What covers a link besides people: a cleared line, a working channel. Its own package registers it here."""

    class Kind(models.TextChoices):
        CLEARED_LINE = "cleared_line", _("cleared line")
        CHANNEL = "channel", _("channel")

    class Closed(models.TextChoices):
        HELD = "held", _("held")
        RETIRED = "retired", _("off the register")
        USED_UP = "used_up", _("used up")
        WITHDRAWN = "withdrawn", _("withdrawn")

    key = models.CharField(max_length=80, help_text=_("kind and uuid of what supplies"))
    kind = models.CharField(max_length=12, choices=Kind.choices)
    links = ArrayField(models.CharField(max_length=10))
    languages = ArrayField(models.CharField(max_length=16), default=list, help_text=_("empty: any"))
    during = DateTimeRangeField()
    label = models.CharField(max_length=160)
    channel_kind = models.CharField(max_length=40, blank=True, help_text=_("a channel's platform"))
    closed_as = models.CharField(max_length=12, blank=True, choices=Closed.choices, help_text=_("how it ended early"))
    releasers = ArrayField(
        models.CharField(max_length=16), default=list, help_text=_("of a line: roles that may release it; empty: any")
    )
    people = ArrayField(models.BigIntegerField(), default=list, help_text=_("of a line: who besides may release it"))
    channel_kinds = ArrayField(
        models.CharField(max_length=16), default=list, help_text=_("of a line: where it may go out; empty: everywhere")
    )

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


class Assumption(models.Model):
    """One figure that losses lean on, set by a person: it stands until the next, and the old ones stay.

    `key`: desk, on_call, half_life, or half_life:<channel kind>; `minutes` None: back to what the product ships with.
    """

    key = models.CharField(max_length=60)
    minutes = models.PositiveIntegerField(null=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-set_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(key__in=["desk", "on_call", "half_life"]) | Q(key__startswith="half_life:"),
                name="assumption_key_known",
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__gte=1, minutes__lte=10080), name="assumption_a_week_at_most"
            ),
            models.UniqueConstraint(fields=["key"], condition=Q(ended_at__isnull=True), name="assumption_one_stands"),
        ]


class Measurement(models.Model):
    """How long answering took, as the journal had it on that day: `minutes` None while there is too little evidence."""

    stand = models.CharField(max_length=8)
    minutes = models.FloatField(null=True)
    acknowledged = models.FloatField(null=True, help_text=_("minutes from page to acknowledgement, a part of it"))
    claims = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    measured_at = models.DateTimeField()

    class Meta:
        ordering = ["-measured_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stand__in=[stand.value for stand in Stand]), name="measurement_stand_known"
            ),
            models.CheckConstraint(condition=Q(answered__lte=F("claims")), name="measurement_of_its_claims"),
            models.UniqueConstraint(fields=["stand", "measured_at"], name="measurement_once"),
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
