"""Start the product's own processes, watch them, start them again when they die, stop them in order."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

PR_SET_PDEATHSIG = 1
STEADY_SECONDS = 60  # a child that lived so long starts afresh in the count of its deaths
LONGEST_WAIT = 30
LOG_SIZE = 10 * 2**20


def die_with_parent(sign: int = signal.SIGTERM) -> None:
    """Ask Linux to send `sign` to this (new) process when its parent ends, SIGKILL included.

    Call it between fork and exec, after a change of user, from the parent's main thread. Elsewhere than on Linux it
    does nothing: a child of a killed parent lives on until it is stopped by hand.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(sign))


@dataclass
class Child:
    """One process to keep alive: stage (children of one stage stop together), name on screen, command line, log file
    and how many seconds it may take to stop."""

    stage: str
    name: str
    argv: Sequence[str]
    log: Path
    stop_seconds: float = 15
    process: "subprocess.Popen[bytes] | None" = None
    log_begin: int = 0
    started_at: float = 0
    deaths: int = 0
    start_again_at: float | None = None

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def last_words(self, lines: int = 4) -> str:
        """The end of what it has logged since its last start, indented, for a message."""
        with contextlib.suppress(FileNotFoundError), open(self.log, "rb") as stream:
            stream.seek(self.log_begin)
            said = stream.read().decode(errors="replace").splitlines()[-lines:]
            return "".join(f"\n    {line}" for line in said)
        return ""


@dataclass
class Supervisor:
    """Watches children. `keep`: file descriptors that they inherit; `say`: where messages go."""

    environment: Mapping[str, str]
    folder: Path
    keep: Sequence[int]
    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def start(self, children: Iterable[Child]) -> None:
        """Start children in this order; they are stopped in the opposite one."""
        for child in children:
            self.children.append(child)
            self._launch(child)

    def stop_on_signals(self) -> None:
        """From now on Ctrl-C, SIGTERM and a closed terminal end `watch`."""
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self._ask_to_stop)

    def watch(self) -> None:
        """Return when somebody asked to stop; until then start again whatever dies."""
        while not self.stopping:
            self.tend(time.monotonic())
            time.sleep(0.2)

    def tend(self, now: float) -> None:
        """One look at every child. `now` is a reading of the monotonic clock, in seconds."""
        for child in self.children:
            if child.start_again_at is not None:
                if now >= child.start_again_at:
                    self._launch(child)
            elif not child.is_running:
                self._mourn(child, now)

    def stop(self) -> None:
        """Stop the children stage by stage, the last one started first; kill one that does not listen."""
        self.stopping = True
        for _, stage in groupby(reversed(self.children), key=lambda child: child.stage):
            self._stop_together([(child, child.process) for child in stage if child.process])

    def _stop_together(self, stage: "Sequence[tuple[Child, subprocess.Popen[bytes]]]") -> None:
        for _, process in stage:
            if process.poll() is None:
                process.terminate()
        for child, process in stage:
            try:
                process.wait(child.stop_seconds)
            except subprocess.TimeoutExpired:
                self.say(f"{child.name} did not stop within {child.stop_seconds:g} s and is killed.")
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _launch(self, child: Child) -> None:
        child.start_again_at, child.started_at = None, time.monotonic()
        with contextlib.suppress(FileNotFoundError):
            if child.log.stat().st_size > LOG_SIZE:
                child.log.replace(child.log.with_suffix(".1.log"))
        with open(child.log, "ab") as log:
            child.log_begin = log.tell()
            child.process = subprocess.Popen(
                child.argv,
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=self.keep,
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop them in order
                preexec_fn=die_with_parent,
            )

    def _mourn(self, child: Child, now: float) -> None:
        assert child.process is not None
        child.deaths = 1 if now - child.started_at > STEADY_SECONDS else child.deaths + 1
        wait = min(LONGEST_WAIT, 2 ** (child.deaths - 1))
        child.start_again_at = now + wait
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)  # whatever it left behind
        self.say(
            f"{child.name} ended ({_how(child.process.returncode)}); it starts again in {wait} s. "
            f"Its log: {child.log}{child.last_words()}"
        )

    def _ask_to_stop(self, _signal: int, _frame: object) -> None:
        self.stopping = True


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
