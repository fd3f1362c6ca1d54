"""Processes that outlive the command which starts them, and are found again and ended by a later one.

A process writes its pid into a file, and the file stays locked until the last process of its group has ended: the
kernel sees to that, whatever happens to the command that started it. A pid is believed only while its file is locked.
So neither a stale file nor a reused pid can mislead, and nothing is ever lost sight of. Whoever asks whether the file
is locked takes a shared lock, so that two who ask at the same time don't take each other for the process.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from problem import Problem

PAUSE_SECONDS = 0.02
SECONDS_TO_END = 5.0
TAIL_LINES = 12
TAIL_WIDTH = 200

# The shell writes its pid, then becomes the program: there is no moment at which a process runs but isn't recorded.
RECORD_AND_RUN = 'echo $$ >"$0" && exec "$@"'


@dataclass(frozen=True)
class ManagedProcess:
    """A process and all that it starts, in a session of their own."""

    name: str
    pid_file: Path
    log_file: Path

    def start(self, command: Sequence[str], environment: Mapping[str, str], directory: Path) -> None:
        """Starts it without waiting for anything. Its output goes to the log, which begins anew."""
        self.pid_file.parent.mkdir(parents=True, exist_ok=True)
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with _opened(self.pid_file) as lock, self.log_file.open("wb") as log:
            if not _locks(lock, fcntl.LOCK_EX, SECONDS_TO_END):
                raise Problem(f"{self.name} is running already")
            os.ftruncate(lock, 0)
            subprocess.Popen(
                ["/bin/sh", "-c", RECORD_AND_RUN, str(self.pid_file), *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd=directory,
                start_new_session=True,
                pass_fds=[lock],
            )

    def is_running(self) -> bool:
        if not self.pid_file.exists():
            return False
        with _opened(self.pid_file) as lock:
            return not _locks(lock, fcntl.LOCK_SH)

    def ends_within(self, seconds: float) -> bool:
        with _opened(self.pid_file) as lock:
            return _locks(lock, fcntl.LOCK_SH, seconds)

    def pid(self) -> int:
        """Of the group's first process. Call it only while the group is running."""
        deadline = time.monotonic() + SECONDS_TO_END
        while not (text := self.pid_file.read_text().strip()):
            if time.monotonic() > deadline:
                raise Problem(f"{self.name} is running, but {self.pid_file} doesn't tell its pid")
            time.sleep(PAUSE_SECONDS)
        return int(text)

    def stop(self) -> bool:
        """Ends the whole group, by force if it must, and waits for that. False if it wasn't running."""
        if not self.is_running():
            self.pid_file.unlink(missing_ok=True)
            return False
        group = self.pid()
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, number)
            if self.ends_within(SECONDS_TO_END):
                self.pid_file.unlink(missing_ok=True)
                return True
        raise Problem(f"{self.name} doesn't end: look at process group {group}")

    def log_tail(self) -> str:
        """The log's last lines, indented; to be put below a message."""
        if not self.log_file.exists():
            return "  (it has no log)"
        lines = self.log_file.read_text(errors="replace").splitlines()[-TAIL_LINES:] or ["(it wrote nothing)"]
        shortened = [line[:TAIL_WIDTH] for line in lines]
        return "\n".join(f"  {line}" for line in [*shortened, f"(all of it: {self.log_file})"])


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _locks(descriptor: int, kind: int, seconds: float = 0.0) -> bool:
    """Takes a lock of that kind, waiting for it that long. It is given back when its last descriptor is closed."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(PAUSE_SECONDS)
