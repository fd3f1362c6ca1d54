"""Adds up the test reports, and prints the slowest classes and on one line the counts. Fails if a test failed or none ran.

Usage: test_counts.py REPORT_DIRECTORY...
"""

import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

SLOWEST = 10


def classes(suite: ElementTree.Element) -> Counter[str]:
    """Seconds by class: a report of Java is of one class, with what it does before its first test."""
    if not suite.get("time"):
        seconds: Counter[str] = Counter()
        for case in suite.iter("testcase"):
            seconds[case.get("classname", "")] += float(case.get("time", 0))
        return seconds
    name = suite.get("name", "").split("$")[0]
    return Counter({name: float(suite.get("time", "0").replace(",", ""))})


def main(directories: list[str]) -> int:
    tests = failed = skipped = 0
    seconds: Counter[str] = Counter()
    for directory in directories:
        for report in sorted(Path(directory).glob("TEST-*.xml")):
            suite = ElementTree.parse(report).getroot()
            tests += int(suite.get("tests", 0))
            failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped += int(suite.get("skipped", 0))
            seconds += classes(suite)
    if seconds:
        print("the slowest classes, in seconds:")
    for name, each in seconds.most_common(SLOWEST):
        print(f"{each:7.1f}  {name}")
    passed = tests - failed - skipped
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if passed > 0 and failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
