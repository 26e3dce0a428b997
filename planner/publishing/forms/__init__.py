"""What people type on the pages of publishing: about posts, and about channels (one form a kind)."""

from planner.publishing.forms.channels import FORMS, ChannelForm
from planner.publishing.forms.posts import LateForm, ReasonForm, ScheduleForm, SettleForm, taken

__all__ = ["FORMS", "ChannelForm", "LateForm", "ReasonForm", "ScheduleForm", "SettleForm", "taken"]
