"""docs/flow.md names functions, milestones and tests: each of them exists."""

import importlib
import re
from pathlib import Path

import pytest

from planner.journal.core.milestones import Milestone

ROOT = Path(__file__).resolve().parents[2]
FLOW = (ROOT / "docs" / "flow.md").read_text()
FUNCTIONS = sorted(set(re.findall(r"`((?:[a-z]+\.)+(?:services|selectors|dispatch)\.[a-z_]+)", FLOW)))
WORDS = sorted(set(re.findall(r"`([A-Z][A-Z_]+)`", FLOW)))
FILES = sorted(set(re.findall(r"`(tests/[a-z_/]+\.py)`", FLOW)))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_on_the_page_exists(name):
    module, _dot, function = f"planner.{name}".rpartition(".")
    assert callable(getattr(importlib.import_module(module), function))


@pytest.mark.parametrize("word", WORDS)
def test_a_milestone_on_the_page_is_one(word):
    assert word in Milestone.__members__ or word in {"SENDING"}


def test_the_page_names_enough_to_be_worth_testing():
    assert len(FUNCTIONS) > 15
    assert len(WORDS) > 20
    assert all((ROOT / file).exists() for file in FILES)
