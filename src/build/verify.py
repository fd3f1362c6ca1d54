"""Builds from nothing and runs all tests: what `make verify` does, and so CI.

First Maven builds, and runs the unit tests in two processes. After that the integration tests and those of Python run side
by side, since neither keeps two cores busy. What the integration tests print is seen as it comes; the others print into
target/verify, which is shown when they have ended. It fails if one of them does, and all end if it is interrupted.

Usage: verify.py
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
LOGS = ROOT / "target" / "verify"
PYTHON_REPORTS = "target/python-reports"
REPORTS = ("target/surefire-reports", "target/failsafe-reports", PYTHON_REPORTS)
SECONDS_TO_END = 30

BUILD = ["bin/maven", "clean", "verify", "-DskipITs"]
INTEGRATION_TESTS = ["bin/maven", "failsafe:integration-test", "failsafe:verify"]


def python_tests(directory: str, pattern: str) -> list[str]:
    report = f"{PYTHON_REPORTS}/TEST-{Path(directory).name}.xml"
    return [sys.executable, "src/build/python_tests.py", directory, pattern, report]


BESIDE = {
    "build": python_tests("src/build", "test_*.py"),
    "local-stack": python_tests("src/local-stack", "test_local_stack.py"),
    "deployment": python_tests("src/deployment", "test_*.py"),
}


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


class Beside(threading.Thread):
    """Runs commands one after the other, each into a log of its own."""

    def __init__(self, processes: Processes) -> None:
        super().__init__(daemon=True)
        self.succeeded: dict[str, bool] = {}
        self._processes = processes

    def run(self) -> None:
        for name, command in BESIDE.items():
            with (LOGS / f"{name}.log").open("wb") as log:
                self.succeeded[name] = self._processes.run(command, log)


def heading(text: str) -> None:
    print(f"\n==> {text}", flush=True)


def verify(processes: Processes) -> bool:
    heading("build and unit tests")
    if not processes.run(BUILD):
        return False
    LOGS.mkdir(parents=True, exist_ok=True)
    heading(f"integration tests; meanwhile those of Python, into {LOGS.relative_to(ROOT)}")
    beside = Beside(processes)
    beside.start()
    passed = processes.run(INTEGRATION_TESTS)
    beside.join()
    for name in BESIDE:
        heading(f"tests of {name}")
        print((LOGS / f"{name}.log").read_text(errors="replace"), end="", flush=True)
    return passed and all(beside.succeeded.get(name, False) for name in BESIDE)


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
