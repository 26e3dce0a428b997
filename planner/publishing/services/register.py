"""The register of official channels: enter, change, hold, let go, retire. Secrets go in and never come out again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from planner.coverage.services import close_supply, register_supply
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.leases.services import notify_due
from planner.people.core.roles import Role
from planner.people.models import User
from planner.publishing import selectors
from planner.publishing.adapters import KINDS, adapter
from planner.publishing.adapters.seal import seal, unseal
from planner.publishing.core.parcel import Address
from planner.publishing.models import Channel, Rehearsal
from planner.publishing.retold import retold
from planner.publishing.services.late import lock_waiting, overtake
from planner.publishing.services.refusals import ChannelRefused

MAY_REGISTER = (Role.ADMINISTRATOR,)
MAY_HOLD = (Role.OFFICER, Role.DUTY, Role.APPROVER, Role.ADMINISTRATOR)


@transaction.atomic
def register_channel(
    *,
    name: str,
    kind: str,
    owner: str,
    attribution: str,
    address: str,
    now: datetime,
    by: User | None,
    secret: str = "",
    languages: Iterable[str] = (),
    limit: int | None = None,
    half_life_minutes: int = 80,
    options: Mapping[str, Any] | None = None,
    **more: Any,
) -> Channel:
    """Enter an official account on the register; `by` None only for the demonstration and imports.

    `languages` empty: every language; `limit` as the kind counts, None: the platform's own; `more`: other fields of
    Channel, such as its spacing and quiet hours. Stamps CHANNEL_REGISTERED and covers the link *published* from `now`
    on. Raises ChannelRefused: unknown kind, an address or secret that the adapter cannot use, a name taken.
    """
    _may(by, *MAY_REGISTER)
    channel = Channel(
        name=name.strip(),
        kind=kind,
        owner=owner.strip(),
        attribution=attribution.strip(),
        address=address.strip(),
        languages=list(languages),
        limit=limit,
        half_life_minutes=half_life_minutes,
        options=dict(options or {}),
        registered_at=now,
        **more,
    )
    _check(channel, secret.encode())
    channel.secret_sealed = seal(secret)
    channel.save(force_insert=True)
    _open_supply(channel, now=now)
    _stamp(
        channel, Milestone.CHANNEL_REGISTERED, now=now, by=by, change="registered", kind=kind, address=channel.address
    )
    return channel


@transaction.atomic
def change_channel(channel: Channel, *, by: User | None, now: datetime, secret: str = "", **changes: Any) -> Channel:
    """Change fields of a channel, given by name; `secret` "" keeps the one it has. Raises ChannelRefused.

    The kind never changes: register another channel. Posts already scheduled go out with the new address.
    """
    _may(by, *MAY_REGISTER)
    locked = _standing(channel)
    before = {field: getattr(locked, field) for field in changes}
    for field, value in changes.items():
        setattr(locked, field, value)
    _check(locked, secret.encode() or unseal(bytes(locked.secret_sealed)))
    if secret:
        locked.secret_sealed = seal(secret)
    locked.save()
    Rehearsal.objects.filter(channel=locked).update(next_try_at=None, leased_until=None)  # ask again, now
    changed = {field: [before[field], value] for field, value in changes.items() if before[field] != value}
    if "options" in changed:  # a press list is not for a journal that never forgets: which changed is enough
        was, now_is = changed["options"]
        changed["options"] = sorted(name for name in {*was, *now_is} if was.get(name) != now_is.get(name))
    if "languages" in changed and locked.held_at is None:
        _close_supply(locked, now=now)
        _open_supply(locked, now=now)
    _stamp(
        locked, Milestone.CHANNEL_REGISTERED, now=now, by=by, change="changed", fields=changed, new_secret=bool(secret)
    )
    return locked


@transaction.atomic
def retire_channel(channel: Channel, *, by: User | None, now: datetime) -> Channel:
    """Take a channel off the register for good. Its waiting posts are stopped by the clock, and people told."""
    _may(by, *MAY_REGISTER)
    locked = _standing(channel)
    if locked.held_at is None:
        _close_supply(locked, now=now, closed_as="retired")
    locked.retired_at = now
    locked.save(update_fields=["retired_at"])
    notify_due()
    _stamp(locked, Milestone.CHANNEL_REGISTERED, now=now, by=by, change="retired")
    return locked


@transaction.atomic
def hold(channel: Channel, *, by: User, reason: str, now: datetime) -> Channel:
    """Nothing goes out on this channel until it is let go. Posts wait, and expire if they wait too long.

    Raises ChannelRefused without a reason, or when the channel is held already.
    """
    _may(by, *MAY_HOLD)
    if not reason.strip():
        raise ChannelRefused(_("Say why the channel is held: the people whose posts wait will ask."))
    locked = _standing(channel)
    if locked.held_at is not None:
        raise ChannelRefused(_("%(channel)s is held already.") % {"channel": locked.name})
    locked.held_at, locked.held_by, locked.held_reason = now, by, reason.strip()[:200]
    locked.save(update_fields=["held_at", "held_by", "held_reason"])
    _close_supply(locked, now=now, closed_as="held")
    _stamp(locked, Milestone.HELD, now=now, by=by, reason=locked.held_reason)
    return locked


@transaction.atomic
def unhold(channel: Channel, *, by: User, now: datetime) -> Channel:
    """Let a held channel go: what is due from now on goes out. Raises ChannelRefused.

    What should have gone out while it was held is late: it waits for a person's decision (services/late.py).
    """
    _may(by, *MAY_HOLD)
    waiting = lock_waiting(channel)
    locked = _standing(channel)
    if locked.held_at is None:
        raise ChannelRefused(_("%(channel)s is not held.") % {"channel": locked.name})
    locked.held_at, locked.held_by, locked.held_reason = None, None, ""
    locked.save(update_fields=["held_at", "held_by", "held_reason"])
    overtake(waiting, now=now)
    _open_supply(locked, now=now)
    notify_due()
    _stamp(locked, Milestone.UNHELD, now=now, by=by)
    return locked


@transaction.atomic
def hold_everything(*, by: User, reason: str, now: datetime) -> int:
    """Hold every channel that is not held yet, at once. How many."""
    open_channels = selectors.channels().filter(held_at__isnull=True).order_by("pk")
    return len([hold(channel, by=by, reason=reason, now=now) for channel in open_channels])


@transaction.atomic
def unhold_all(channels: Iterable[Channel], *, by: User, now: datetime) -> int:
    """Let these held channels go, all or none. How many. Raises ChannelRefused like `unhold`."""
    return len([unhold(channel, by=by, now=now) for channel in channels])


def _may(by: User | None, *roles: Role) -> None:
    if by is not None and not by.has_role(*roles):
        raise ChannelRefused(_("You do not hold a role that may do this to a channel."))


def _standing(channel: Channel) -> Channel:
    locked = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
    if locked.retired_at is not None:
        raise ChannelRefused(_("%(channel)s is no longer on the register.") % {"channel": locked.name})
    return locked


def _check(channel: Channel, secret: bytes) -> None:
    if channel.kind not in KINDS:
        known = ", ".join(sorted(KINDS))
        raise ChannelRefused(
            _("There is no adapter for “%(kind)s”. Known kinds: %(known)s.") % {"kind": channel.kind, "known": known}
        )
    if not channel.attribution:
        raise ChannelRefused(_("Say in whose name the channel speaks: the attribution is never empty."))
    if Channel.objects.filter(name=channel.name).exclude(pk=channel.pk).exists():
        raise ChannelRefused(_("There is already a channel named %(name)s.") % {"name": channel.name})
    fault = adapter(channel.kind).faults(Address(url=channel.address, secret=secret, options=channel.options))
    if fault:
        raise ChannelRefused(retold(fault))


def _open_supply(channel: Channel, *, now: datetime) -> None:
    register_supply(
        key=f"channel:{channel.uuid}",
        kind="channel",
        links=["published"],
        languages=channel.languages,
        during=(now, None),
        label=channel.name,
        channel_kind=channel.kind,
    )


def _close_supply(channel: Channel, *, now: datetime, closed_as: str = "") -> None:
    close_supply(f"channel:{channel.uuid}", at=now, closed_as=closed_as)


def _stamp(channel: Channel, milestone: Milestone, *, now: datetime, by: User | None, **detail: Any) -> None:
    actor = by.username if by else "import"
    subject = f"channel:{channel.uuid}"
    stamp(milestone=milestone, at=now, subject=subject, actor=actor, channel=channel.name, **detail)
