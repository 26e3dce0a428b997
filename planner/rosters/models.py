"""Who is on watch, who can be woken, who is away."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from planner.people.core.roles import ROLES
from planner.rosters.calendars.rows import CalendarEntry, CalendarOccurrence, CalendarSource, FeedItem, FeedKey
from planner.rosters.core.kinds import DUTY_KINDS
from planner.rosters.core.layers import OverrideAct

__all__ = [
    "DUTY_WORDS",
    "CalendarEntry",
    "CalendarOccurrence",
    "CalendarSource",
    "FeedItem",
    "FeedKey",
    "Leave",
    "Shift",
    "ShiftRule",
    "Team",
]
DUTY_WORDS = {"desk": _("desk"), "on_call": _("on call")}
TWO_ENDS = models.Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False)


class Team(models.Model):
    """A desk with a zone of its own; the roster's files name it."""

    name = models.CharField(max_length=80, unique=True)
    zone = models.CharField(max_length=64)
    swaps_need_approval = models.BooleanField(default=False, help_text=_("a roster manager approves swaps"))

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


class Rotation(models.Model):
    """An intention: people who take turns. The handover recurs on a wall; turns are made late, as `Shift` rows."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="rotations")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8)
    roles = ArrayField(models.CharField(max_length=16), default=list)
    zone = models.CharField(max_length=64)
    local_start = models.DateTimeField(help_text=_("first handover as wall time, stored as if it were UTC"))
    rrule = models.CharField(max_length=255, help_text=_("when the handover recurs"))
    hours_start = models.TimeField(null=True, help_text=_("only these hours of each day, on the wall"))
    hours_minutes = models.PositiveIntegerField(null=True)
    rolled_until = models.DateTimeField(null=True, help_text=_("shifts exist up to this instant"))
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=DUTY_KINDS), name="rotation_kind_known"),
            models.CheckConstraint(condition=models.Q(roles__contained_by=ROLES), name="rotation_roles_known"),
            models.CheckConstraint(
                condition=models.Q(hours_start=None, hours_minutes=None)
                | models.Q(hours_start__isnull=False, hours_minutes__isnull=False, hours_minutes__range=(1, 1440)),
                name="rotation_hours_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RotationMember(models.Model):
    """One place in the order of a rotation; somebody may hold more than one."""

    rotation = models.ForeignKey(Rotation, on_delete=models.PROTECT, related_name="members")
    position = models.PositiveSmallIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="turns")

    class Meta:
        ordering = ["rotation", "position"]
        constraints = [models.UniqueConstraint(fields=["rotation", "position"], name="one_person_one_place")]


class Shift(models.Model):
    """Somebody at the desk, or able to be woken, from one instant to another, in the roles given."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    external_id = models.CharField(max_length=80, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shifts")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="shifts")
    rule = models.ForeignKey(ShiftRule, on_delete=models.PROTECT, null=True, related_name="shifts")
    rotation = models.ForeignKey(Rotation, on_delete=models.PROTECT, null=True, related_name="shifts")
    taken_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="taken", help_text=_("the shift this is a part of")
    )
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
            models.CheckConstraint(condition=TWO_ENDS, name="shift_has_two_ends"),
            ExclusionConstraint(
                name="one_person_one_shift_at_once",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=models.Q(cancelled_at__isnull=True),
            ),
            ExclusionConstraint(
                name="one_part_taken_over_once",
                expressions=[("taken_from", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=models.Q(cancelled_at__isnull=True, taken_from__isnull=False),
            ),
            models.CheckConstraint(
                condition=models.Q(rule=None) | models.Q(rotation=None), name="shift_of_one_series_at_most"
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
            models.CheckConstraint(condition=TWO_ENDS, name="leave_has_two_ends"),
        ]


class Override(models.Model):
    """The last word about a person for a while: added, removed, or replaced by another. The latest made counts."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    act = models.CharField(max_length=8)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="overrides")
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="stands_in"
    )
    kind = models.CharField(max_length=8, default="")
    roles = ArrayField(models.CharField(max_length=16), default=list)
    during = DateTimeRangeField()
    reason = models.CharField(max_length=200, default="")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="overrides_made")
    made_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=TWO_ENDS, name="override_has_two_ends"),
            models.CheckConstraint(condition=models.Q(roles__contained_by=ROLES), name="override_roles_known"),
            models.CheckConstraint(
                condition=models.Q(act=OverrideAct.ADD.value, stand_in=None, kind__in=DUTY_KINDS)
                | models.Q(act=OverrideAct.REMOVE.value, stand_in=None, kind="")
                | models.Q(act=OverrideAct.REPLACE.value, stand_in__isnull=False, kind=""),
                name="override_says_one_thing",
            ),
            models.CheckConstraint(condition=~models.Q(person=models.F("stand_in")), name="nobody_replaces_themselves"),
        ]


class Swap(models.Model):
    """A part of a shift that its person offers; who accepted; whether a roster manager agreed; how it ended."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="swaps")
    during = DateTimeRangeField()
    note = models.CharField(max_length=200, default="")
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="swaps_offered")
    offered_at = models.DateTimeField()
    taker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="swaps_taken")
    accepted_at = models.DateTimeField(null=True)
    taken = models.OneToOneField(Shift, on_delete=models.PROTECT, null=True, related_name="swap")
    ended_at = models.DateTimeField(null=True, help_text=_("withdrawn or refused"))

    class Meta:
        ordering = ["during", "pk"]
        constraints = [
            models.CheckConstraint(condition=TWO_ENDS, name="swap_has_two_ends"),
            models.CheckConstraint(
                condition=models.Q(taker=None, accepted_at=None)
                | models.Q(taker__isnull=False, accepted_at__isnull=False),
                name="swap_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(taken=None) | models.Q(taker__isnull=False), name="swap_done_was_accepted"
            ),
            ExclusionConstraint(
                name="one_part_offered_once",
                expressions=[("shift", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=models.Q(ended_at__isnull=True, taken__isnull=True),
            ),
        ]


class Act(models.Model):
    """One act of a person on the roster, with what it changed: so that it can be undone, and undone again.

    `changes`: [{"table", "pk", "before": {field: value}, "after": {...}}]; before it was made, a row was cancelled.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roster_acts")
    at = models.DateTimeField()
    said = models.CharField(max_length=300, help_text=_("what was done, in the words of who did it"))
    changes = models.JSONField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
