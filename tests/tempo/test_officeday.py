"""The hint at a zone: right as often as it says, and refused where there is nothing to hint at."""

import numpy as np
import pytest

from planner.tempo.core.officeday import CREDIBLE, Refusal, Weekend, clumping, zone_hint
from tests.tempo.posting import DAY, START, posts


def hint(instants: np.ndarray):
    return zone_hint(instants, clumping(instants))


@pytest.mark.parametrize("days", [14, 56])
def test_posts_that_come_in_tens_weigh_a_tenth(days: int):
    alone = START.timestamp() + np.sort(np.random.default_rng(1).random(20 * days)) * days * DAY
    assert clumping(alone) == pytest.approx(1.0, abs=0.15)
    assert clumping(np.repeat(alone, 10)) == pytest.approx(10.0, rel=0.15)
    assert clumping(alone[:9]) == 1.0


@pytest.mark.parametrize("days", [14, 28, 90])
def test_the_offsets_listed_hold_the_true_one_as_often_as_they_say(days: int):
    held = tries = right_weekend = 0
    for number in range(60):
        draw = np.random.default_rng(number)
        found = hint(posts(draw, days, 30, opens=9 + draw.choice([-1, 0, 0, 1]), burst=0.3, spread=0.4))
        if found.refusal is None:
            tries += 1
            held += any(offset == 3 for offset, _ in found.candidates)
            right_weekend += found.weekend is Weekend.SATURDAY_SUNDAY
            assert sum(chance for _, chance in found.candidates) >= CREDIBLE
    assert tries >= 50
    assert held >= 0.8 * tries
    assert right_weekend >= 0.8 * tries


def test_a_friday_weekend_is_seen():
    shifted = posts(np.random.default_rng(7), 42, 40, weekend=0.1) - DAY
    shifted = shifted[shifted >= START.timestamp()]
    assert hint(shifted).weekend is Weekend.FRIDAY_SATURDAY


def test_few_posts_or_days_give_no_hint():
    many = posts(np.random.default_rng(1), 28, 30)
    assert zone_hint(many[:30], 1.0).refusal is Refusal.FEW
    assert zone_hint(many, 1000.0).refusal is Refusal.FEW  # one flood, however many posts
    assert zone_hint(posts(np.random.default_rng(1), 10, 60), 1.0).refusal is Refusal.SHORT
    assert zone_hint(many[:30], 1.0).candidates == ()


@pytest.mark.parametrize("seed", range(5))
def test_an_even_source_gives_no_hint(seed: int):
    even = START.timestamp() + np.sort(np.random.default_rng(seed).random(900)) * 28 * DAY
    assert zone_hint(even, 1.0).refusal is Refusal.EVEN


def test_long_days_without_a_weekend_give_no_hint_as_a_rule():
    refused = [
        hint(posts(np.random.default_rng(seed), 28, 30, hours=15, weekend=1.0, burst=0.3)).refusal for seed in range(30)
    ]
    assert refused.count(Refusal.EVEN) >= 25


def test_half_a_year_of_posts_is_no_certainty_about_a_caricature():
    many = posts(np.random.default_rng(6), 180, 100)
    assert max(chance for _, chance in hint(many).candidates) < 0.7
