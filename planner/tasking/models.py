"""Duties, the ladder of people they climb, and who acknowledged."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from planner.claims.models import Claim
from planner.leases.models import LeasedRow
from planner.notices.models import Notice
from planner.people.core.roles import ROLES
from planner.tasking.core.ladder import Why
from planner.tasking.core.states import STANDING, TASK_STATES, TaskState

WHY_WORDS = {
    Why.DUTY_ON_CALL: _("duty officer on call"),
    Why.OFFICER_ON_CALL: _("press officer on call"),
    Why.APPROVER_ON_CALL: _("approver on call"),
    Why.AT_DESK: _("at the desk"),
    Why.LAST_RESORT: _("roster manager, as the last resort"),
    Why.HANDED_OVER: _("handed over by a colleague"),
}
TASK_STATE_WORDS = {
    "open": _("waiting for an answer"),
    "acknowledged": _("acknowledged"),
    "closed": _("closed"),
    "exhausted": _("nobody answered"),
}


class Task(LeasedRow):
    """Answer this claim. `next_try_at` is when the ladder climbs, or when an acknowledged task must have moved on."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="tasks")
    state = models.CharField(max_length=12, default=TaskState.OPEN.value)
    round = models.SmallIntegerField(default=0, help_text=_("how often the ladder was begun anew"))
    rung = models.SmallIntegerField(default=-1, help_text=_("last rung of this round that was paged; -1: none yet"))
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    off_hours = models.BooleanField(default=False, help_text=_("opened by the clock: nobody was at the desk"))
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="tasks")
    acknowledged_at = models.DateTimeField(null=True)
    wanted = models.CharField(
        max_length=16, blank=True, default="", db_default="", help_text=_("the role that was asked for; empty: anybody")
    )
    wanted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    wanted_why = models.CharField(max_length=500, blank=True, default="", db_default="")
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["state", "next_try_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=TASK_STATES), name="task_state_known"),
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state__in=STANDING), name="one_standing_task_per_claim"
            ),
            models.CheckConstraint(
                condition=~Q(state=TaskState.ACKNOWLEDGED.value)
                | Q(acknowledged_at__isnull=False, assignee__isnull=False),
                name="task_acknowledged_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.CLOSED.value, closed_at__isnull=False)
                | (~Q(state=TaskState.CLOSED.value) & Q(closed_at__isnull=True)),
                name="task_closed_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(wanted="", wanted_by__isnull=True, wanted_why="")
                | (Q(wanted__in=ROLES, wanted_by__isnull=False) & ~Q(wanted_why="")),
                name="task_wanted_by_somebody_and_why",
            ),
        ]


class Rung(models.Model):
    """One person who was paged for a task: at most once each time its ladder is climbed."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="rungs")
    round = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rungs")
    why = models.CharField(max_length=120, help_text=_("a reason of core.ladder.Why"))
    paged_at = models.DateTimeField(null=True)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint(fields=["task", "round", "position"], name="rung_position_once"),
            models.UniqueConstraint(fields=["task", "round", "person"], name="rung_person_once"),
        ]

    @property
    def why_words(self) -> str:
        """Why this person, for people."""
        return str(WHY_WORDS[Why(self.why)])
