"""`manage.py clock`: run the timetable until told to stop. Start two of them: one leads, the other waits."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from planner.clock.engine import Clock


class Command(BaseCommand):
    help = "Runs the clock: finds what is due and hands it to the hands. Several may run; one leads."

    def handle(self, *args: Any, **options: Any) -> None:
        clock = Clock()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: clock.stop())
        self.stdout.write("The clock runs.")
        self.stdout.flush()
        clock.run()
        self.stdout.write("The clock has stopped.")
