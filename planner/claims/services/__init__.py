"""Acts on what was said: take it in, make a claim of it, decide, correct, merge, note who carried it, forget."""

from planner.claims.services.claiming import correct, make_claim, record_pickup
from planner.claims.services.deciding import decide, mark_answered
from planner.claims.services.flooding import find_and_keep_floods
from planner.claims.services.forgetting import forget_sightings
from planner.claims.services.importing_claims import import_claims
from planner.claims.services.importing_sightings import import_sightings
from planner.claims.services.ingesting import Ingested, ingest
from planner.claims.services.merging import merge
from planner.claims.services.refusals import ClaimRefused
from planner.claims.services.retracting import retract, stand_again

__all__ = [
    "ClaimRefused",
    "Ingested",
    "correct",
    "decide",
    "find_and_keep_floods",
    "forget_sightings",
    "import_claims",
    "import_sightings",
    "ingest",
    "make_claim",
    "mark_answered",
    "merge",
    "record_pickup",
    "retract",
    "stand_again",
]
