#!/usr/bin/env python3
"""Measures the command line against its targets and prints Markdown: what `make benchmark` runs.

Every figure is of whole processes, from start to exit: wall seconds, CPU seconds (user and system) and peak resident
memory as the kernel counts them (wait4). Every run's rows are counted and compared with what the generator wrote.
The exit status is 0 when every run succeeded, whether or not a target was met.

1 MB is 1,000,000 bytes of XML; memory is in MiB, as the JVM's -Xmx counts it.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
DATA_DIRECTORY = ROOT / "benchmark-data"
SAMPLE_DIRECTORY = ROOT / "sample-data"
CLASSES = ROOT / "target" / "classes"
TEST_CLASSES = ROOT / "target" / "test-classes"
LIBRARIES = ROOT / "target" / "lib"
JAVA_SOURCES = ROOT / "src" / "test" / "java"
GENERATOR = "io.xmltobigquery.benchmark.GenerateOrders"
WIDE_GENERATOR = "io.xmltobigquery.benchmark.WideRows"
WOODSTOX_ALONE = "io.xmltobigquery.benchmark.WoodstoxAlone"
DEFAULT_COMMAND = ROOT / "bin" / "xml-to-bigquery"

SEED = 1
SMALL_MEGABYTES = 10
WOODSTOX_HEAP = "-Xmx256m"

# The targets, and the goal beyond one of them.
MOST_TIMES_WOODSTOX = 4.0
GOAL_TIMES_WOODSTOX = 2.0
MOST_MEMORY_GROWTH = 1.10
LEAST_SPEED_UP = 1.6
LEAST_FILES_PER_SECOND = 150.0
MOST_SAMPLE_SECONDS = 8.0
LEAST_SPEED_OF_WIDEST = 0.7

WIDTHS = (100, 1_000, 5_000)

# They would change the heap, and with it what is measured.
JAVA_OPTION_VARIABLES = ("JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")


class BenchmarkError(Exception):
    """A run failed, or can't be started. The message says what to do."""


@dataclass(frozen=True)
class Run:
    """What one process took, from start to exit, including the processes that it waited for."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    stdout: str


@dataclass(frozen=True)
class DataSet:
    """Input, and the number of rows that must come out."""

    name: str
    pattern: str
    files: int
    size: int
    customers: int
    orders: int


@dataclass(frozen=True)
class WideData:
    """One file of rows of many columns; its mapping is beside it."""

    name: str
    path: Path
    size: int
    rows: int

    @property
    def mapping(self) -> Path:
        return Path(f"{self.path}.mapping.json")


@dataclass(frozen=True)
class Row:
    """A line of the table of figures."""

    what: str
    runs: Sequence[Run]
    size: int
    remark: str = ""


@dataclass(frozen=True)
class Verdict:
    """A line of the table of targets."""

    what: str
    target: str
    figure: str
    met: bool


@dataclass
class Report:
    rows: list[Row] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


# Processes


def progress(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def java() -> str:
    home = os.environ.get("JAVA_HOME")
    return str(Path(home) / "bin" / "java") if home else "java"


def measured_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in JAVA_OPTION_VARIABLES}


def run_measured(command: Sequence[str], *, cores: Sequence[int], timeout: float) -> Run:
    """Runs a command on the given cores; anything but exit status 0 is an error."""
    pinned = ["taskset", "-c", ",".join(map(str, cores)), *command]
    os.sync()  # What was written before mustn't be written while the clock runs.
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        start = time.monotonic()
        process = start_process(pinned, stdout=stdout, stderr=stderr)
        usage = wait_for(process, timeout)
        seconds = time.monotonic() - start
        if process.returncode != 0:
            reason = f"took longer than {timeout:.0f} s" if seconds >= timeout else f"exit status {process.returncode}"
            raise BenchmarkError(f"{shlex.join(command)}: {reason}\n{tail(stdout)}{tail(stderr)}".rstrip())
        stdout.seek(0)
        return Run(
            seconds=seconds,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            peak_mib=usage.ru_maxrss / 1024,
            stdout=stdout.read().decode(errors="replace"),
        )


def start_process(command: Sequence[str], **files: object) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, cwd=ROOT, env=measured_environment(), start_new_session=True, **files
        )
    except OSError as e:
        raise BenchmarkError(f"can't start {shlex.join(command)}: {e}") from e


def wait_for(process: subprocess.Popen[bytes], timeout: float):
    """Waits for a process and returns the kernel's account of it; kills it when it takes too long."""
    timer = threading.Timer(timeout, os.killpg, (process.pid, signal.SIGKILL))
    timer.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    finally:
        timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage


def tail(stream, size: int = 2_000) -> str:
    stream.seek(0, os.SEEK_END)
    stream.seek(max(0, stream.tell() - size))
    return stream.read().decode(errors="replace")


def two_cores() -> list[int]:
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise BenchmarkError("the benchmark needs two cores, and may use only one here")
    return cores[:2]


# Data


def class_path() -> str:
    return os.pathsep.join([str(TEST_CLASSES), str(CLASSES), str(LIBRARIES / "*")])


def check_classes() -> None:
    for name in (GENERATOR, WIDE_GENERATOR, WOODSTOX_ALONE):
        if not (TEST_CLASSES / (name.replace(".", "/") + ".class")).exists():
            raise BenchmarkError(f"{name} isn't compiled: run `bin/maven -DskipTests package` first")


def one_file(megabytes: int) -> DataSet:
    path = DATA_DIRECTORY / f"orders-{megabytes}mb.xml"
    counts = generated(path, ["--megabytes", str(megabytes), "--output", str(path)], megabytes * 1_000_000)
    return data_set(f"{megabytes:,} MB", str(path), counts)


def wide_file(columns: int, megabytes: int) -> WideData:
    """Generated anew, since it is small."""
    path = DATA_DIRECTORY / f"wide-{columns}-{megabytes}mb.xml"
    check_classes()
    path.parent.mkdir(parents=True, exist_ok=True)
    check_space(megabytes * 1_000_000)
    options = ["--columns", str(columns), "--megabytes", str(megabytes), "--output", str(path)]
    command = [java(), "-cp", class_path(), WIDE_GENERATOR, *options]
    if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode != 0:
        raise BenchmarkError(f"the generator failed: {shlex.join(command)}")
    counts = json.loads(Path(f"{path}.json").read_text())
    return WideData(f"{megabytes:,} MB, rows of {columns:,} columns", path, counts["bytes"], counts["rows"])


def many_files(files: int, kilobytes: int) -> DataSet:
    path = DATA_DIRECTORY / f"orders-{files}x{kilobytes}kb"
    arguments = ["--files", str(files), "--kilobytes", str(kilobytes), "--directory", str(path)]
    counts = generated(path, arguments, files * kilobytes * 1_000)
    return data_set(f"{files:,} files of {kilobytes} KB", str(path / "*.xml"), counts)


def data_set(name: str, pattern: str, counts: dict[str, int]) -> DataSet:
    return DataSet(name, pattern, counts["files"], counts["bytes"], counts["customers"], counts["orders"])


def generated(path: Path, arguments: Sequence[str], size: int) -> dict[str, int]:
    """The counts of the data at a path, which is generated unless it is there already."""
    counts = cached_counts(path)
    if counts is None:
        check_classes()
        path.parent.mkdir(parents=True, exist_ok=True)
        check_space(size)
        progress(f"generating {path.name}")
        command = [java(), "-cp", str(TEST_CLASSES), GENERATOR, *arguments, "--seed", str(SEED)]
        if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            raise BenchmarkError(f"the generator failed: {shlex.join(command)}")
        counts = cached_counts(path)
        if counts is None:
            raise BenchmarkError(f"{path} isn't what {path}.json says it is")
    return counts


def cached_counts(path: Path) -> dict[str, int] | None:
    """What FILE.json says, or None if the data is missing, incomplete or older than the generator."""
    side_file = Path(f"{path}.json")
    source = JAVA_SOURCES / (GENERATOR.replace(".", "/") + ".java")
    if not side_file.exists() or side_file.stat().st_mtime < source.stat().st_mtime:
        return None
    counts = json.loads(side_file.read_text())
    files = [path] if path.is_file() else sorted(path.glob("*.xml"))
    size = sum(file.stat().st_size for file in files)
    same = (counts["files"], counts["bytes"], counts["seed"]) == (len(files), size, SEED)
    return counts if same else None


def sample_data() -> DataSet:
    files = sorted(SAMPLE_DIRECTORY.glob("*.xml"))
    texts = [file.read_bytes() for file in files]
    return DataSet(
        name="sample data",
        pattern=str(SAMPLE_DIRECTORY / "*.xml"),
        files=len(files),
        size=sum(map(len, texts)),
        customers=sum(len(re.findall(rb"<Customer[\s>]", text)) for text in texts),
        orders=sum(len(re.findall(rb"<Order[\s>]", text)) for text in texts),
    )


def check_space(needed: int) -> None:
    free = shutil.disk_usage(DATA_DIRECTORY).free
    if free < needed * 1.1:
        raise BenchmarkError(f"{DATA_DIRECTORY} needs {needed / 1e9:.1f} GB of free disk space, has {free / 1e9:.1f}")


def read_through(pattern: str) -> None:
    """Brings files into the page cache, so that every run finds the same."""
    path = Path(pattern)
    for file in sorted(path.parent.glob(path.name)):
        with file.open("rb", buffering=0) as stream:
            while stream.read(1 << 20):
                pass


def count_lines(directory: Path, pattern: str) -> int:
    lines = 0
    for file in directory.glob(pattern):
        with file.open("rb", buffering=0) as stream:
            while block := stream.read(1 << 20):
                lines += block.count(b"\n")
    return lines


def check_rows(data: DataSet, customers: int, orders: int) -> None:
    if (customers, orders) != (data.customers, data.orders):
        raise BenchmarkError(
            f"{data.name}: {customers:,} customers and {orders:,} orders came out,"
            f" but {data.customers:,} and {data.orders:,} went in"
        )


# The two things that are compared


@dataclass(frozen=True)
class Bench:
    """How to run things."""

    command: Sequence[str]
    cores: Sequence[int]
    rounds: int
    timeout: float

    def load(self, data: DataSet, *, cores: Sequence[int] | None = None) -> Run:
        """Runs our command on the data, into a directory that is removed again, and checks the rows."""
        used = self.cores if cores is None else cores
        with output_directory(data.size) as directory:
            progress(f"  {data.name} on {len(used)} core(s)")
            read_through(data.pattern)
            run = self.load_into(directory, data.pattern, [], used)
            rows = directory / "rows"
            check_rows(data, count_lines(rows, "customers-*.jsonl"), count_lines(rows, "orders-*.jsonl"))
            return run

    def load_wide(self, data: WideData) -> Run:
        with output_directory(data.size) as directory:
            progress(f"  {data.name}")
            read_through(str(data.path))
            run = self.load_into(directory, str(data.path), [f"--mapping={data.mapping}"], self.cores)
            rows = count_lines(directory / "rows", "wide-*.jsonl")
            if rows != data.rows:
                raise BenchmarkError(f"{data.name}: {rows:,} rows came out, but {data.rows:,} went in")
            return run

    def load_into(self, directory: Path, pattern: str, options: Sequence[str], cores: Sequence[int]) -> Run:
        command = [
            *self.command,
            f"--input={pattern}",
            f"--output={directory / 'rows'}",
            f"--deadLetterDir={directory / 'dead-letter'}",
            "--rejectedInput=keep",
            *options,
        ]
        return run_measured(command, cores=cores, timeout=self.timeout)

    def woodstox_alone(self, data: DataSet) -> Run:
        progress(f"  {data.name} with Woodstox alone")
        read_through(data.pattern)
        command = [java(), WOODSTOX_HEAP, "-cp", class_path(), WOODSTOX_ALONE, data.pattern]
        return run_measured(command, cores=self.cores, timeout=self.timeout)

    def alternate(self, *sides: Callable[[], Run]) -> list[list[Run]]:
        """Takes turns, so that a slow minute of the machine falls on all sides. The runs of each side."""
        results = [[side() for side in sides] for _ in range(self.rounds)]
        return [list(runs) for runs in zip(*results)]


@contextlib.contextmanager
def output_directory(size: int) -> Iterator[Path]:
    """On the disk of the data, since it may become as large."""
    DATA_DIRECTORY.mkdir(parents=True, exist_ok=True)
    check_space(size)
    with tempfile.TemporaryDirectory(prefix="output-", dir=DATA_DIRECTORY) as directory:
        yield Path(directory)


def seconds_of(runs: Sequence[Run]) -> float:
    return median(run.seconds for run in runs)


# The measurements


def measure_one_file(bench: Bench, report: Report, options: argparse.Namespace) -> None:
    data = one_file(options.megabytes)
    ours, alone = bench.alternate(lambda: bench.load(data), lambda: bench.woodstox_alone(data))
    ratio = seconds_of(ours) / seconds_of(alone)
    reading = median(json.loads(run.stdout)["seconds"] for run in alone)
    report.rows += [
        Row(f"{data.name}, 2 cores", ours, data.size, f"{ratio:.2f} × Woodstox alone"),
        Row(f"{data.name}, Woodstox alone", alone, data.size, f"1 thread; {reading:.1f} s without the JVM's start"),
    ]
    report.verdicts.append(
        Verdict(
            f"{data.name} on 2 cores against Woodstox alone",
            f"at most {MOST_TIMES_WOODSTOX:.0f} × (goal: {GOAL_TIMES_WOODSTOX:.0f} ×)",
            f"{ratio:.2f} ×",
            ratio <= MOST_TIMES_WOODSTOX,
        )
    )


def measure_memory(bench: Bench, report: Report, options: argparse.Namespace) -> None:
    sizes = (SMALL_MEGABYTES, options.megabytes, options.large_megabytes)
    data_sets = [one_file(megabytes) for megabytes in sizes]
    runs = [bench.load(data) for data in data_sets]
    report.rows += [Row(f"{data.name}, memory", [run], data.size) for data, run in zip(data_sets, runs)]
    growth = runs[2].peak_mib / runs[1].peak_mib
    report.verdicts.append(
        Verdict(
            f"resident memory at {data_sets[2].name} over that at {data_sets[1].name}, default heap",
            f"at most {MOST_MEMORY_GROWTH:.2f} ×",
            f"{growth:.2f} ×",
            growth <= MOST_MEMORY_GROWTH,
        )
    )


def measure_cores(bench: Bench, report: Report, options: argparse.Namespace) -> None:
    data = one_file(options.megabytes)
    one, two = bench.alternate(lambda: bench.load(data, cores=bench.cores[:1]), lambda: bench.load(data))
    speed_up = seconds_of(one) / seconds_of(two)
    report.rows += [
        Row(f"{data.name}, 1 core", one, data.size),
        Row(f"{data.name}, 2 cores again", two, data.size, f"{speed_up:.2f} × as fast as 1 core"),
    ]
    report.verdicts.append(
        Verdict(
            f"{data.name} on 2 cores against 1 core",
            f"at least {LEAST_SPEED_UP:.1f} × as fast",
            f"{speed_up:.2f} ×",
            speed_up >= LEAST_SPEED_UP,
        )
    )


def measure_many_files(bench: Bench, report: Report, options: argparse.Namespace) -> None:
    data = many_files(options.files, options.kilobytes)
    sample = sample_data()
    many, start_up = bench.alternate(lambda: bench.load(data), lambda: bench.load(sample))
    working = seconds_of(many) - seconds_of(start_up)
    rate = data.files / working if working > 0 else float("inf")
    remark = f"{rate:,.0f} files/s after {seconds_of(start_up):.1f} s of start-up"
    report.rows.append(Row(data.name, many, data.size, remark))
    report.verdicts.append(
        Verdict(
            f"{data.name}, after start-up (a run of the sample data)",
            f"at least {LEAST_FILES_PER_SECOND:.0f} files/s",
            f"{rate:,.0f} files/s",
            rate >= LEAST_FILES_PER_SECOND,
        )
    )


def measure_wide_rows(bench: Bench, report: Report, options: argparse.Namespace) -> None:
    data_sets = [wide_file(columns, options.wide_megabytes) for columns in WIDTHS]
    all_runs = bench.alternate(*(lambda data=data: bench.load_wide(data) for data in data_sets))
    cpu = [median(run.cpu_seconds for run in runs) for runs in all_runs]
    speeds = [data.size / 1e6 / seconds for data, seconds in zip(data_sets, cpu)]
    report.rows += [
        Row(data.name, runs, data.size, f"{speed:.1f} MB a CPU second, {speed / speeds[0]:.2f} × that of {WIDTHS[0]}")
        for data, runs, speed in zip(data_sets, all_runs, speeds)
    ]
    report.verdicts.append(
        Verdict(
            f"bytes a CPU second, rows of {WIDTHS[-1]:,} columns against {WIDTHS[0]}",
            f"at least {LEAST_SPEED_OF_WIDEST:.1f} ×",
            f"{speeds[-1] / speeds[0]:.2f} ×",
            speeds[-1] / speeds[0] >= LEAST_SPEED_OF_WIDEST,
        )
    )


def measure_sample(bench: Bench, report: Report, options: argparse.Namespace) -> None:
    data = sample_data()
    runs = [bench.load(data) for _ in range(bench.rounds)]
    slowest = max(run.seconds for run in runs)
    report.rows.append(Row(f"{data.name}, {data.files} files", runs, data.size, f"slowest {slowest:.1f} s"))
    report.verdicts.append(
        Verdict(
            f"{data.name}, cold JVM, slowest of {len(runs)}",
            f"under {MOST_SAMPLE_SECONDS:.0f} s",
            f"{slowest:.1f} s",
            slowest < MOST_SAMPLE_SECONDS,
        )
    )


MEASUREMENTS: dict[str, Callable[[Bench, Report, argparse.Namespace], None]] = {
    "sample": measure_sample,
    "one-file": measure_one_file,
    "memory": measure_memory,
    "cores": measure_cores,
    "many-files": measure_many_files,
    "wide-rows": measure_wide_rows,
}


# The report


def machine() -> list[str]:
    return [
        f"- Date: {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC, commit {commit()}",
        f"- CPU: {cpu_model()}, {len(os.sched_getaffinity(0))} cores; {memory_gib():.0f} GiB of memory;"
        f" load average at the start {os.getloadavg()[0]:.2f}",
        f"- Java: {java_version()}",
    ]


def cpu_model() -> str:
    match = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return match[1] if match else os.uname().machine


def memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def java_version() -> str:
    try:
        result = subprocess.run([java(), "-version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as e:
        raise BenchmarkError(f"no Java: {e}. Set JAVA_HOME or put java on the PATH") from e
    lines = [line for line in result.stderr.splitlines() if not line.startswith("Picked up")]
    return ", ".join(lines[:2])


def commit() -> str:
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def markdown(lines_about_machine: Sequence[str], report: Report) -> str:
    parts = ["\n".join(lines_about_machine)]
    if report.rows:
        parts.append(figures_table(report.rows))
    if report.verdicts:
        parts.append(targets_table(report.verdicts))
    parts += [f"FAILED: {failure}" for failure in report.failures]
    return "\n\n".join(parts)


def figures_table(rows: Sequence[Row]) -> str:
    lines = [
        "| what | seconds (median) | all runs | CPU seconds | MB/s | peak RSS, MiB | |",
        "|---|--:|---|--:|--:|--:|---|",
    ]
    for row in rows:
        seconds = seconds_of(row.runs)
        every = ", ".join(f"{run.seconds:.1f}" for run in row.runs)
        cpu = median(run.cpu_seconds for run in row.runs)
        peak = max(run.peak_mib for run in row.runs)
        speed = f"{row.size / 1e6 / seconds:.1f}" if row.size >= 1e6 else ""
        lines.append(f"| {row.what} | {seconds:.1f} | {every} | {cpu:.1f} | {speed} | {peak:.0f} | {row.remark} |")
    return "\n".join(lines)


def targets_table(verdicts: Sequence[Verdict]) -> str:
    lines = ["| target | wanted | measured | |", "|---|---|---|---|"]
    for verdict in verdicts:
        met = "met" if verdict.met else "NOT met"
        lines.append(f"| {verdict.what} | {verdict.target} | {verdict.figure} | {met} |")
    return "\n".join(lines)


# The command line


def add_only(parser: argparse.ArgumentParser, measurements: Sequence[str], usual: Sequence[str]) -> None:
    """The option that chooses among measurements; their order stays."""

    def names(text: str) -> list[str]:
        chosen = text.split(",")
        unknown = [name for name in chosen if name not in measurements]
        if unknown:
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; choose from {', '.join(measurements)}")
        return [name for name in measurements if name in chosen]

    parser.add_argument(
        "--only", type=names, default=usual, metavar="NAME,NAME", help=f"of {', '.join(measurements)}"
    )


def add_command(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--command",
        type=shlex.split,
        default=[str(DEFAULT_COMMAND)],
        help=f"the command to measure (default {DEFAULT_COMMAND.relative_to(ROOT)})",
    )


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} isn't 1 or more")
    return number


def common_options(description: str | None) -> argparse.ArgumentParser:
    """Shared with peers.py."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=positive, default=1_000, help="size of the large file (default 1000)")
    parser.add_argument("--rounds", type=positive, default=3, help="runs per side where sides alternate (default 3)")
    add_command(parser)
    parser.add_argument(
        "--timeout", type=positive, default=1_800, metavar="SECONDS", help="for one run (default 1800)"
    )
    return parser


def parse_options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = common_options(__doc__)
    add_only(parser, list(MEASUREMENTS), usual=list(MEASUREMENTS))
    parser.add_argument(
        "--large-megabytes", type=positive, default=4_000, help="size of the largest file (default 4000)"
    )
    parser.add_argument(
        "--wide-megabytes", type=positive, default=200, help="size of the files of wide rows (default 200)"
    )
    parser.add_argument("--files", type=positive, default=2_000, help="number of small files (default 2000)")
    parser.add_argument("--kilobytes", type=positive, default=15, help="size of a small file (default 15)")
    return parser.parse_args(arguments)


def make_bench(options: argparse.Namespace) -> Bench:
    """Checks that the command can be run; its first use may build it, which isn't measured."""
    progress(f"checking {shlex.join(options.command)}")
    try:
        subprocess.run([*options.command, "--version"], stdout=sys.stderr, cwd=ROOT, check=True)
    except (OSError, subprocess.CalledProcessError) as e:
        raise BenchmarkError(f"{shlex.join(options.command)} doesn't run: {e}") from e
    check_classes()
    return Bench(options.command, two_cores(), options.rounds, options.timeout)


def exit_on_signals() -> None:
    """Turns Ctrl-C and a termination into an exit, on whose way processes are ended and outputs removed."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: sys.exit(128 + received))


def main(arguments: Sequence[str]) -> int:
    options = parse_options(arguments)
    exit_on_signals()
    report = Report()
    try:
        about = machine()
        bench = make_bench(options)
    except BenchmarkError as e:
        progress(f"benchmark: {e}")
        return 1
    for name in options.only:
        progress(name)
        try:
            MEASUREMENTS[name](bench, report, options)
        except BenchmarkError as e:
            report.failures.append(f"{name}: {e}")
            progress(report.failures[-1])
    print(markdown(about, report))
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
