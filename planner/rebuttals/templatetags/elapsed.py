"""Lengths of time on the pages of rebuttals: `{{ claim.broke_earliest|since:now|spoken }}`."""

from datetime import datetime, timedelta

from django import template

register = template.Library()


@register.filter
def since(instant: datetime | None, now: datetime) -> timedelta | None:
    """How long ago `instant` was at `now`; None when there is no instant. Negative when it lies ahead."""
    return None if instant is None else now - instant


@register.filter
def until(instant: datetime | None, now: datetime) -> timedelta | None:
    """How long it is from `now` to `instant`; None when there is no instant."""
    return None if instant is None else instant - now
