"""What publishing will not do."""

from planner.people.core.refusals import Refused


class PostRefused(Refused):
    """A post was not scheduled, stopped or settled; the text says why."""


class ChannelRefused(Refused):
    """A channel was not registered, changed or held; the text says why."""
