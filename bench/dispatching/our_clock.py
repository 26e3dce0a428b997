"""Our clock, unchanged, with a note of every call for a hand that has come to the broker."""

import sys
from typing import Any

from celery.signals import after_task_publish
from django.core.management import execute_from_command_line

from dispatching.diary import note


@after_task_publish.connect(weak=False)
def _note_called(sender: str | None = None, **_rest: Any) -> None:
    if sender == "planner.publishing.tasks.publish":
        note("called", "hands")


if __name__ == "__main__":
    execute_from_command_line([sys.argv[0], "clock"])
