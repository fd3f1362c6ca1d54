"""Runs the unittest tests of a directory, and reports their counts in the way of Maven's plugins, for test_counts.py.

Usage: python_tests.py DIRECTORY PATTERN REPORT_FILE [FILE_TO_LEAVE_OUT…]
"""

import sys
import time
import unittest
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path
from typing import Any


class CountingResult(unittest.TextTestResult):
    """testsRun doesn't tell what passed: a class that skips itself in setUpClass isn't in it, but is in `skipped`."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.passed = 0
        self.seconds: Counter[str] = Counter()
        self._last = time.monotonic()

    def stopTest(self, test: unittest.TestCase) -> None:
        """What comes before a class's first test is the class's too."""
        super().stopTest(test)
        now = time.monotonic()
        self.seconds[f"{type(test).__module__}.{type(test).__qualname__}"] += now - self._last
        self._last = now

    def addSuccess(self, test: unittest.TestCase) -> None:
        super().addSuccess(test)
        self.passed += 1


def main(directory: str, pattern: str, report: str, *left_out: str) -> int:
    modules = [file.stem for file in sorted(Path(directory).glob(pattern)) if file.name not in left_out]
    sys.path.insert(0, directory)
    runner = unittest.TextTestRunner(verbosity=2, resultclass=CountingResult)
    result = runner.run(unittest.defaultTestLoader.loadTestsFromNames(modules))
    counts = {
        "failures": len(result.failures) + len(result.unexpectedSuccesses),
        "errors": len(result.errors),
        "skipped": len(result.skipped),
    }
    counts["tests"] = result.passed + sum(counts.values())
    suite = ElementTree.Element("testsuite", {"name": pattern, **{name: str(count) for name, count in counts.items()}})
    for name, seconds in result.seconds.items():
        ElementTree.SubElement(suite, "testcase", {"classname": name, "time": f"{seconds:.3f}"})
    Path(report).parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(suite).write(report, encoding="utf-8", xml_declaration=True)
    return 0 if result.wasSuccessful() and result.testsRun > 0 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
