#!/usr/bin/env python3
"""Measures the streaming job with the local stack and prints Markdown: what `make benchmark-streaming` runs.

latency     seconds from the start of an upload to the answer of the query that has its rows: files come one by one, at
            any moment between two checkpoints. The checkpoint interval and the emulators are part of the figure.
throughput  files a second into JSON Lines: all uploads, and so their notifications, are there before the job starts.
soak        heap and state while files keep coming into BigQuery, after a full collection every half minute. Only where
            it is asked for: `python3 src/benchmark/streaming.py --only soak --minutes 10`.

Everything runs on the same cores: the job, its emulators, and what is measured by. The rows of all runs are counted and
compared with what the generator wrote. Files have 15 KB unless an option says otherwise.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import http.client
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

sys.dont_write_bytecode = True  # No __pycache__ among the sources.

import benchmark
from benchmark import BenchmarkError, DataSet, progress

LOCAL_STACK = benchmark.ROOT / "bin" / "local-stack"

# Some dozens of files go before, since the first ones are slower.
WARM_UP_FILES = 30

PAUSE_SECONDS = 0.1
LIMIT_SECONDS = 300
SAMPLE_SECONDS = 30

PR_SET_PDEATHSIG = 1
KIB_PER_MIB = 1024


# The local stack


class Stack:
    """A local stack of this program alone."""

    def __init__(self, description: dict) -> None:
        self.environment: dict[str, str] = description["environment"]
        self.options: list[str] = description["options"]
        self._bucket = self.environment["LOCAL_STACK_INPUT"].removeprefix("gs://")
        self._project, self._dataset = self.environment["LOCAL_STACK_DATASET"].split(":")
        self._storage = self.environment["STORAGE_EMULATOR_HOST"]
        self._bigquery = self.environment["BIGQUERY_EMULATOR_HOST"]

    def upload(self, name: str, content: bytes) -> None:
        path = f"/upload/storage/v1/b/{self._bucket}/o?uploadType=media&name={urllib.parse.quote(name, safe='')}"
        request(self._storage, "POST", path, content)

    def count(self, table: str) -> int:
        """How many rows a table has; none before the job has created it."""
        sql = f"SELECT COUNT(*) FROM {self._dataset}.{table}"
        body = json.dumps({"query": sql, "useLegacySql": False}).encode()
        answer = json.loads(request(self._bigquery, "POST", f"/bigquery/v2/projects/{self._project}/queries", body))
        if [error["reason"] for error in answer.get("errors", [])] == ["notFound"]:
            return 0
        if "errors" in answer:
            raise BenchmarkError(f"{sql}: {answer['errors']}")
        return int(answer["rows"][0]["f"][0]["v"])


def request(address: str, method: str, path: str, body: bytes) -> bytes:
    """By a connection of its own: the emulators close one that waits, and an upload mustn't be repeated."""
    service = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc, timeout=60)
    with contextlib.closing(service):
        service.request(method, path, body, {"Content-Type": "application/json"})
        response = service.getresponse()
        answer = response.read()
    if response.status // 100 != 2:
        raise BenchmarkError(f"{method} {path}: {response.status} {answer.decode(errors='replace')[:500]}")
    return answer


@contextlib.contextmanager
def local_stack(directory: Path) -> Iterator[Stack]:
    """It ends with this program, however that ends: it watches the pipe between them."""
    progress("starting the local stack")
    command = [str(LOCAL_STACK), f"--state={directory / 'stack'}"]
    with subprocess.Popen(
        [*command, "up", "--foreground"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=benchmark.ROOT
    ) as process:
        try:
            if "is up" not in process.stdout.readline():
                raise BenchmarkError("the local stack doesn't start; try `bin/local-stack up`")
            described = subprocess.run([*command, "env", "--json"], capture_output=True, text=True, check=True)
            yield Stack(json.loads(described.stdout))
        finally:
            process.stdin.close()


# The job


class Job:
    """The command as a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path, checkpoints: Path) -> None:
        self._process = process
        self._log = log
        self._checkpoints = checkpoints

    def await_(self, what: str, condition: Callable[[], bool], pause: float = PAUSE_SECONDS) -> float:
        """When the condition became true, as time.monotonic() tells it."""
        deadline = time.monotonic() + LIMIT_SECONDS
        while not condition():
            if self._process.poll() is not None:
                raise BenchmarkError(f"the job has ended: {self._log.read_text(errors='replace')[-2_000:]}")
            if time.monotonic() > deadline:
                raise BenchmarkError(f"not within {LIMIT_SECONDS} s: {what}")
            time.sleep(pause)
        return time.monotonic()

    def heap_mib(self) -> float:
        """What is in use after a full collection."""
        self._jcmd("GC.run")
        # "def new generation   total 78656K, used 1234K [0x…", "tenured generation   total …"
        return sum(map(int, re.findall(r"generation.*used (\d+)K", self._jcmd("GC.heap_info")))) / KIB_PER_MIB

    def _jcmd(self, command: str) -> str:
        jcmd = Path(shutil.which(benchmark.java())).resolve().with_name("jcmd")
        environment = benchmark.measured_environment()
        result = subprocess.run(
            [jcmd, str(self._process.pid), command], capture_output=True, text=True, env=environment, check=False
        )
        if result.returncode != 0:
            raise BenchmarkError(f"jcmd {command}: {result.stdout}{result.stderr}")
        return result.stdout

    def cpu_seconds(self) -> float:
        """User and system time since the start."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mib(self) -> float:
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s*(\d+) kB", status)[1]) / KIB_PER_MIB

    def checkpoint_mib(self) -> float:
        """The size of the latest complete checkpoint."""
        complete = [file.parent for file in self._checkpoints.glob("*/chk-*/_metadata")]
        sizes = {int(path.name.removeprefix("chk-")): directory_size(path) for path in complete}
        return sizes[max(sizes)] / 2**20 if sizes else 0.0


def directory_size(directory: Path) -> int:
    size = 0
    for file in directory.iterdir():
        with contextlib.suppress(FileNotFoundError):  # It is another one's turn already.
            size += file.stat().st_size
    return size


@contextlib.contextmanager
def job(stack: Stack, directory: Path, command: Sequence[str], output: str) -> Iterator[Job]:
    """Runs the command until the block ends."""
    log = directory / "job.log"
    checkpoints = directory / "checkpoints"
    options = [
        *stack.options,
        f"--inputSubscription={stack.environment['LOCAL_STACK_SUBSCRIPTION']}",
        f"--output={output}",
        f"--deadLetterDir={stack.environment['LOCAL_STACK_DEAD_LETTER']}",
        f"--stateBackendStoragePath={checkpoints.as_uri()}",
    ]
    pinned = ["taskset", "-c", ",".join(map(str, benchmark.two_cores())), *command, *options]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            pinned,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            cwd=benchmark.ROOT,
            env={**benchmark.measured_environment(), **stack.environment},
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
    try:
        yield Job(process, log, checkpoints)
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def end_with_parent() -> None:
    """Asks the kernel to end this process when the one that started it does. It stays so through exec."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


# Data


@dataclass(frozen=True)
class Files:
    """Small files, taken one after the other."""

    paths: Sequence[Path]
    data: DataSet

    def content(self, number: int) -> bytes:
        return self.paths[number % len(self.paths)].read_bytes()


def small_files(files: int, kilobytes: int) -> Files:
    data = benchmark.many_files(files, kilobytes)
    pattern = Path(data.pattern)
    return Files(sorted(pattern.parent.glob(pattern.name)), data)


def orders(document: bytes) -> int:
    return len(re.findall(rb"<Order[\s>]", document))


# The measurements


def measure_latency(stack: Stack, directory: Path, options: argparse.Namespace) -> str:
    files = small_files(WARM_UP_FILES + options.uploads, options.kilobytes)
    moments = random.Random(benchmark.SEED)
    seconds: list[float] = []
    expected = 0
    with job(stack, directory, options.command, stack.environment["LOCAL_STACK_DATASET"]) as running:
        for number in range(WARM_UP_FILES + options.uploads):
            content = files.content(number)
            expected += orders(content)
            # Whoever comes right after a row is seen comes right after a checkpoint.
            time.sleep(moments.random())
            start = time.monotonic()
            stack.upload(f"latency/{number}.xml", content)
            end = running.await_("its rows are there", lambda: stack.count("orders") >= expected)
            seconds.append(end - start)
            if number % 10 == 9:
                progress(f"  {number + 1} files, the last one after {seconds[-1]:.1f} s")
        running.await_("all outcomes are there", lambda: stack.count("file_loads") >= len(files.paths))
        found = stack.count("customers"), stack.count("orders")
    benchmark.check_rows(files.data, *found)
    warm = seconds[WARM_UP_FILES:]
    slow = quantiles(warm, n=20, method="inclusive")[-1]
    return "\n".join(
        [
            "| from upload to queryable row | files | median | 95th percentile | slowest |",
            "|---|--:|--:|--:|--:|",
            f"| {options.kilobytes} KB, one by one | {len(warm)}"
            f" | {median(warm):.1f} s | {slow:.1f} s | {max(warm):.1f} s |",
        ]
    )


def load_waiting(stack: Stack, directory: Path, command: Sequence[str], files: Files) -> tuple[Path, float]:
    """Uploads files, then starts a job that loads them: its output, and the CPU seconds that it took."""
    progress(f"  uploading {len(files.paths):,} files")
    for number in range(len(files.paths)):
        stack.upload(f"throughput/{number}.xml", files.content(number))
    output = directory / "rows"
    progress("  loading them")
    with job(stack, directory, command, str(output)) as running:
        running.await_(
            "all outcomes are there",
            lambda: output.exists() and benchmark.count_lines(output, "file_loads-*.jsonl") >= len(files.paths),
            pause=1.0,
        )
        cpu_seconds = running.cpu_seconds()
    found = [benchmark.count_lines(output, f"{table}-*.jsonl") for table in ("customers", "orders")]
    benchmark.check_rows(files.data, *found)
    return output, cpu_seconds


def measure_throughput(stack: Stack, directory: Path, options: argparse.Namespace) -> str:
    files = small_files(options.files, options.kilobytes)
    output, cpu_seconds = load_waiting(stack, directory, options.command, files)
    # A small file has one chunk, and a chunk has one file of orders.
    times = sorted(file.stat().st_mtime for file in output.glob("orders-*.jsonl"))
    half = len(times) // 2
    return "\n".join(
        [
            "| files a second into JSON Lines | files | first to last | second half | CPU seconds |",
            "|---|--:|--:|--:|--:|",
            f"| {options.kilobytes} KB | {len(times):,} | {rate(times):,.0f} | {rate(times[half:]):,.0f}"
            f" | {cpu_seconds:.0f} |",
        ]
    )


def rate(times: Sequence[float]) -> float:
    return (len(times) - 1) / (times[-1] - times[0])


def measure_soak(stack: Stack, directory: Path, options: argparse.Namespace) -> str:
    files = small_files(1_000, options.kilobytes)
    lines = [
        f"{options.files_per_second} files of {options.kilobytes} KB a second into BigQuery:",
        "",
        "| minutes | files loaded | heap after full GC, MiB | RSS, MiB | checkpoint, MiB |",
        "|--:|--:|--:|--:|--:|",
    ]
    uploaded = 0
    rows = 0
    with job(stack, directory, options.command, stack.environment["LOCAL_STACK_DATASET"]) as running:
        stack.upload("soak/first.xml", b"<Root><Orders/></Root>")
        running.await_("the first outcome is there", lambda: stack.count("file_loads") >= 1)
        start = time.monotonic()
        next_sample = start
        while True:
            now = time.monotonic()
            if now >= next_sample:
                heap, loaded = running.heap_mib(), stack.count("file_loads") - 1
                lines.append(
                    f"| {(now - start) / 60:.1f} | {loaded:,} | {heap:.1f} | {running.resident_mib():.0f}"
                    f" | {running.checkpoint_mib():.2f} |"
                )
                progress(f"  {lines[-1]}")
                if now >= start + options.minutes * 60:
                    break
                next_sample += SAMPLE_SECONDS
            # What couldn't be uploaded in time, is made up for.
            while uploaded < (time.monotonic() - start) * options.files_per_second:
                content = files.content(uploaded)
                rows += orders(content)
                stack.upload(f"soak/{uploaded}.xml", content)
                uploaded += 1
            time.sleep(PAUSE_SECONDS)
        running.await_("all outcomes are there", lambda: stack.count("file_loads") - 1 >= uploaded, pause=1.0)
        running.await_("all rows are there", lambda: stack.count("orders") >= rows, pause=1.0)
        if stack.count("orders") != rows:
            raise BenchmarkError(f"{stack.count('orders'):,} orders are there of {rows:,}")
    return "\n".join(lines)


MEASUREMENTS: dict[str, Callable[[Stack, Path, argparse.Namespace], str]] = {
    "latency": measure_latency,
    "throughput": measure_throughput,
    "soak": measure_soak,
}
USUAL = ["latency", "throughput"]


# The command line


def parse_options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    benchmark.add_only(parser, list(MEASUREMENTS), USUAL)
    positive = benchmark.positive
    parser.add_argument("--kilobytes", type=positive, default=15, help="size of a file (default 15)")
    parser.add_argument("--uploads", type=positive, default=60, help="latency: files to measure (default 60)")
    parser.add_argument("--files", type=positive, default=4_000, help="throughput: number of files (default 4000)")
    parser.add_argument("--minutes", type=positive, default=10, help="soak: how long (default 10)")
    parser.add_argument(
        "--files-per-second", type=positive, default=10, help="soak: how many files come (default 10)"
    )
    benchmark.add_command(parser)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    options = parse_options(arguments)
    benchmark.exit_on_signals()
    parts: list[str] = []
    failures: list[str] = []
    try:
        parts.append("\n".join(benchmark.machine()))
        benchmark.make_bench(argparse.Namespace(command=options.command, rounds=1, timeout=LIMIT_SECONDS))
    except BenchmarkError as e:
        progress(f"streaming: {e}")
        return 1
    benchmark.DATA_DIRECTORY.mkdir(parents=True, exist_ok=True)
    for name in options.only:
        progress(name)
        with tempfile.TemporaryDirectory(prefix="streaming-", dir=benchmark.DATA_DIRECTORY) as directory:
            try:
                with local_stack(Path(directory)) as stack:
                    parts.append(MEASUREMENTS[name](stack, Path(directory), options))
            except BenchmarkError as e:
                failures.append(f"{name}: {e}")
                progress(failures[-1])
    parts += [f"FAILED: {failure}" for failure in failures]
    print("\n\n".join(parts))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
