"""A claim's journal read as a story."""

from datetime import UTC, datetime, timedelta

import pytest

from planner.latency.core.story import Stamp, fold

BROKE = datetime(2014, 6, 10, 19, 30, tzinfo=UTC)  # 22:30 in Baghdad
NOW = BROKE + timedelta(hours=14)


def _after(minutes):
    return BROKE + timedelta(minutes=minutes)


def _claimed(at=20):
    return Stamp("claimed", _after(at), {"broke_earliest": BROKE.isoformat(), "broke_latest": _after(5).isoformat()})


def test_latency_runs_from_the_earliest_break_to_the_first_official_word():
    story = fold([_claimed(), Stamp("published", _after(50)), Stamp("published", _after(90))], NOW)
    assert (story.sample(NOW).minutes, story.sample(NOW).censored) == (50, False)


def test_an_open_claim_is_censored_now_however_old_it_is():
    sample = fold([_claimed()], NOW).sample(NOW)
    assert (sample.minutes, sample.censored) == (14 * 60, True)


def test_a_decline_is_a_decision_but_not_a_word():
    story = fold([_claimed(), Stamp("declined", _after(40), {"reason": "a joke"})], NOW)
    assert (story.sample(NOW).minutes, story.sample(NOW).censored) == (40, True)
    assert (story.decision(NOW).minutes, story.decision(NOW).censored) == (40, False)


def test_triage_after_a_decline_takes_it_back():
    story = fold([_claimed(), Stamp("declined", _after(40)), Stamp("triaged", _after(60))], NOW)
    assert story.declined is None
    assert story.sample(NOW).minutes == 14 * 60


def test_an_answer_after_a_decline_counts_as_an_answer():
    story = fold([_claimed(), Stamp("declined", _after(40)), Stamp("answered", _after(100))], NOW)
    assert (story.sample(NOW).minutes, story.sample(NOW).censored) == (100, False)
    assert story.decision(NOW).minutes == 40


def test_a_corrected_time_corrects_the_report():
    earlier = {"field": "broke_earliest", "before": BROKE.isoformat(), "after": _after(-30).isoformat()}
    stamps = [_claimed(), Stamp("answered", _after(60)), Stamp("corrected", _after(500), earlier)]
    story = fold(stamps, NOW)
    assert story.sample(NOW).minutes == 90
    assert story.corrections == 1


def test_the_last_correction_wins_and_other_fields_do_not_matter():
    def to(minutes, field="broke_earliest"):
        return Stamp("corrected", _after(300), {"field": field, "after": _after(minutes).isoformat()})

    story = fold([_claimed(), to(-30), to(-10), to(-600, "evidence")], NOW)
    assert story.broke == _after(-10)


def test_stamps_after_now_have_not_happened():
    stamps = [_claimed(), Stamp("answered", _after(300))]
    assert fold(stamps, _after(200)).sample(_after(200)).censored
    assert not fold(stamps, _after(300)).sample(_after(300)).censored
    assert fold(stamps, BROKE - timedelta(minutes=1)) is None


def test_a_merged_claim_says_so():
    assert fold([_claimed(), Stamp("merged", _after(30), {"into": "x"})], NOW).merged


def test_a_word_given_before_the_claim_broke_took_no_time():
    assert fold([_claimed(), Stamp("answered", _after(-30))], NOW).sample(NOW).minutes == 0


def test_what_never_was_a_claim_has_no_story():
    assert fold([Stamp("sighted", BROKE)], NOW) is None


def test_each_stage_is_measured_from_the_step_before():
    steps = [
        ("claimed", 20),
        ("tasked", 25),
        ("acknowledged", 31),
        ("drafted", 60),
        ("approved", 75),
        ("published", 80),
    ]
    story = fold([_claimed(), *(Stamp(name, _after(at)) for name, at in steps[1:])], NOW)
    assert story.stages() == pytest.approx(
        {"seen": 20, "tasked": 5, "acknowledged": 6, "drafted": 29, "approved": 15, "published": 5}
    )
    assert sum(story.stages().values()) == story.sample(NOW).minutes


def test_a_released_line_counts_as_cleared_and_skips_the_draft():
    story = fold([_claimed(), Stamp("released", _after(30)), Stamp("published", _after(31))], NOW)
    assert story.stages() == {"seen": 20, "approved": 10, "published": 1}


def test_steps_recorded_out_of_order_are_left_out():
    imported_late = fold([_claimed(at=500), Stamp("answered", _after(60))], NOW)
    assert imported_late.stages() == {}
    assert imported_late.sample(NOW).minutes == 60
