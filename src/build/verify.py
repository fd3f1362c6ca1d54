"""Builds from nothing and runs all tests: what `make verify` does, and so CI.

Maven builds, then runs the unit tests and after them the integration tests, each in two processes. Beside all of that, those
of Python run one after the other: neither keeps two cores busy. The environments that they need are made at once, where they
aren't there yet, since that is waiting for the network. What Maven prints is seen as it comes; the others print into
target/verify, which is shown when they have ended. It fails if one of them does, and all end if it is interrupted.

Usage: verify.py
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from python_environment import ENVIRONMENTS

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "target"
LOGS = TARGET / "verify"
REPORTS = ("target/surefire-reports", "target/failsafe-reports", "target/python-reports")
SECONDS_TO_END = 30

BUILD = ["bin/maven", "verify", "-DskipTests", "-DskipITs"]
TESTS = ["bin/maven", "surefire:test", "failsafe:integration-test", "failsafe:verify"]


@dataclass(frozen=True)
class PythonTests:
    """Some tests of a directory, by a pattern for their files."""

    name: str
    directory: str
    pattern: str
    without: tuple[str, ...] = ()
    need_build: bool = False

    def command(self) -> list[str]:
        report = f"target/python-reports/TEST-{self.name}.xml"
        return [sys.executable, "src/build/python_tests.py", self.directory, self.pattern, report, *self.without]


# Those that need no build come first, while Maven makes it; the one for which most is installed comes last.
BESIDE = (
    PythonTests("build", "src/build", "test_*.py"),
    PythonTests("deployment", "src/deployment", "test_*.py", without=("test_dag.py", "test_images.py")),
    PythonTests("images", "src/deployment", "test_images.py", need_build=True),
    PythonTests("local-stack", "src/local-stack", "test_local_stack.py", need_build=True),
    PythonTests("dag", "src/deployment", "test_dag.py"),
)


class Processes:
    """Those that were started; each has a process group of its own, so that all that it has started ends with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: list[subprocess.Popen[bytes]] = []
        self._ended = False

    def run(self, command: Sequence[str], output: IO[bytes] | None = None) -> bool:
        """Whether it succeeded."""
        with self._lock:
            if self._ended:
                return False
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=True,
            )
            self._running.append(process)
        return process.wait() == 0

    def end(self) -> None:
        with self._lock:
            self._ended = True
        for number, seconds in ((signal.SIGTERM, SECONDS_TO_END), (signal.SIGKILL, 5)):
            deadline = time.monotonic() + seconds
            for process in self._running:
                send(process.pid, number)
            while any(is_running(process) for process in self._running) and time.monotonic() < deadline:
                time.sleep(0.1)


def is_running(process: subprocess.Popen[bytes]) -> bool:
    """Whether it or a process that it has started is."""
    return process.poll() is None or send(process.pid, 0)


def send(group: int, number: int) -> bool:
    """Whether there is still such a group."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def install(processes: Processes, environment: str) -> None:
    """A test that needs it waits for it, and says what is wrong if it can't be made."""
    with (LOGS / f"install-{environment}.log").open("wb") as log:
        processes.run([sys.executable, "src/build/python_environment.py", environment], log)


class Beside(threading.Thread):
    """Runs tests of Python one after the other, each into a log of its own."""

    def __init__(self, processes: Processes) -> None:
        super().__init__(daemon=True)
        self.is_built = threading.Event()
        self.succeeded: dict[str, bool] = {}
        self._processes = processes

    def run(self) -> None:
        for tests in BESIDE:
            if tests.need_build:
                self.is_built.wait()
            with log_of(tests).open("wb") as log:
                self.succeeded[tests.name] = self._processes.run(tests.command(), log)


def log_of(tests: PythonTests) -> Path:
    return LOGS / f"{tests.name}.log"


def heading(text: str) -> None:
    print(f"\n==> {text}", flush=True)


def verify(processes: Processes) -> bool:
    if TARGET.exists():
        shutil.rmtree(TARGET)
    LOGS.mkdir(parents=True)
    for environment in ENVIRONMENTS:
        threading.Thread(target=install, args=(processes, environment), daemon=True).start()
    beside = Beside(processes)
    beside.start()
    heading(f"build; from now on the tests of Python, into {LOGS.relative_to(ROOT)}")
    if not processes.run(BUILD):
        return False
    beside.is_built.set()
    heading("unit and integration tests")
    passed = processes.run(TESTS)
    beside.join()
    for tests in BESIDE:
        heading(f"tests of {tests.name}")
        print(log_of(tests).read_text(errors="replace"), end="", flush=True)
    return passed and all(beside.succeeded.values())


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: sys.exit(128 + received))
    processes = Processes()
    try:
        passed = verify(processes)
    finally:
        processes.end()
    heading("all tests" if passed else "FAILED; the tests up to there")
    counts = subprocess.run([sys.executable, "src/build/test_counts.py", *REPORTS], cwd=ROOT)
    return 0 if passed and counts.returncode == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
