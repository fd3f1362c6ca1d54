"""Runs verify.py in a project that has only programs and tests of our own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import unittest.mock
from collections.abc import Callable
from pathlib import Path

from verify import Processes

BUILD = Path(__file__).parent

# Tells how it was called, and leaves the reports that Maven's plugins would.
MAVEN = """#!/bin/sh
echo "maven $*"
report() {
  mkdir -p "target/$1-reports"
  echo "<testsuite name='$2' time='$3' tests='2' failures='0' errors='0' skipped='0'/>" >"target/$1-reports/TEST-$2.xml"
}
case $1 in
  verify)
    # Only tests beside it can bring this.
    until [ -e "Deployment has run" ] || [ "$((waits = ${waits:-0} + 1))" -gt 300 ]; do sleep 0.1; done
    : >target/built
    ;;
  surefire:test)
    report surefire a.QuickTest 1.5
    report surefire 'a.QuickTest$Nested' 1.25
    for i in 1 2 3; do echo "unit $i"; sleep 0.1; done
    ;;
  *)
    # Only unit tests beside it can bring this.
    until [ -e target/surefire-reports/TEST-a.QuickTest.xml ] || [ "$((waits = ${waits:-0} + 1))" -gt 300 ]; do sleep 0.1; done
    report failsafe a.SlowIT 12.5
    for i in 1 2 3; do echo "line $i"; sleep 0.1; done
    ;;
esac
[ ! -e "sleep at $1" ] || { sleep 300 & echo $! >sleeping; : >"sleeps"; wait; }
[ ! -e "fail at $1" ]
"""

ENVIRONMENT = """
import sys

ENVIRONMENTS = {"one": "", "other": ""}
if __name__ == "__main__":
    open(f"made {sys.argv[1]}", "w").close()
"""

TESTS = """
import os, time, unittest


class {name}Test(unittest.TestCase):
    def test_it(self):
        for number in range(3):
            print("{name}", number, flush=True)
            time.sleep(0.05)
        open("{name} has run", "w").close()
        self.assertFalse(os.path.exists("fail at {name}"))
"""

# Those that need the build come when it is there.
IMAGES = TESTS.format(name="Images").replace("for number", """self.assertTrue(os.path.exists("target/built"))
        for number""")


class VerifyTest(unittest.TestCase):
    def setUp(self) -> None:
        self.project = Path(tempfile.mkdtemp(prefix="a project "))
        self.addCleanup(shutil.rmtree, self.project)
        for folder in ("bin", "src/build", "src/local-stack", "src/deployment"):
            (self.project / folder).mkdir(parents=True)
        for name in ("verify.py", "python_tests.py", "test_counts.py"):
            shutil.copy(BUILD / name, self.project / "src" / "build")
        (self.project / "src/build/python_environment.py").write_text(ENVIRONMENT)
        (self.project / "bin/maven").write_text(MAVEN)
        (self.project / "bin/maven").chmod(0o755)
        for file, name in (
            ("build/test_some.py", "Build"),
            ("local-stack/test_local_stack.py", "Stack"),
            ("deployment/test_some.py", "Deployment"),
        ):
            (self.project / "src" / file).write_text(TESTS.format(name=name))
        (self.project / "src" / "deployment" / "test_images.py").write_text(IMAGES)
        (self.project / "src" / "deployment" / "test_dag.py").write_text(TESTS.format(name="Dag"))
        (self.project / "target").mkdir()
        (self.project / "target" / "left").touch()

    def start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-B", "src/build/verify.py"],
            cwd=self.project,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.addCleanup(process.stdout.close)
        return process

    def verify(self, status: int) -> list[str]:
        process = self.start()
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, status, output)
        return output.splitlines()

    def test_everything_is_run_and_counted(self) -> None:
        lines = self.verify(status=0)

        self.assertEqual(lines[-1], "11 passed, 0 failed, 0 skipped")
        slowest = [line.split() for line in lines[lines.index("the slowest classes, in seconds:") + 1 : -1]]
        self.assertEqual(slowest[:2], [["12.5", "a.SlowIT"], ["2.8", "a.QuickTest"]])
        self.assertCountEqual(
            [name for _, name in slowest[2:]],
            [
                *("test_some.BuildTest", "test_some.DeploymentTest", "test_images.ImagesTest"),
                *("test_local_stack.StackTest", "test_dag.DagTest"),
            ],
        )
        called = [line for line in lines if line.startswith("maven")]
        self.assertEqual(called[0], "maven verify -DskipTests -DskipITs")
        self.assertCountEqual(
            called[1:], ["maven surefire:test", "maven failsafe:integration-test failsafe:verify"]
        )
        self.assertFalse((self.project / "target" / "left").exists())
        self.assertTrue(all((self.project / f"made {name}").exists() for name in ("one", "other")))

    def test_what_runs_at_once_is_printed_one_after_the_other(self) -> None:
        lines = self.verify(status=0)

        for wanted in (
            *([f"{name} {number}" for number in (1, 2, 3)] for name in ("line", "unit")),
            *([f"{name} {number}" for number in range(3)] for name in ("Build", "Deployment", "Images", "Stack", "Dag")),
        ):
            start = lines.index(wanted[0]) if wanted[0] in lines else self.index_of_end(lines, wanted[0])
            self.assertEqual([line.split("... ")[-1] for line in lines[start : start + 3]], wanted)

    def index_of_end(self, lines: list[str], end: str) -> int:
        return next(i for i, line in enumerate(lines) if line.endswith(end))

    def test_it_fails_if_any_part_does(self) -> None:
        for part in ("verify", "surefire:test", "failsafe:integration-test", "Build", "Images", "Dag"):
            with self.subTest(part):
                failing = self.project / f"fail at {part}"
                failing.touch()
                lines = self.verify(status=1)
                self.assertRegex(lines[-1], "^[0-9]+ passed, [01] failed, 0 skipped$")
                self.assertEqual(any("line 3" in line for line in lines), part != "verify")
                failing.unlink()

    def test_all_end_with_it(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            for step in ("verify", "surefire:test", "failsafe:integration-test"):
                with self.subTest(step=step, signal=number):
                    (self.project / f"sleep at {step}").touch()
                    process = self.start()
                    await_((self.project / "sleeps").exists)
                    process.send_signal(number)
                    self.assertEqual(process.wait(30), 128 + number)
                    sleeping = int((self.project / "sleeping").read_text())
                    await_(lambda: not is_running(sleeping))
                    for name in ("sleeps", "sleeping", f"sleep at {step}"):
                        (self.project / name).unlink()


def await_(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class ProcessesTest(unittest.TestCase):
    def setUp(self) -> None:
        self.processes = Processes()
        folder = tempfile.mkdtemp(prefix="processes ")
        self.addCleanup(shutil.rmtree, folder)
        self.left = Path(folder, "left")

    def test_what_a_process_leaves_behind_ends_with_it(self) -> None:
        self.assertTrue(self.processes.run(["sh", "-c", f'sleep 300 & echo $! >"{self.left}"']))

        self.assertFalse(is_running(int(self.left.read_text())))

    def test_a_group_that_has_ended_is_left_alone(self) -> None:
        """Its number may be somebody else's."""
        self.assertTrue(self.processes.run(["true"]))
        self.assertFalse(self.processes.run(["false"]))
        running = threading.Thread(target=self.processes.run, args=(["sh", "-c", f': >"{self.left}"; exec sleep 300'],))
        running.start()
        self.addCleanup(running.join)
        await_(self.left.exists)

        with unittest.mock.patch("verify.os.killpg", wraps=os.killpg) as signals:
            self.processes.end()

        self.assertEqual({call.args[1] for call in signals.call_args_list if call.args[1] != 0}, {signal.SIGTERM})
        self.assertEqual(len({call.args[0] for call in signals.call_args_list}), 1)
        self.assertFalse(self.processes.run(["true"]), "nothing is begun after the end")


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    unittest.main()
