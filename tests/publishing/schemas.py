"""The schema that every ClaimReview of ours is held against."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator

SCHEMA = json.loads((Path(__file__).parent / "claimreview_schema.json").read_text())


def faults(document: object) -> list[str]:
    """What Google would miss or not read, in words; empty for a sound ClaimReview."""
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(document)]
