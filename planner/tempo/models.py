"""Dates known ahead on which they may speak more or less than usual."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class KnownDate(models.Model):
    """An election, an anniversary, a trial: dates on the theatre's calendar. An edit ends the row and makes another."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    yearly = models.BooleanField(_("every year"), default=False)
    note = models.TextField(_("note"), blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="known_dates")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["first_day", "name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name__regex=r"^\s*$"), name="known_date_has_a_name"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="known_date_in_order"),
            models.UniqueConstraint(
                Lower("name"), "first_day", condition=Q(ended_at__isnull=True), name="known_date_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
