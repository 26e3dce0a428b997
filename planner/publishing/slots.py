"""Slots for approved words: the gaps ahead, each channel's manners and what it has booked → moments, the best first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from planner.coverage.selectors import reading
from planner.planning.asking import audience
from planner.planning.core.slots import Offer, Silence, merged, offers
from planner.publishing import selectors
from planner.publishing.core.manners import nearest, unwelcome
from planner.publishing.models import Channel
from planner.publishing.words import offer_said
from planner.tempo.selectors import theatre

AHEAD = timedelta(hours=24)
SOONEST = timedelta(minutes=5)
PER_CHANNEL = 3
FREE = timedelta(hours=2)  # further apart than that nobody asks how far


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot on a channel. `free`: no other post of the channel is nearer than that; `why`: all of it in a sentence."""

    channel: Channel
    offer: Offer
    free: timedelta
    why: str


def slots_in_gaps(channels: Iterable[Channel], *, now: datetime, ahead: timedelta = AHEAD, most: int = 5) -> list[Slot]:
    """Slots in the open gaps of [now, now + ahead), the one that avoids most first; up to three on each channel."""
    found, end = reading(now, now + ahead, now), now + ahead
    usual = found.assumptions.half_life
    open_gaps = [(one.gap.span, one.cost) for one in found.open_gaps]
    silences = merged(Silence(span, cost.loss, cost.answered, cost.half_life or usual) for span, cost in open_gaps)
    slots = []
    for channel in channels if silences else ():
        spacing = timedelta(minutes=channel.spacing_minutes)
        booked = [other.at for other in selectors.others_on(channel, now, ahead + FREE + spacing)]
        quiet = (channel.quiet_from, channel.quiet_to)
        best = offers(
            silences,
            found.forecast.hours,
            audience(),
            timedelta(minutes=channel.half_life_minutes),
            start=now + SOONEST,
            apart=2 * timedelta(minutes=channel.half_life_minutes),  # by then a quarter of a post's audience is left
            closed=unwelcome(now, end, theatre(), *quiet, booked=booked, spacing=spacing),
            most=PER_CHANNEL,
        )
        for offer in best:
            free = nearest(offer.at, booked, FREE)
            slots.append(Slot(channel, offer, free, offer_said(offer, free)))
    return sorted(slots, key=lambda one: (-one.offer.avoids, one.offer.at, one.channel.name))[:most]
