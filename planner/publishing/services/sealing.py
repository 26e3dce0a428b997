"""Put every channel's secret under the newest key, so that an old key can be thrown away."""

from dataclasses import dataclass

from django.db import transaction

from planner.publishing.adapters.seal import CannotOpen, reseal
from planner.publishing.models import Channel


@dataclass(frozen=True, slots=True)
class Rotation:
    """How many secrets were sealed anew, and the channels whose secret no key opens."""

    resealed: int
    unopened: list[str]


@transaction.atomic
def rotate_seals() -> Rotation:
    """Seal every channel's secret with the first key of PLANNER_SEAL_KEYS, retired channels', too.

    A secret that no key opens is left as it is and named. Raises CannotOpen when the keys themselves are none.
    """
    done, unopened = 0, []
    for channel in Channel.objects.select_for_update(no_key=True).exclude(secret_sealed=b"").order_by("name"):
        try:
            channel.secret_sealed = reseal(bytes(channel.secret_sealed))
        except CannotOpen:
            unopened.append(channel.name)
            continue
        channel.save(update_fields=["secret_sealed"])
        done += 1
    return Rotation(done, unopened)
