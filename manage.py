#!/usr/bin/env python3
"""The operators' door: every command of the planner."""

import os
import sys

from django.core.management import execute_from_command_line

from planner.config import embedded


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.config.settings")
    with embedded.for_command(sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
