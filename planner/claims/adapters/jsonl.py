"""One JSON object per line with the house's names; hashtags may be a list."""

from planner.claims.adapters import house
from planner.claims.adapters.reader import Reader

READER = Reader("jsonl", "jsonl", house.REQUIRED, house.KNOWN, house.read, one_of=house.IDENTITY)
