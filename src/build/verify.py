"""Builds from nothing and runs all tests: what `make verify` does, and so CI.

Maven builds, then runs the integration tests in two processes, which wait for others much of the time, and beside them the
unit tests in two, which get what is left of the processors. Beside all of that, the tests of Python run one after the other. The
environments that they need are made at once, where they aren't there yet, since that is waiting for the network. The build and
the integration tests print what they do as it comes; the others print into target/verify, which is shown when they have ended. It
fails if one of them does, and all end if it is interrupted.

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
SECONDS_BETWEEN_LOOKS = 0.1

BUILD = ["bin/maven", "verify", "-DskipTests", "-DskipITs"]
INTEGRATION_TESTS = ["bin/maven", "failsafe:integration-test", "failsafe:verify"]


@dataclass(frozen=True)
class Part:
    """What prints into a log of its own."""

    name: str
    command: list[str]
    need_build: bool = False


def python_tests(name: str, directory: str, pattern: str, without: tuple[str, ...] = (), need_build: bool = False) -> Part:
    """Some tests of a directory, by a pattern for their files."""
    report = f"target/python-reports/TEST-{name}.xml"
    command = [sys.executable, "src/build/python_tests.py", directory, pattern, report, *without]
    return Part(name, command, need_build)


# Those that need no build come first, while Maven makes it; the one for which most is installed comes last.
PYTHON_TESTS = (
    python_tests("build", "src/build", "test_*.py"),
    python_tests("deployment", "src/deployment", "test_*.py", without=("test_dag.py", "test_images.py")),
    python_tests("images", "src/deployment", "test_images.py", need_build=True),
    python_tests("local-stack", "src/local-stack", "test_local_stack.py", need_build=True),
    python_tests("dag", "src/deployment", "test_dag.py"),
)
# With half of what the others get of a processor, and all that they leave: no test of these waits for anything.
UNIT_TESTS = Part("unit", ["nice", "-n", "3", "bin/maven", "surefire:test"], need_build=True)


class Processes:
    """Those that run; each has a process group of its own, so that all that it has started ends with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: list[subprocess.Popen[bytes]] = []
        self._ended = False

    def run(self, command: Sequence[str], output: IO[bytes] | None = None) -> bool:
        """Whether it succeeded. What it leaves behind of its group is ended."""
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
        while self._are_running([process]):
            time.sleep(SECONDS_BETWEEN_LOOKS)
            if process.returncode is not None:
                self._end([process])
        return process.returncode == 0

    def end(self) -> None:
        with self._lock:
            self._ended = True
            processes = list(self._running)
        self._end(processes)

    def _end(self, processes: Sequence[subprocess.Popen[bytes]]) -> None:
        for number, seconds in ((signal.SIGTERM, SECONDS_TO_END), (signal.SIGKILL, 5)):
            with self._lock:
                for process in processes:
                    if process in self._running:
                        send(process.pid, number)
            deadline = time.monotonic() + seconds
            while self._are_running(processes) and time.monotonic() < deadline:
                time.sleep(SECONDS_BETWEEN_LOOKS)
        with self._lock:
            self._running = [process for process in self._running if process not in processes]

    def _are_running(self, processes: Sequence[subprocess.Popen[bytes]]) -> bool:
        """Whether one of them or a process of its group is. Those that aren't are forgotten: somebody else may get their number."""
        with self._lock:
            self._running = [process for process in self._running if process.poll() is None or send(process.pid, 0)]
            return any(process in self._running for process in processes)


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
    """Runs parts one after the other."""

    def __init__(self, processes: Processes, parts: Sequence[Part]) -> None:
        super().__init__(daemon=True)
        self.is_built = threading.Event()
        self.succeeded: dict[str, bool] = {}
        self._processes = processes
        self._parts = parts

    def run(self) -> None:
        for part in self._parts:
            if part.need_build:
                self.is_built.wait()
            with log_of(part).open("wb") as log:
                self.succeeded[part.name] = self._processes.run(part.command, log)

    def finish(self) -> bool:
        """Waits for all, shows what they have printed, and returns whether they succeeded."""
        self.join()
        for part in self._parts:
            heading(f"tests of {part.name}")
            print(log_of(part).read_text(errors="replace"), end="", flush=True)
        return all(self.succeeded.values())


def log_of(part: Part) -> Path:
    return LOGS / f"{part.name}.log"


def heading(text: str) -> None:
    print(f"\n==> {text}", flush=True)


def verify(processes: Processes) -> bool:
    if TARGET.exists():
        shutil.rmtree(TARGET)
    LOGS.mkdir(parents=True)
    for environment in ENVIRONMENTS:
        threading.Thread(target=install, args=(processes, environment), daemon=True).start()
    beside = [Beside(processes, PYTHON_TESTS), Beside(processes, [UNIT_TESTS])]
    for each in beside:
        each.start()
    heading(f"build; from now on the tests of Python, into {LOGS.relative_to(ROOT)}")
    if not processes.run(BUILD):
        return False
    for each in beside:
        each.is_built.set()
    heading("integration tests; beside them the unit tests")
    passed = processes.run(INTEGRATION_TESTS)
    return all([passed, *(each.finish() for each in beside)])


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
