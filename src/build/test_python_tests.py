"""Runs python_tests.py as `make verify` does."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from pathlib import Path

PROGRAM = Path(__file__).parent / "python_tests.py"

SKIPPING = """
import unittest


class SkippedInSetUp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise unittest.SkipTest("something is missing")

    def test_a(self):
        pass


@unittest.skip("something is missing")
class SkippedAsAWhole(unittest.TestCase):
    def test_b(self):
        pass


class NotSkipped(unittest.TestCase):
    def test_c(self):
        pass

    def test_d(self):
        pass
"""

FAILING = """
import unittest


class FailingTest(unittest.TestCase):
    def test_a(self):
        for number in range(2):
            with self.subTest(number):
                self.fail()

    def test_b(self):
        raise ValueError

    def test_c(self):
        pass
"""


class PythonTestsTest(unittest.TestCase):
    def test_what_is_skipped_counts_as_a_test(self) -> None:
        self.assertEqual(self.counts(SKIPPING, status=0), {"tests": 4, "failures": 0, "errors": 0, "skipped": 2})

    def test_what_fails_counts_as_a_test(self) -> None:
        self.assertEqual(self.counts(FAILING, status=1), {"tests": 4, "failures": 2, "errors": 1, "skipped": 0})

    def test_no_test_is_a_failure(self) -> None:
        self.assertEqual(self.counts("", status=1), {"tests": 0, "failures": 0, "errors": 0, "skipped": 0})

    def test_a_file_can_be_left_out(self) -> None:
        self.assertEqual(self.counts("", status=1, others={"test_left_out.py": FAILING})["tests"], 0)

    def counts(self, tests: str, status: int, others: Mapping[str, str] = {}) -> dict[str, int]:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {"test_some.py": tests, **others}.items():
                (Path(folder) / name).write_text(text)
            report = Path(folder) / "reports" / "TEST-some.xml"
            command = [sys.executable, "-B", str(PROGRAM), folder, "test_*.py", str(report), *others]
            result = subprocess.run(command, capture_output=True, text=True, timeout=60)
            self.assertEqual(result.returncode, status, result.stderr)
            suite = ElementTree.parse(report).getroot()
        return {name: int(suite.get(name, "-1")) for name in ("tests", "failures", "errors", "skipped")}


if __name__ == "__main__":
    unittest.main()
