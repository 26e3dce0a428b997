"""What the readiness page calls things."""

from django.utils.translation import gettext_lazy as _

from planner.desk.readiness.people import Reach
from planner.desk.readiness.shelf import Why

REACH_WORDS = {
    Reach.PROVEN: _("has answered a page"),
    Reach.UNPROVEN: _("never had to answer a page"),
    Reach.LOST: _("the last message did not arrive"),
    Reach.MUTE: _("no address"),
}
WHY_WORDS = {
    Why.EXPIRES: _("expires before the morning"),
    Why.OPENS_LATE: _("opens later tonight"),
    Why.USED_UP: _("used up"),
    Why.NO_CHANNEL: _("no channel of its scope takes it"),
    Why.NO_RELEASER: _("at some hours nobody on duty may let it out"),
}
