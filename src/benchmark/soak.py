#!/usr/bin/env python3
"""Loads one very large file with the command, in its default heap of 256 MB: what `make soak` runs.

The exit status is 0 only if all customers and orders that the generator has counted are there, and the process took no
more memory than that heap and a fixed amount for all else. Both the file and its rows are deleted in the end.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

sys.dont_write_bytecode = True  # No __pycache__ among the sources.

import benchmark
from benchmark import BenchmarkError, progress

HEAP_MIB = 256
# Code, threads, and buffers outside of the heap. A run that needs a larger heap is a failed one all the same: it ends.
MOST_OTHER_MIB = 384


def soak(options: argparse.Namespace) -> None:
    bench = benchmark.make_bench(
        argparse.Namespace(command=[str(benchmark.DEFAULT_COMMAND)], rounds=1, timeout=options.timeout)
    )
    data = benchmark.one_file(options.megabytes)
    try:
        run = bench.load(data)
    finally:
        if not options.keep:
            for path in (Path(data.pattern), Path(f"{data.pattern}.json")):
                path.unlink()
    print(
        f"{data.size / 1e9:.1f} GB, {data.customers:,} customers and {data.orders:,} orders: all there after"
        f" {run.seconds:.0f} s; peak RSS {run.peak_mib:.0f} MiB with a heap of {HEAP_MIB} MiB"
    )
    if run.peak_mib > HEAP_MIB + MOST_OTHER_MIB:
        raise BenchmarkError(f"peak RSS is over {HEAP_MIB + MOST_OTHER_MIB} MiB")


def parse_options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    positive = benchmark.positive
    parser.add_argument("--megabytes", type=positive, default=10_000, help="size of the file (default 10000)")
    parser.add_argument("--timeout", type=positive, default=3_600, metavar="SECONDS", help="(default 3600)")
    parser.add_argument("--keep", action="store_true", help="keep the file for the next time")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    options = parse_options(arguments)
    benchmark.exit_on_signals()
    try:
        print("\n".join(benchmark.machine()))
        soak(options)
    except BenchmarkError as e:
        progress(f"soak: {e}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
