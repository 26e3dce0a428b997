"""Who is on watch, who can be woken, who is away."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from planner.people.core.roles import ROLES
from planner.rosters.core.kinds import DUTY_KINDS

DUTY_WORDS = {"desk": _("desk"), "on_call": _("on call")}


class Team(models.Model):
    """A desk with a zone of its own; the roster's files name it."""

    name = models.CharField(max_length=80, unique=True)
    zone = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


class ShiftRule(models.Model):
    """An intention: a shift that recurs in somebody's wall time. Instants are made late, as `Shift` rows."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    external_id = models.CharField(
        max_length=64, unique=True, help_text=_("hash of the imported row; imports twice = once")
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shift_rules")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="rules")
    kind = models.CharField(max_length=8)
    roles = ArrayField(models.CharField(max_length=16), default=list)
    zone = models.CharField(max_length=64)
    local_start = models.DateTimeField(help_text=_("first start as wall time, stored as if it were UTC"))
    minutes = models.PositiveIntegerField(help_text=_("wall-clock length"))
    rrule = models.CharField(max_length=255)
    rolled_until = models.DateTimeField(null=True, help_text=_("shifts exist up to this instant"))
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=DUTY_KINDS), name="rule_kind_known"),
            models.CheckConstraint(condition=models.Q(roles__contained_by=ROLES), name="rule_roles_known"),
        ]


class Shift(models.Model):
    """Somebody at the desk, or able to be woken, from one instant to another, in the roles given."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    external_id = models.CharField(max_length=80, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shifts")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="shifts")
    rule = models.ForeignKey(ShiftRule, on_delete=models.PROTECT, null=True, related_name="shifts")
    kind = models.CharField(max_length=8)
    roles = ArrayField(models.CharField(max_length=16), default=list)
    during = DateTimeRangeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["during"]
        indexes = [models.Index(fields=["person"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=DUTY_KINDS), name="shift_kind_known"),
            models.CheckConstraint(condition=models.Q(roles__contained_by=ROLES), name="shift_roles_known"),
            models.CheckConstraint(
                condition=models.Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False),
                name="shift_has_two_ends",
            ),
            ExclusionConstraint(
                name="one_person_one_shift_at_once",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=models.Q(cancelled_at__isnull=True),
            ),
        ]


class Leave(models.Model):
    """Somebody is away: never at the desk and never on call, whatever a shift says."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    external_id = models.CharField(max_length=80, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="leaves")
    during = DateTimeRangeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False),
                name="leave_has_two_ends",
            ),
        ]
