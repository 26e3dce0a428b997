"""The outbox to our own staff: a notice is a row first, a message afterwards."""

import uuid

from django.conf import settings
from django.db import models

from planner.leases.models import LeasedRow
from planner.notices.core.states import NOTICE_STATES, NoticeState


class Notice(LeasedRow):
    """One message to one address. `key` is deterministic, so the same event never makes two."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=160, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=16, default="email")
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    state = models.CharField(max_length=12, default=NoticeState.PENDING.value)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "next_try_at"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=NOTICE_STATES), name="notice_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=NoticeState.SENT.value) | models.Q(sent_at__isnull=False),
                name="notice_sent_has_a_time",
            ),
        ]
