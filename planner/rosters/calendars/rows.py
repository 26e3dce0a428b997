"""Calendars as rows: where they come from, what stood in them, which shifts they made; and who may read their own."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from planner.leases.models import LeasedRow

SHORTEST_MINUTES, LONGEST_MINUTES = 5, 7 * 24 * 60


class CalendarSource(LeasedRow):
    """A calendar that is brought in: a file (no url), or an address that is asked every so often."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=64, unique=True, help_text=_("the same calendar, whenever it is imported"))
    name = models.CharField(_("name"), max_length=120)
    team = models.ForeignKey("rosters.Team", on_delete=models.PROTECT, related_name="calendars")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="calendars")
    kind = models.CharField(max_length=8, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    every_minutes = models.PositiveIntegerField(_("every how many minutes"), null=True)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    last_result = models.TextField(_("last result"), blank=True)
    tried_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True, help_text=_("when it was last read without a fault"))
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="calendar_asked_in_reason",
                condition=Q(url="", every_minutes=None)
                | (
                    ~Q(url="")
                    & Q(every_minutes__isnull=False, every_minutes__range=(SHORTEST_MINUTES, LONGEST_MINUTES))
                ),
            ),
            models.CheckConstraint(name="calendar_kind_known", condition=Q(kind__in=["", "desk", "on_call", "leave"])),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarEntry(models.Model):
    """The events of one UID as they were written: the intention, unrolled late as far as the horizon."""

    source = models.ForeignKey(CalendarSource, on_delete=models.PROTECT, related_name="entries")
    uid = models.CharField(max_length=255)
    text = models.TextField(help_text=_("a calendar of its own: the events, and the zones that only it defines"))
    digest = models.CharField(max_length=64)
    starts_at = models.DateTimeField(null=True, help_text=_("its first stretch; null: it puts nothing on the roster"))
    rolled_until = models.DateTimeField(null=True, help_text=_("null: it ends, and is unrolled whole"))
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "uid"], name="calendar_entry_once")]


class CalendarOccurrence(models.Model):
    """A shift or leave that an event made. `withdrawn_at`: the calendar took it back, not a hand."""

    entry = models.ForeignKey(CalendarEntry, on_delete=models.PROTECT, related_name="occurrences")
    key = models.CharField(max_length=80)
    shift = models.OneToOneField("rosters.Shift", on_delete=models.PROTECT, null=True, related_name="occurrence")
    leave = models.OneToOneField("rosters.Leave", on_delete=models.PROTECT, null=True, related_name="occurrence")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "key"], name="calendar_occurrence_once"),
            models.CheckConstraint(
                name="calendar_occurrence_is_shift_or_leave",
                condition=Q(shift__isnull=False, leave=None) | Q(shift=None, leave__isnull=False),
            ),
        ]


class FeedKey(models.Model):
    """The secret in the address of a person's own feed, as a hash; one stands at a time."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_keys")
    digest = models.CharField(max_length=64, unique=True, help_text=_("SHA-256 of the secret; the secret is not kept"))
    language = models.CharField(max_length=16, default="en")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="one_standing_feed_key"),
            models.CheckConstraint(name="feed_key_is_a_hash", condition=Q(digest__regex=r"^[0-9a-f]{64}$")),
        ]


class FeedItem(models.Model):
    """What a feed last said about one event: counts its versions (SEQUENCE), and dates them (LAST-MODIFIED)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_items")
    uid = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "uid"], name="feed_item_once")]
