"""Due work is a row: when to try it next, who holds it, how often it failed, and why.

A lease is a promise with an end. Nothing has to be unlocked after a hand dies: its lease runs out and another hand
takes the row. See docs/decisions/0003-due-rows-and-leases.md.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LeasedRow(models.Model):
    """A row that hands take one at a time. `next_try_at` null: never postponed, the caller knows what is due."""

    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True, db_index=True)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    leased_by = models.CharField(_("leased by"), max_length=120, blank=True, default="")
    attempts = models.SmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True, default="")

    class Meta:
        abstract = True


class Heartbeat(models.Model):
    """One line per beat of the clock: how often it should run, when it last ran well, what went wrong last."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    period_seconds = models.PositiveIntegerField(_("period in seconds"))
    beat_at = models.DateTimeField(_("last good run"))
    last_error = models.TextField(_("last error"), blank=True, default="")
    error_at = models.DateTimeField(_("last error at"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name
