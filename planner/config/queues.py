"""The three queues of the hands: a slow feed must not hold up a rebuttal, so each kind of work has its own."""

from typing import Any

KINDS = ("publish", "notify", "ingest")
CONFIRM_SECONDS = 2.0  # RabbitMQ confirms each message (settings): a clock does not wait longer for one that hangs


def names(prefix: str = "") -> dict[str, str]:
    """The name of each kind's queue; a prefix lets several planners share one broker."""
    return {kind: f"{prefix}{kind}" for kind in KINDS}


def routes(prefix: str = "") -> dict[str, dict[str, Any]]:
    """Which task goes to which queue, `ingest` by default; and how long its sender waits for the broker's word."""
    queue = names(prefix)
    to = {
        "planner.publishing.tasks.rehearse": queue["ingest"],
        "planner.publishing.tasks.ask_after": queue["ingest"],
        "planner.publishing.tasks.*": queue["publish"],
        "planner.notices.tasks.*": queue["notify"],
        "*": queue["ingest"],
    }
    return {task: {"queue": name, "confirm_timeout": CONFIRM_SECONDS} for task, name in to.items()}
