"""What people type on the pages of publishing: about posts, and about channels (one form a kind)."""

from planner.publishing.forms.channels import FORMS, ChannelForm
from planner.publishing.forms.posts import WALL_FORMAT, LateForm, ReasonForm, ScheduleForm, SettleForm

__all__ = ["FORMS", "WALL_FORMAT", "ChannelForm", "LateForm", "ReasonForm", "ScheduleForm", "SettleForm"]
