"""The acts of publishing, one module an act: register, schedule, sending, outcomes, late, stopping; see each."""

from planner.publishing.services.answered import note_answers
from planner.publishing.services.asking import ask_after
from planner.publishing.services.late import find_late, let_go
from planner.publishing.services.lines import release_now
from planner.publishing.services.moving import move, moves_of, undo_move
from planner.publishing.services.outcomes import conclude, settle
from planner.publishing.services.refusals import ChannelRefused, PostRefused
from planner.publishing.services.register import (
    change_channel,
    hold,
    hold_everything,
    register_channel,
    retire_channel,
    unhold,
    unhold_all,
)
from planner.publishing.services.rehearsing import rehearse
from planner.publishing.services.schedule import schedule, stop
from planner.publishing.services.sealing import rotate_seals
from planner.publishing.services.sending import publish, publish_waiting, recover
from planner.publishing.services.stopping import cut_threads, expire, stop_unapproved

__all__ = [
    "ChannelRefused",
    "PostRefused",
    "ask_after",
    "change_channel",
    "conclude",
    "cut_threads",
    "expire",
    "find_late",
    "hold",
    "hold_everything",
    "let_go",
    "move",
    "moves_of",
    "note_answers",
    "publish",
    "publish_waiting",
    "recover",
    "register_channel",
    "rehearse",
    "release_now",
    "retire_channel",
    "rotate_seals",
    "schedule",
    "settle",
    "stop",
    "stop_unapproved",
    "undo_move",
    "unhold",
    "unhold_all",
]
