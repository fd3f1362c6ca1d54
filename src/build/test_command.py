"""How bin/xml-to-bigquery builds itself: in a project that has it, with programs in the places of Maven and Java."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import unittest.mock
from collections.abc import Callable, Iterator
from pathlib import Path

COMMAND = Path(__file__).resolve().parents[2] / "bin" / "xml-to-bigquery"

# Both stop at what the test says, for a signal or for its word to go on.
STOP = """
stop() {
  [ ! -e "$PROJECT/stop at $1" ] || : >"$PROJECT/stopped at $1"
  while [ -e "$PROJECT/stop at $1" ]; do sleep 0.02; done
}
"""
MAVEN = f"""#!/bin/sh
{STOP}
mkdir "$PROJECT/maven runs" || exit 1
echo build >>"$PROJECT/builds"
echo half >"$PROJECT/target/xml-to-bigquery.jar"
stop build
mkdir -p "$PROJECT/target"
echo whole >"$PROJECT/target/xml-to-bigquery.jar"
rmdir "$PROJECT/maven runs"
"""
JAVA = f"""#!/bin/sh
{STOP}
for word; do
  case $word in
    -version) echo "openjdk version \\"${{RELEASE:-17}}.0.1\\"" >&2; exit ;;
    -XX:ArchiveClassesAtExit=* | -XX:AOTCacheOutput=*) archive=${{word#*=}} ;;
    -XX:SharedArchiveFile=* | -XX:AOTCache=*) classes=${{word#*=}} ;;
  esac
done
if [ -n "${{archive:-}}" ]; then
  echo half >"$archive"
  stop archive
  echo whole >"$archive"
else
  cat "$PROJECT/target/xml-to-bigquery.jar" "$classes"
fi
"""


def receive_signals() -> None:
    """Undoes what nohup and a shell's & do to those they start: sh can't trap a signal that is ignored."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class CommandTest(unittest.TestCase):
    def setUp(self) -> None:
        self.project = Path(tempfile.mkdtemp(prefix="a project "))
        self.addCleanup(shutil.rmtree, self.project)
        self.target = self.project / "target"
        for folder in ("bin", "java/bin", "src/main", "temporary"):
            (self.project / folder).mkdir(parents=True)
        (self.project / "pom.xml").touch()
        shutil.copy(COMMAND, self.project / "bin")
        for name, text in (("bin/maven", MAVEN), ("java/bin/java", JAVA)):
            (self.project / name).write_text(text)
            (self.project / name).chmod(0o755)

    @contextlib.contextmanager
    def command(self) -> Iterator[subprocess.Popen[str]]:
        environment = {
            **os.environ,
            "PROJECT": str(self.project),
            "JAVA_HOME": str(self.project / "java"),
            "TMPDIR": str(self.project / "temporary"),
        }
        with subprocess.Popen(
            [self.project / "bin" / "xml-to-bigquery"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=receive_signals,
        ) as process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)

    def stop_at(self, step: str) -> None:
        (self.project / f"stop at {step}").touch()

    def await_stop_at(self, step: str) -> None:
        self.await_((self.project / f"stopped at {step}").exists)

    def go_on_at(self, step: str) -> None:
        (self.project / f"stop at {step}").unlink()
        (self.project / f"stopped at {step}").unlink()

    def await_(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def builds(self) -> int:
        return len((self.project / "builds").read_text().splitlines())

    def assert_runs(self, process: subprocess.Popen[str]) -> str:
        """Returns what it says."""
        out, said = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, said)
        self.assertEqual(out, "whole\nwhole\n")
        return said

    def assert_nothing_is_left(self) -> None:
        """But for what was built, and the log of that."""
        self.assertLessEqual(
            {file.name for file in self.target.iterdir()},
            {"xml-to-bigquery.jar", "xml-to-bigquery.jsa", "build.log"},
        )
        self.assertEqual(list((self.project / "temporary").iterdir()), [])

    def test_each_kind_of_java_has_classes_of_its_own(self) -> None:
        for release, kind in (("17", "jsa"), ("25", "aot"), ("17", "jsa"), ("25", "aot")):
            with unittest.mock.patch.dict(os.environ, {"RELEASE": release}), self.command() as process:
                self.assert_runs(process)
            self.assertEqual((self.target / f"xml-to-bigquery.{kind}").read_text(), "whole\n")
        self.assertEqual(self.builds(), 1)

    def test_it_is_built_on_first_use_only(self) -> None:
        with self.command() as first:
            self.assertIn("building", self.assert_runs(first))
        self.assert_nothing_is_left()
        with self.command() as second:
            self.assertEqual(self.assert_runs(second), "")
        self.assertEqual(self.builds(), 1)

    def test_it_is_built_again_after_a_change(self) -> None:
        with self.command() as first:
            self.assert_runs(first)
        changed = self.project / "src" / "main" / "Changed.java"
        changed.touch()
        os.utime(changed, (time.time() + 10, time.time() + 10))
        with self.command() as second:
            self.assertIn("sources have changed", self.assert_runs(second))
        self.assertEqual(self.builds(), 2)

    def test_a_build_or_a_trial_run_that_is_interrupted_is_made_again(self) -> None:
        for step, number in (
            ("build", signal.SIGINT),
            ("build", signal.SIGTERM),
            ("archive", signal.SIGINT),
            ("archive", signal.SIGHUP),
        ):
            with self.subTest(step=step, signal=number):
                self.stop_at(step)
                with self.command() as interrupted:
                    self.await_stop_at(step)
                    os.killpg(interrupted.pid, number)
                    self.assertEqual(interrupted.wait(30), 128 + number)
                self.assert_nothing_is_left()
                self.go_on_at(step)
                shutil.rmtree(self.project / "maven runs", ignore_errors=True)
                with self.command() as again:
                    self.assert_runs(again)
                shutil.rmtree(self.target)

    def test_a_build_that_was_killed_keeps_nobody_waiting(self) -> None:
        self.stop_at("build")
        with self.command() as killed:
            self.await_stop_at("build")
            os.killpg(killed.pid, signal.SIGKILL)
            killed.wait(30)
        self.go_on_at("build")
        (self.project / "maven runs").rmdir()
        (self.target / "xml-to-bigquery.jar").unlink()
        with contextlib.ExitStack() as commands:
            for process in [commands.enter_context(self.command()) for _ in range(6)]:
                self.assert_runs(process)
        self.assertEqual(self.builds(), 2)
        self.assert_nothing_is_left()

    def test_two_first_uses_at_once_build_once(self) -> None:
        for step in ("build", "archive"):
            with self.subTest(step=step):
                self.stop_at(step)
                with self.command() as first:
                    self.await_stop_at(step)
                    with self.command() as second:
                        self.assertIn("waiting for another build", second.stderr.readline())
                        self.go_on_at(step)
                        self.assertEqual(self.assert_runs(second), "")
                    self.assert_runs(first)
                self.assertEqual(self.builds(), 1)
                self.assert_nothing_is_left()
                shutil.rmtree(self.target)
                (self.project / "builds").unlink()

    def test_it_may_be_cleaned_while_one_builds_and_another_waits(self) -> None:
        self.stop_at("build")
        with self.command() as first, self.command() as second:
            self.await_stop_at("build")
            waiting, building = sorted((first, second), key=lambda process: "building" in process.stderr.readline())
            shutil.rmtree(self.target)
            self.go_on_at("build")
            self.assert_runs(building)
            self.assert_runs(waiting)
        self.assert_nothing_is_left()


if __name__ == "__main__":
    unittest.main()
