"""Real processes of the product (hands, clock) against the test database and broker, to be watched and killed."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def eventually(condition: Callable[[], object], *, within: float = 40, every: float = 0.05) -> object:
    """Wait until the condition holds and return its value; an AssertionError after `within` seconds."""
    deadline = time.monotonic() + within
    while not (value := condition()):
        assert time.monotonic() < deadline, f"did not come true within {within} seconds"
        time.sleep(every)
    return value


class Running:
    """A child process in a group of its own, with its output in a file."""

    def __init__(self, argv: list[str], environment: dict[str, str], log: Path) -> None:
        self.log = log
        with open(log, "wb") as stream:
            self.process = subprocess.Popen(
                argv, cwd=REPOSITORY, env=environment, stdout=stream, stderr=stream, start_new_session=True
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def output(self) -> str:
        """Everything it has said so far."""
        return self.log.read_text(errors="replace")

    def wait_for(self, words: str, *, within: float = 90) -> None:
        """Wait until it has said these words; fails with its output when it ends or stays silent."""
        deadline = time.monotonic() + within
        while words not in self.output():
            waiting = self.process.poll() is None and time.monotonic() < deadline
            assert waiting, f"never said {words!r}:\n{self.output()[-2500:]}"
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL for the process and everything it started: the power cut."""
        self._signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, *, within: float = 60) -> int:
        """Ask it to end (SIGTERM), kill it when it does not; returns the exit code."""
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(within)
        if self.process.poll() is None:
            # With PYTHONFAULTHANDLER its log then says where every thread stands.
            self.process.send_signal(signal.SIGABRT)
            time.sleep(1)
        self._signal(signal.SIGKILL)
        return self.process.wait()

    def _signal(self, sign: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, sign)
