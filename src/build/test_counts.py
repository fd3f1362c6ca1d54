"""Adds up the test reports and prints the counts on one line. Fails if a test failed or none ran.

Usage: test_counts.py REPORT_DIRECTORY...
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def main(directories: list[str]) -> int:
    tests = failed = skipped = 0
    for directory in directories:
        for report in sorted(Path(directory).glob("TEST-*.xml")):
            suite = ElementTree.parse(report).getroot()
            tests += int(suite.get("tests", 0))
            failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped += int(suite.get("skipped", 0))
    passed = tests - failed - skipped
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if passed > 0 and failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
