"""Why an act on a claim was not done."""

from planner.claims.models import Claim
from planner.people.core.refusals import Refused
from planner.people.models import User


class ClaimRefused(Refused):
    """Not done. The text is meant for the person who asked, in their language."""


def held(claim: Claim) -> Claim:
    """The claim's row as it is now, locked until the transaction ends. Every act on a claim begins with it."""
    return Claim.objects.select_for_update(of=("self",), no_key=True).select_related("narrative").get(pk=claim.pk)


def actor(by: User | None, *, otherwise: str = "clock") -> str:
    """The name under which the journal keeps an act."""
    return by.username if by else otherwise
