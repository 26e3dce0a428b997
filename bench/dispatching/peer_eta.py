"""Celery's own `eta`: the messages lie in the broker, and in the memory of the workers, from now until they are due."""

import json
import sys
from datetime import UTC, datetime

from dispatching.peer_app import post

if __name__ == "__main__":
    for key, due in json.load(sys.stdin):
        post.apply_async([key], task_id=key, eta=datetime.fromtimestamp(due, UTC))
