"""Rehearse a channel's credential by a call that only reads, long before a post needs it. A test post is never sent."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction

from planner.publishing.adapters import KINDS, adapter
from planner.publishing.adapters.seal import CannotOpen, unseal
from planner.publishing.core.checked import Checked
from planner.publishing.core.parcel import Address
from planner.publishing.core.rehearsal import ends_at, next_rehearsal, warning_of
from planner.publishing.models import Channel, Rehearsal
from planner.publishing.services.telling_channels import tell_of_channel
from planner.wallclock import zone

log = logging.getLogger(__name__)


def rehearse(channel_id: int, *, now: datetime) -> Checked | None:
    """Ask the channel, write down what it said, tell people when it stopped working or ends soon. None: it is retired.

    The question is asked outside a transaction. What its server says about the length of texts is kept on the channel.
    """
    channel = Channel.objects.filter(pk=channel_id, retired_at__isnull=True).first()
    if channel is None:
        return None
    checked = _ask(channel, now=now)
    _write_down(channel, checked, now=now)
    return checked


def _ask(channel: Channel, *, now: datetime) -> Checked:
    if channel.kind not in KINDS:
        return Checked(False, f"There is no adapter for channels of kind {channel.kind}.")
    try:
        address = Address(channel.address, unseal(bytes(channel.secret_sealed)), channel.options)
        asked = adapter(channel.kind)
        fault = asked.faults(address)
        return Checked(False, fault) if fault else asked.check(address, now=now)
    except CannotOpen as error:
        return Checked(False, str(error))
    except Exception as error:  # a bug in an adapter must not look like a credential that works
        log.exception("the rehearsal of adapter %s failed", channel.kind)
        return Checked(False, f"The adapter failed: {type(error).__name__}")


@transaction.atomic
def _write_down(channel: Channel, checked: Checked, *, now: datetime) -> None:
    tz = zone(settings.PLANNER_ZONE)
    row, _is_new = Rehearsal.objects.select_for_update(no_key=True).get_or_create(channel=channel)
    worked = row.works
    row.checked_at, row.works, row.said = now, checked.works, checked.said[:500]
    row.expires_at = checked.expires_at
    row.next_try_at = next_rehearsal(now, tz, works=checked.works)
    row.leased_until, row.leased_by, row.attempts = None, "", 0
    row.save()
    learned = {"limit": checked.limit, "url_cost": checked.url_cost}
    Channel.objects.filter(pk=channel.pk).update(**{name: value for name, value in learned.items() if value})
    channel.rehearsal = row
    if not checked.works and worked is not False:
        tell_of_channel(channel, event="fails", now=now)
    if checked.works and worked is False:
        tell_of_channel(channel, event="works_again", now=now)
    ends = ends_at(row.expires_at, channel.credential_ends_on, tz)
    if (days := warning_of(ends, now=now)) is not None and ends is not None:
        tell_of_channel(channel, event=f"ends_{days}_{ends:%Y%m%d}", now=now)
