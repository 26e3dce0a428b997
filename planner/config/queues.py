"""The three queues of the hands: a slow feed must not hold up a rebuttal, so each kind of work has its own."""

KINDS = ("publish", "notify", "ingest")


def names(prefix: str = "") -> dict[str, str]:
    """The name of each kind's queue; a prefix lets several planners share one broker."""
    return {kind: f"{prefix}{kind}" for kind in KINDS}


def routes(prefix: str = "") -> dict[str, dict[str, str]]:
    """Which task goes to which queue; whatever is not named here is `ingest`."""
    queue = names(prefix)
    return {
        "planner.publishing.tasks.rehearse": {"queue": queue["ingest"]},
        "planner.publishing.tasks.ask_after": {"queue": queue["ingest"]},
        "planner.publishing.tasks.*": {"queue": queue["publish"]},
        "planner.notices.tasks.*": {"queue": queue["notify"]},
    }
