"""Runs make in a folder that has the Makefile, and programs that only tell how they were called."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from collections.abc import Mapping
from pathlib import Path

MAKEFILE = Path(__file__).resolve().parents[2] / "Makefile"
TELL_ARGUMENTS = "#!/bin/sh\nprintf '%s\\n' \"$@\"\n"


class MakefileTest(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="make "))
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copy(MAKEFILE, self.folder)
        (self.folder / "target").mkdir()
        self.program("bin/maven", "#!/bin/sh\n")

    def program(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)

    def make(self, *targets: str, environment: Mapping[str, str]) -> list[str]:
        result = subprocess.run(
            [shutil.which("make"), "--silent", *targets],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.splitlines()

    def test_the_list_of_targets_needs_no_program_that_debian_may_lack(self) -> None:
        for name in ("sh", "sed", "awk"):
            (self.folder / name).symlink_to(shutil.which(name))
        lines = self.make(environment={"PATH": str(self.folder)})
        self.assertRegex(lines[0], r"^  make help +Show this list$")
        self.assertEqual(len(lines), len(re.findall("^[a-z-]+:.*##", MAKEFILE.read_text(), re.MULTILINE)))
        self.assertEqual(len({re.match(r"  make \S+ +", line).end() for line in lines}), 1, lines)

    def test_benchmarks_run_with_the_jdk_of_java_home_and_libraries_in_a_folder_with_a_blank(self) -> None:
        (self.folder / "target" / "test-classpath").write_text("/a repository/a.jar:/a repository/b.jar")
        self.program("a jdk/bin/java", TELL_ARGUMENTS)
        environment = {"PATH": os.environ["PATH"], "JAVA_HOME": str(self.folder / "a jdk")}
        for target in ("benchmark-engine", "benchmark-engine-shared", "benchmark-load"):
            arguments = self.make(target, environment=environment)
            self.assertIn("target/test-classes:target/classes:/a repository/a.jar:/a repository/b.jar", arguments)

    def test_benchmarks_run_with_the_java_that_is_on_the_path(self) -> None:
        (self.folder / "target" / "test-classpath").write_text("/a.jar")
        self.program("programs/java", TELL_ARGUMENTS)
        environment = {"PATH": f"{self.folder / 'programs'}:{os.environ['PATH']}"}
        self.assertIn("EngineBenchmark", self.make("benchmark-engine", environment=environment))


if __name__ == "__main__":
    unittest.main()
