"""The ways out of the house, one module a kind. KINDS names them all; nothing is found by magic.

An adapter is a module (or object) with the four members of `Adapter`. To add one: copy webhook.py, add a line here, and
follow the checklist in CONTRIBUTING.
"""

from typing import Protocol

from planner.publishing.adapters import webhook
from planner.publishing.core.outcome import Outcome
from planner.publishing.core.parcel import Address, Parcel


class Adapter(Protocol):
    """Hands approved words to one kind of channel, and says truly what became of them. Never raises for the network."""

    LABEL: str  # for people, on the register

    def check(self, address: Address) -> str:
        """ "" when the address could work, else a sentence that says what to mend. Sends nothing."""

    def send(self, parcel: Parcel, address: Address) -> Outcome:
        """Hand the words over, at most once; within 30 seconds."""

    def find(self, parcel: Parcel, address: Address) -> Outcome:
        """Ask the channel whether it has this parcel: Sent, NotPosted (it says no), or Unknown. Publishes nothing."""


KINDS: dict[str, Adapter] = {
    "webhook": webhook,
}
