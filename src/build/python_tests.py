"""Runs the unittest tests of a directory, and reports their counts in the way of Maven's plugins, for test_counts.py.

Usage: python_tests.py DIRECTORY PATTERN REPORT_FILE
"""

import sys
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path


class CountingResult(unittest.TextTestResult):
    """testsRun doesn't tell what passed: a class that skips itself in setUpClass isn't in it, but is in `skipped`."""

    passed = 0

    def addSuccess(self, test: unittest.TestCase) -> None:
        super().addSuccess(test)
        self.passed += 1


def main(directory: str, pattern: str, report: str) -> int:
    runner = unittest.TextTestRunner(verbosity=2, resultclass=CountingResult)
    result = runner.run(unittest.defaultTestLoader.discover(directory, pattern))
    counts = {
        "failures": len(result.failures) + len(result.unexpectedSuccesses),
        "errors": len(result.errors),
        "skipped": len(result.skipped),
    }
    counts["tests"] = result.passed + sum(counts.values())
    suite = ElementTree.Element("testsuite", {"name": pattern, **{name: str(count) for name, count in counts.items()}})
    Path(report).parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(suite).write(report, encoding="utf-8", xml_declaration=True)
    return 0 if result.wasSuccessful() and result.testsRun > 0 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
