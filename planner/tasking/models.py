"""Duties, the ladder of people they climb, and who acknowledged."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from planner.claims.models import Claim
from planner.leases.models import LeasedRow
from planner.notices.models import Notice
from planner.people.core.roles import ROLES
from planner.tasking.core.ladder import Why
from planner.tasking.core.states import PURPOSES, STANDING, TASK_STATES, Purpose, TaskState

WHY_WORDS = {
    Why.DUTY_ON_CALL: _("duty officer on call"),
    Why.OFFICER_ON_CALL: _("press officer on call"),
    Why.APPROVER_ON_CALL: _("approver on call"),
    Why.AT_DESK: _("at the desk"),
    Why.LAST_RESORT: _("roster manager, as the last resort"),
    Why.HANDED_OVER: _("handed over by a colleague"),
    Why.APPROVER_AT_DESK: _("approver at the desk"),
    Why.DEPUTY: _("deputy: an approver who is on watch for something else"),
    Why.EVERY_APPROVER: _("approver: everybody who may clear a text is asked"),
}
TASK_STATE_WORDS = {
    "open": _("waiting for an answer"),
    "acknowledged": _("acknowledged"),
    "closed": _("closed"),
    "exhausted": _("nobody answered"),
}


class Task(LeasedRow):
    """Answer this claim, or look at the words that wait to be cleared for it.

    `next_try_at` is when the ladder climbs, or when an acknowledged task must have moved on. A review has a deadline
    (`due_at`), the languages in which its words are written, and people who are never asked, because they wrote them.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="tasks")
    purpose = models.CharField(max_length=8, default=Purpose.ANSWER.value)
    due_at = models.DateTimeField(null=True, help_text=_("a review: when the earliest of its texts must be decided"))
    languages = ArrayField(models.CharField(max_length=16), default=list, help_text=_("a review: of its texts"))
    barred = ArrayField(models.BigIntegerField(), default=list, help_text=_("a review: who wrote all of its texts"))
    brief = models.TextField(blank=True, help_text=_("a review: the words, as the message shows them"))
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
            models.CheckConstraint(
                condition=Q(purpose__in=PURPOSES) & (~Q(purpose=Purpose.REVIEW.value) | Q(due_at__isnull=False)),
                name="task_purpose_known_and_a_review_has_a_deadline",
            ),
            models.UniqueConstraint(
                fields=["claim", "purpose"], condition=Q(state__in=STANDING), name="one_standing_task_per_claim"
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

    @property
    def is_review(self) -> bool:
        """Whether words are to be cleared, not written."""
        return self.purpose == Purpose.REVIEW.value


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
