#!/usr/bin/env python3
"""Does the same work with Spark's XML reader and with our command, and prints Markdown: `make benchmark-peers`.

Spark comes from PyPI into target/benchmark-venv and runs as local[2] with its own default heap (1 GB). Its XML reader
wants one read per table (rowTag) and can't split a file, so the two reads run at the same time, one on each core. Both
sides take turns on the same file and the same two cores, both write JSON Lines, and the rows of every run are counted.
Figures are of whole processes, measured as in benchmark.py.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True  # No __pycache__ among the sources.

import benchmark
from benchmark import Bench, BenchmarkError, DataSet, Report, Row, Run

VENV = benchmark.ROOT / "target" / "benchmark-venv"
VENV_PYTHON = VENV / "bin" / "python"
SPARK_VERSION = "4.3.0"

# The hidden mode in which this file is run inside the virtual environment.
SPARK_JOB = "spark-job"

# Another Spark or other packages must not be picked up by accident.
FOREIGN_VARIABLES = ("SPARK_HOME", "SPARK_CONF_DIR", "PYSPARK_SUBMIT_ARGS", "PYSPARK_PYTHON", "PYTHONPATH")


@dataclass(frozen=True)
class Table:
    name: str
    row_tag: str
    schema: str


# Spark puts an underscore before the name of an attribute.
TABLES = (
    Table(
        name="customers",
        row_tag="Customer",
        schema="""
            _CustomerID STRING, CompanyName STRING, ContactName STRING, ContactTitle STRING, Phone STRING, Fax STRING,
            FullAddress STRUCT<
                _CustomerID: STRING, Address: STRING, City: STRING, Region: STRING, PostalCode: STRING, Country: STRING>
        """,
    ),
    Table(
        name="orders",
        row_tag="Order",
        schema="""
            CustomerID STRING, EmployeeID STRING, OrderDate STRING, RequiredDate STRING,
            ShipInfo STRUCT<
                _ShippedDate: STRING, ShipVia: BIGINT, Freight: STRING, ShipName: STRING, ShipAddress: STRING,
                ShipCity: STRING, ShipRegion: STRING, ShipPostalCode: STRING, ShipCountry: STRING>
        """,
    ),
)


# Inside the virtual environment


def run_spark_job(source: str, output: str) -> None:
    """Reads each table from the source and writes it to a directory of its name."""
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )

    def copy(table: Table) -> None:
        reader = spark.read.format("xml").option("rowTag", table.row_tag).option("mode", "FAILFAST")
        reader.schema(table.schema).load(source).write.json(f"{output}/{table.name}")

    with ThreadPoolExecutor(len(TABLES)) as executor:
        list(executor.map(copy, TABLES))

    # Waiting for the JVM makes the kernel add its time and memory to this process's account.
    gateway = spark.sparkContext._gateway
    spark.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()


# Outside


def installed_spark() -> str | None:
    command = [str(VENV_PYTHON), "-c", "import pyspark; print(pyspark.__version__)"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def install_spark(version: str) -> None:
    if installed_spark() == version:
        return
    benchmark.progress(f"installing pyspark {version} into {VENV}")
    commands = (
        [sys.executable, "-m", "venv", str(VENV)],
        [str(VENV_PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", f"pyspark=={version}"],
    )
    for command in commands:
        if subprocess.run(command, stdout=sys.stderr, check=False).returncode != 0:
            raise BenchmarkError(f"can't install pyspark {version}: {' '.join(command)} failed")


def load_with_spark(bench: Bench, data: DataSet) -> Run:
    with benchmark.output_directory(data.size) as directory:
        benchmark.progress(f"  {data.name} with Spark")
        benchmark.read_through(data.pattern)
        rows = directory / "rows"
        command = [str(VENV_PYTHON), str(Path(__file__).resolve()), SPARK_JOB, data.pattern, str(rows)]
        run = benchmark.run_measured(command, cores=bench.cores, timeout=bench.timeout)
        customers, orders = (benchmark.count_lines(rows / table.name, "part-*.json") for table in TABLES)
        benchmark.check_rows(data, customers, orders)
        return run


def compare(bench: Bench, megabytes: int, spark_version: str) -> Report:
    data = benchmark.one_file(megabytes)
    ours, spark = bench.alternate(lambda: bench.load(data), lambda: load_with_spark(bench, data))
    ratio = benchmark.seconds_of(spark) / benchmark.seconds_of(ours)
    memory = max(run.peak_mib for run in spark) / max(run.peak_mib for run in ours)
    remark = f"{ratio:.2f} × our seconds, {memory:.2f} × our memory"
    return Report(
        rows=[
            Row(f"{data.name}, xml-to-bigquery", ours, data.size),
            Row(f"{data.name}, Spark {spark_version}", spark, data.size, remark),
        ]
    )


def warm_up_spark(bench: Bench) -> None:
    """The first start compiles Python files and reads 400 MB of jars from the disk: not what is compared."""
    load_with_spark(bench, benchmark.one_file(benchmark.SMALL_MEGABYTES))


def parse_options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = benchmark.common_options(__doc__)
    parser.add_argument("--spark-version", default=SPARK_VERSION, help="of pyspark on PyPI (default %(default)s)")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    if arguments[:1] == [SPARK_JOB]:
        run_spark_job(*arguments[1:])
        return 0
    options = parse_options(arguments)
    benchmark.exit_on_signals()
    for name in FOREIGN_VARIABLES:
        os.environ.pop(name, None)
    try:
        about = benchmark.machine()
        bench = benchmark.make_bench(options)
        install_spark(options.spark_version)
        warm_up_spark(bench)
        report = compare(bench, options.megabytes, options.spark_version)
    except BenchmarkError as e:
        benchmark.progress(f"benchmark-peers: {e}")
        return 1
    print(benchmark.markdown(about, report))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
