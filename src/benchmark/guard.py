#!/usr/bin/env python3
"""Tells whether something got dearer since the figures in guard.json were recorded: what `make benchmark-guard` runs.

Each figure is processor time as a ratio to Woodstox alone on 200 MB, taken in turn with it, so that another machine, or
a busy one, changes little. One that is more than 15 % above the recorded one is named, and the exit status is 1. Where a
figure is better or worse for a reason that is right, `python3 src/benchmark/guard.py --record` writes it down, to be
committed with the change.

start       the sample data, which is nearly all start
file        200 MB to JSON Lines
small       2,000 files of 15 KB to JSON Lines
streaming   1,000 files of 15 KB that wait when the always-on job starts, with the local stack
engine      bytes in memory to held rows, without a runner: the default mapping, and one with paths of every kind
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

sys.dont_write_bytecode = True  # No __pycache__ among the sources.

import benchmark
import streaming
from benchmark import Bench, BenchmarkError, Run, progress

RECORDED = Path(__file__).with_name("guard.json")
MOST_GROWTH = 1.15

MEGABYTES = 200
SMALL_FILES = 2_000
WAITING_FILES = 1_000
KILOBYTES = 15

ENGINE = "io.xmltobigquery.benchmark.EngineCpuTime"
# "holdJsonLines    312 ms (300 to 340) …" and "holdJsonLines, paths   479 ms (450 to 520), 0.66 …": the least counts, which
# others on the machine disturb less than the median.
ENGINE_LINE = re.compile(r"^(\S+(?:, \S+)?) +\d+ ms \((\d+) to", re.MULTILINE)


def commands(bench: Bench) -> dict[str, float]:
    """Processes, in turn with Woodstox alone."""
    sample, one, small = (
        benchmark.sample_data(),
        benchmark.one_file(MEGABYTES),
        benchmark.many_files(SMALL_FILES, KILOBYTES),
    )
    sides: dict[str, Callable[[], Run]] = {
        "start": lambda: bench.load(sample),
        "file": lambda: bench.load(one),
        "small": lambda: bench.load(small),
    }
    alone, *ours = bench.alternate(lambda: bench.woodstox_alone(one), *sides.values())
    return {name: cpu(runs) / cpu(alone) for name, runs in zip(sides, ours)}


def cpu(runs: Sequence[Run]) -> float:
    return median(run.cpu_seconds for run in runs)


def waiting_files(bench: Bench) -> dict[str, float]:
    """The always-on job, once, between two runs of Woodstox alone."""
    one = benchmark.one_file(MEGABYTES)
    files = streaming.small_files(WAITING_FILES, KILOBYTES)
    before = bench.woodstox_alone(one)
    with tempfile.TemporaryDirectory(prefix="guard-", dir=benchmark.DATA_DIRECTORY) as directory:
        with streaming.local_stack(Path(directory)) as stack:
            _, seconds = streaming.load_waiting(stack, Path(directory), bench.command, files)
    after = bench.woodstox_alone(one)
    return {"streaming": seconds / median((before.cpu_seconds, after.cpu_seconds))}


def engine() -> dict[str, float]:
    """Methods in one process, which takes turns itself."""
    progress("  the engine alone")
    command = [benchmark.java(), "-Xmx1g", "-XX:+UseSerialGC", "-cp", benchmark.class_path(), ENGINE, "narrow", "paths"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise BenchmarkError(f"{ENGINE} failed: {ended.stderr[-2_000:]}")
    took = {name: int(milliseconds) for name, milliseconds in ENGINE_LINE.findall(ended.stdout)}
    return {
        "engine, JSON lines": took["holdJsonLines"] / took["woodstoxAlone"],
        "engine, Storage Write": took["holdStorageWrite"] / took["woodstoxAlone"],
        "engine, paths": took["holdStorageWrite, paths"] / took["woodstoxAlone, paths"],
    }


def table(recorded: dict[str, float], found: dict[str, float]) -> str:
    lines = ["| CPU, of Woodstox alone | recorded | now | now / recorded | |", "|---|--:|--:|--:|---|"]
    for name, ratio in found.items():
        if name in recorded:
            growth = ratio / recorded[name]
            verdict = "DEARER" if growth > MOST_GROWTH else ""
            lines.append(f"| {name} | {recorded[name]:.2f} | {ratio:.2f} | {growth:.2f} | {verdict} |")
        else:
            lines.append(f"| {name} | | {ratio:.2f} | | not recorded yet |")
    return "\n".join(lines)


def dearer(recorded: dict[str, float], found: dict[str, float]) -> list[str]:
    return [name for name, ratio in found.items() if ratio > recorded.get(name, ratio) * MOST_GROWTH]


def parse_options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    benchmark.add_only(parser, ["commands", "streaming", "engine"], ["commands", "streaming", "engine"])
    parser.add_argument("--rounds", type=benchmark.positive, default=3, help="runs of each command (default 3)")
    parser.add_argument("--timeout", type=benchmark.positive, default=600, help="seconds for one run (default 600)")
    parser.add_argument("--record", action="store_true", help="write the figures to guard.json")
    benchmark.add_command(parser)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    options = parse_options(arguments)
    benchmark.exit_on_signals()
    found: dict[str, float] = {}
    try:
        bench = benchmark.make_bench(options)
        benchmark.DATA_DIRECTORY.mkdir(parents=True, exist_ok=True)
        measurements = {"commands": lambda: commands(bench), "streaming": lambda: waiting_files(bench), "engine": engine}
        for name in options.only:
            progress(name)
            found |= measurements[name]()
        print("\n\n".join(["\n".join(benchmark.machine()), table(recorded(), found)]))
    except BenchmarkError as e:
        progress(f"guard: {e}")
        return 1
    if options.record:
        RECORDED.write_text(json.dumps({n: round(r, 2) for n, r in (recorded() | found).items()}, indent=2) + "\n")
        return 0
    worse = dearer(recorded(), found)
    if worse:
        progress(f"guard: dearer by more than {MOST_GROWTH - 1:.0%}: {', '.join(worse)}")
    return 1 if worse else 0


def recorded() -> dict[str, float]:
    return json.loads(RECORDED.read_text()) if RECORDED.exists() else {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
