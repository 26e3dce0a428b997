"""The ways out of the house, one module a kind. KINDS names them all; nothing is found by magic.

An adapter is a module with the four members of `Adapter`. To add one: copy webhook.py, add a line here, and follow the
checklist in CONTRIBUTING. The clients of the platforms are slow to load (atproto alone takes most of a second), so a
module is loaded when its first post leaves, as Django loads its backends (docs/decisions/0030).
"""

from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from planner.publishing.core.checked import Checked
from planner.publishing.core.outcome import Outcome
from planner.publishing.core.parcel import Address, Parcel


class Adapter(Protocol):
    """Hands approved words to one kind of channel, and says truly what became of them. Never raises for the network."""

    def faults(self, address: Address) -> str:
        """ "" when the address could work, else a sentence that says what to mend. Asks nobody."""

    def check(self, address: Address, *, now: datetime) -> Checked:
        """Rehearse the credential by a call that only reads; within 20 seconds. Publishes nothing."""

    def send(self, parcel: Parcel, address: Address) -> Outcome:
        """Hand words and pictures over, at most once; within 20 seconds, with pictures 28. Never tries again itself.

        Pictures that are brought before the words are certain: while one fails, nothing was posted.
        """

    def find(self, parcel: Parcel, address: Address) -> Outcome:
        """Ask the channel whether it has this parcel: Sent, NotPosted (it says no), or Unknown; within 10 seconds."""


KINDS: dict[str, str] = {
    "webhook": "planner.publishing.adapters.webhook",
    "feed": "planner.publishing.adapters.feed",
    "mastodon": "planner.publishing.adapters.mastodon",
    "bluesky": "planner.publishing.adapters.bluesky",
    "telegram": "planner.publishing.adapters.telegram",
    "x": "planner.publishing.adapters.x",
    "mail": "planner.publishing.adapters.mail",
}


def adapter(kind: str) -> Adapter:
    """The adapter of a kind of KINDS, loaded at its first use."""
    return cast(Adapter, import_module(KINDS[kind]))
