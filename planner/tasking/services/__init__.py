"""Acts on a duty: open it, page people for it, take it, pass it on, close it; look after what nobody looks after."""

from planner.tasking.services.answering import (
    acknowledge,
    can_take,
    climb,
    close,
    close_for_claim,
    hand_over,
    hurry,
    touch,
    touch_claim,
)
from planner.tasking.services.attending import attend
from planner.tasking.services.links import link, read_token, token
from planner.tasking.services.opening import open_task
from planner.tasking.services.refusals import LinkRefused, TaskRefused
from planner.tasking.services.reviewing import Ask, ask_for_review, review_moved
from planner.tasking.services.swaps import tell_about_swaps
from planner.tasking.services.waking import wake, wake_for_claim

__all__ = [
    "Ask",
    "LinkRefused",
    "TaskRefused",
    "acknowledge",
    "ask_for_review",
    "attend",
    "can_take",
    "climb",
    "close",
    "close_for_claim",
    "hand_over",
    "hurry",
    "link",
    "open_task",
    "read_token",
    "review_moved",
    "tell_about_swaps",
    "token",
    "touch",
    "touch_claim",
    "wake",
    "wake_for_claim",
]
