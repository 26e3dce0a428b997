"""What people type on the pages of publishing: about posts, and about channels (one form a kind)."""

from planner.publishing.forms.channels import FORMS, ChannelForm
from planner.publishing.forms.posts import WALL_FORMAT, LateForm, MoveForm, ReasonForm, ScheduleForm, SettleForm, taken

__all__ = [
    "FORMS",
    "WALL_FORMAT",
    "ChannelForm",
    "LateForm",
    "MoveForm",
    "ReasonForm",
    "ScheduleForm",
    "SettleForm",
    "taken",
]
