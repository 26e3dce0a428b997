"""The journal: what happened, when, by whom. Rows are only ever added; PostgreSQL itself refuses anything else.

`seq`, `recorded_at`, `prev_hash` and `hash` are written by a trigger (migrations/0002_chain.py), whatever an INSERT says.
"""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from planner.journal.core.milestones import Milestone


class Entry(models.Model):
    """One stamp. `at`: when it happened; `recorded_at`: when this database learned of it. Written by services.stamp only."""

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("happened at"), db_index=True)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)
    milestone = models.CharField(_("milestone"), max_length=32)
    claim = models.UUIDField(_("claim"), null=True, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True, default="", db_index=True)
    actor = models.CharField(_("actor"), max_length=150, blank=True, default="", db_index=True)
    detail = models.JSONField(_("detail"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    prev_hash = models.CharField(_("hash of the entry before"), max_length=64, db_default="", editable=False)
    hash = models.CharField(_("hash"), max_length=64, unique=True, db_default="", editable=False)

    class Meta:
        ordering = ["seq"]
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        indexes = [
            models.Index(fields=["claim", "seq"], name="journal_entry_story"),
            models.Index(fields=["milestone", "at"], name="journal_entry_milestone_at"),
        ]
        constraints = [
            models.CheckConstraint(
                name="journal_entry_milestone_known", condition=Q(milestone__in=[m.value for m in Milestone])
            ),
            # The canonical text separates its fields by line feeds: none may hide inside one.
            models.CheckConstraint(
                name="journal_entry_plain_words",
                condition=~Q(subject__regex=r"[[:cntrl:]]") & ~Q(actor__regex=r"[[:cntrl:]]"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.milestone}"
