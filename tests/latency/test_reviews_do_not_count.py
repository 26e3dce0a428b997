"""Pages of a review say nothing of how fast a claim was met: latency and measured reactions pass over them."""

from datetime import timedelta

import pytest

from planner.coverage.measuring import _episodes
from planner.latency.core.story import Stamp, fold
from planner.rebuttals.services import submit
from tests.factories import NIGHT, make_claim, make_draft, make_person, make_rebuttal, make_shift

LATER = NIGHT + timedelta(minutes=20)


def test_a_page_of_a_review_is_no_step_of_the_claims_own_story():
    at = [NIGHT + timedelta(minutes=minutes) for minutes in range(5)]
    review = {"purpose": "review"}
    stamps = [
        Stamp("claimed", at[0], {"broke_earliest": NIGHT}),
        Stamp("tasked", at[1], review),
        Stamp("paged", at[2], review),
        Stamp("acknowledged", at[3], review),
    ]
    told = fold(stamps, LATER)
    assert told is not None
    assert set(told.steps) == {"seen"}
    assert told.acknowledgement(LATER) is None


@pytest.mark.django_db
def test_nor_does_it_count_among_the_reactions_that_coverage_measures():
    make_shift(make_person("Omar", roles=["approver"]), NIGHT, kind="on_call")
    claim = make_claim(at=NIGHT)
    draft = make_draft(make_rebuttal(claim=claim), submitted_at=None)
    submit(draft, by=draft.author, now=NIGHT + timedelta(minutes=5))
    (episode,) = _episodes(NIGHT - timedelta(hours=1), LATER)
    assert (episode.paged, episode.acknowledged) == (None, None)
