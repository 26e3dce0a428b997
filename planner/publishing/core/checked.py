"""What a rehearsal of a channel's credential found: a read-only call, long before the moment of a post."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """`works`: the channel would take a post from us. `said`: what it answered, or what to mend, for people.

    `expires_at`: when the credential ends, where the platform tells. `limit` (in the unit of the kind) and `url_cost`:
    what its server says about texts, where it does.
    """

    works: bool
    said: str
    expires_at: datetime | None = None
    limit: int | None = None
    url_cost: int | None = None
