"""The journal: what happened, when, by whom. Rows are only ever added; PostgreSQL itself refuses anything else.

`seq`, `recorded_at`, `prev_hash` and `hash` are written by a trigger (migrations/0002_chain.py), whatever an INSERT
says. See docs/decisions/0004-a-journal-the-database-keeps.md.
"""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from planner.journal.core.milestones import Milestone

MILESTONE_WORDS = {
    Milestone.SIGHTED: _("sighted"),
    Milestone.CLAIMED: _("made a claim"),
    Milestone.MATCHED: _("matched to a narrative"),
    Milestone.TRIAGED: _("triaged"),
    Milestone.DECLINED: _("declined: no public answer"),
    Milestone.MERGED: _("merged"),
    Milestone.CORRECTED: _("corrected"),
    Milestone.RETRACTED: _("taken back by its source"),
    Milestone.TASKED: _("task opened"),
    Milestone.PAGED: _("paged"),
    Milestone.CLIMBED: _("next person paged"),
    Milestone.ACKNOWLEDGED: _("acknowledged"),
    Milestone.EXHAUSTED: _("nobody answered the page"),
    Milestone.REOPENED: _("task opened again"),
    Milestone.CLOSED: _("task closed"),
    Milestone.DRAFTED: _("drafted"),
    Milestone.APPROVED: _("approved"),
    Milestone.REFUSED: _("refused"),
    Milestone.WITHDRAWN: _("approval withdrawn"),
    Milestone.VOIDED: _("approval voided by an edit"),
    Milestone.RELEASED: _("cleared line released"),
    Milestone.SCHEDULED: _("scheduled"),
    Milestone.MOVED: _("moved to another moment"),
    Milestone.PUBLISHED: _("published"),
    Milestone.RETRYING: _("to be tried again"),
    Milestone.FAILED: _("failed"),
    Milestone.UNCERTAIN: _("outcome uncertain"),
    Milestone.SETTLED: _("settled by a person"),
    Milestone.LATE: _("late: a person decides"),
    Milestone.LET_GO: _("sent late, as a person decided"),
    Milestone.STOPPED: _("stopped"),
    Milestone.EXPIRED: _("expired"),
    Milestone.HELD: _("channel held"),
    Milestone.UNHELD: _("channel freed"),
    Milestone.ANSWERED: _("answered"),
    Milestone.PICKED_UP: _("picked up by media"),
    Milestone.CARRIED: _("our answer carried"),
    Milestone.IMPORTED: _("imported"),
    Milestone.ROSTERED: _("roster changed"),
    Milestone.GAP_ACCEPTED: _("gap accepted"),
    Milestone.ROLE_CHANGED: _("role changed"),
    Milestone.SIGNED_IN: _("signed in"),
    Milestone.CHANNEL_REGISTERED: _("channel registered"),
    Milestone.SNAPSHOT: _("snapshot"),
}


class Entry(models.Model):
    """One stamp, written by services.stamp only. `at`: when it happened; `recorded_at`: when it was written down."""

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("happened at"), db_index=True)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)
    milestone = models.CharField(_("milestone"), max_length=32)
    claim = models.UUIDField(_("claim"), null=True, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True, default="")
    actor = models.CharField(_("actor"), max_length=150, blank=True, default="")
    detail = models.JSONField(_("detail"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    prev_hash = models.CharField(_("hash of the entry before"), max_length=64, db_default="", editable=False)
    hash = models.CharField(_("hash"), max_length=64, db_default="", editable=False)

    class Meta:
        ordering = ["seq"]
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        indexes = [
            models.Index(fields=["claim", "seq"], name="journal_entry_story"),
            models.Index(fields=["milestone", "at"], name="journal_entry_milestone_at"),
            models.Index(fields=["subject", "seq"], name="journal_entry_subject"),
            models.Index(fields=["actor", "seq"], name="journal_entry_actor"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["hash"], name="journal_entry_hash_once"),
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

    @property
    def words(self) -> str:
        """The milestone in the reader's language."""
        return str(MILESTONE_WORDS[Milestone(self.milestone)])
