"""Plans that were asked for: by whom, when, with what; and what they propose."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from planner.leases.models import LeasedRow
from planner.rosters.core.kinds import DUTY_KINDS
from planner.rosters.models import Act, Shift


class Plan(LeasedRow):
    """A question to the optimiser, and its answer. Losses are whole audiences, `budget` is paid minutes."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        QUEUED = "queued", _("queued")
        SOLVING = "solving", _("being worked out")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="plans")
    asked_at = models.DateTimeField()
    during = DateTimeRangeField()
    budget = models.PositiveIntegerField(help_text=_("paid minutes"))
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)
    loss_before = models.FloatField(null=True)
    loss_after = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    policy = models.JSONField(default=dict)
    basis = models.JSONField(default=dict, help_text=_("what it was computed from, as hashes"))
    frontier = models.JSONField(default=list, help_text=_("[hours, loss, bound]"))
    lines = models.JSONField(default=list, help_text=_("cleared lines worth preparing"))
    slots = models.JSONField(default=list, help_text=_("moments worth a post"))
    notes = models.JSONField(default=list)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "queued", "solving", "ready", "failed"]),
                name="plan_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False),
                name="plan_has_two_ends",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ready")
                | models.Q(loss_before__isnull=False, loss_after__isnull=False, bound__isnull=False),
                name="plan_ready_has_figures",
            ),
        ]

    @property
    def is_unfinished(self) -> bool:
        """Whether a hand has yet to work on it or is at it."""
        return self.state in (self.State.WAITING, self.State.QUEUED, self.State.SOLVING)


class Proposal(models.Model):
    """One person takes one duty. Accepted, it is a shift and part of an act."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="proposals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=8)
    during = DateTimeRangeField()
    paid = models.FloatField(help_text=_("paid minutes"))
    avoids = models.FloatField(help_text=_("audiences"))
    expected = models.FloatField(help_text=_("audiences expected to be lost in the silences it touches"))
    shift = models.OneToOneField(Shift, on_delete=models.PROTECT, null=True, related_name="proposal")
    act = models.ForeignKey(Act, on_delete=models.PROTECT, null=True, related_name="proposals")
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["during", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=DUTY_KINDS), name="proposal_kind_known"),
            models.CheckConstraint(
                condition=models.Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False),
                name="proposal_has_two_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True, shift__isnull=True)
                | models.Q(accepted_at__isnull=False, shift__isnull=False),
                name="proposal_accepted_is_a_shift",
            ),
            models.UniqueConstraint(fields=["plan", "person", "during"], name="proposal_once"),
        ]

    @property
    def paid_hours(self) -> float:
        """What it costs."""
        return self.paid / 60
