"""Our own public feed (RSS, JSON Feed and a page): publishing there is being published. No network.

`url` is the address of the feed's page as readers see it. What the database calls published is what the feed shows, so
there is nothing that could fail or get lost on the way.
"""

from datetime import datetime
from urllib.parse import urlsplit

from planner.publishing.core.checked import Checked
from planner.publishing.core.outcome import Outcome, Sent
from planner.publishing.core.parcel import Address, Parcel


def faults(address: Address) -> str:
    """ "" when readers could reach it, else what to mend."""
    if urlsplit(address.url).scheme not in {"http", "https"}:
        return "The address must be a full URL under which readers find the feed."
    return ""


def check(address: Address, *, now: datetime) -> Checked:
    """It is a page of our own: it works when we do."""
    return Checked(True, "It is a page of our own.")


def send(parcel: Parcel, address: Address) -> Outcome:
    """Taken: from the moment the post is published the feed shows it."""
    return _there(parcel, address)


def find(parcel: Parcel, address: Address) -> Outcome:
    """As `send`: a post that was on its way is there as soon as it is called published."""
    return _there(parcel, address)


def _there(parcel: Parcel, address: Address) -> Sent:
    url = f"{address.url.rstrip('/')}/{parcel.key}/"
    return Sent(remote_id=str(parcel.key), url=url, detail="Our own feed shows it.")
