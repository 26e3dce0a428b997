"""Why an act on a task was not done."""

from planner.people.core.refusals import Refused


class TaskRefused(Refused):
    """Not done: somebody else has it, it is closed, or it is not for this person. The text says who and when."""


class LinkRefused(TaskRefused):
    """The link in a message is too old, or is not one of ours."""
