"""`manage.py clock`: run the timetable until told to stop. Start two of them: one leads, the other waits."""

import os
import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand

from planner.clock.engine import Clock

SIGNS = (signal.SIGTERM, signal.SIGINT)


class Command(BaseCommand):
    help = "Runs the clock: finds what is due and hands it to the hands. Several may run; one leads."

    def handle(self, *args: Any, **options: Any) -> None:
        clock = Clock()
        for sign in SIGNS:
            signal.signal(sign, lambda *_: clock.stop())
        # Whoever started us may have held these back; a clock that cannot be asked to end would have to be killed.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNS)
        self.stdout.write("The clock runs.")
        self.stdout.flush()
        clock.run()
        self.stdout.write("The clock has stopped.")
        if clock.is_still_beating:
            self.stderr.write("A beat did not end in time; its transaction is given up.")
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)  # Python would wait for its thread, however long
