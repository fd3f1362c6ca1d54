"""Runs every fuzzer for a while, guided by coverage: what Jazzer finds is kept and fails the run.

Start it by "make fuzz", which compiles first. Each fuzzer begins with the inputs in src/test/resources and those that
earlier runs have found to reach new code, which are kept in target/fuzz.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEPT = ROOT / "src/test/resources/io/xmltobigquery/fuzz"
WORK = ROOT / "target/fuzz"

# Each fuzzer's class, and the length of its longest inputs in bytes.
FUZZERS = {
    "reader": ("io.xmltobigquery.xml.ReaderFuzzer", 8192),
    "parts": ("io.xmltobigquery.xml.PartsFuzzer", 4096),
    "mapping": ("io.xmltobigquery.mapping.MappingFuzzer", 8192),
    "values": ("io.xmltobigquery.xml.ValuesFuzzer", 100),
    "gzip": ("io.xmltobigquery.xml.GzipFuzzer", 4096),
}

# Whose code is to be covered: ours, and that of the libraries which see the bytes first.
COVERED = ["io.xmltobigquery.**", "com.ctc.wstx.**", "com.fasterxml.jackson.core.**", "org.apache.commons.compress.**"]

FOUND = 77
MOST_FINDINGS = 10

# For one input. The first one takes long: its code is instrumented meanwhile.
LIMIT_SECONDS = 300


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=int, nargs="?", default=400, help="for each fuzzer")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=FUZZERS, help="one fuzzer")
    arguments = parser.parse_args()
    names = [arguments.only] if arguments.only else list(FUZZERS)
    findings = sum(fuzz(name, arguments.seconds, arguments.seed) for name in names)
    if findings:
        print(f"{findings} findings in {WORK}/*/findings: mend what they show, and keep each in {KEPT}/*")
    sys.exit(1 if findings else 0)


def fuzz(name, seconds, seed):
    """Runs one fuzzer, and returns how many of its inputs have failed."""
    target, longest = FUZZERS[name]
    work = WORK / name
    for directory in ("corpus", "findings"):
        (work / directory).mkdir(parents=True, exist_ok=True)
    before = set((work / "findings").iterdir())
    classpath = (ROOT / "target/test-classpath").read_text().strip()
    command = [
        "java", "-Xmx1g", "-XX:+UseSerialGC", "-XX:-OmitStackTraceInFastThrow",
        "-cp", os.pathsep.join([str(ROOT / "target/test-classes"), str(ROOT / "target/classes"), classpath]),
        "com.code_intelligence.jazzer.Jazzer",
        f"--target_class={target}",
        f"--instrumentation_includes={':'.join(COVERED)}",
        f"--custom_hook_includes={':'.join(COVERED)}",
        f"--keep_going={MOST_FINDINGS}",
        f"--reproducer_path={work}/findings",
        f"-artifact_prefix={work}/findings/",
        f"-max_len={longest}",
        f"-max_total_time={seconds}",
        f"-timeout={LIMIT_SECONDS}",
        f"-report_slow_units={LIMIT_SECONDS}",
        "-rss_limit_mb=4096",
        "-print_final_stats=1",
        f"-seed={seed}",
        f"{work}/corpus", str(KEPT / name),
    ]
    log = work / "log"
    with log.open("w") as output:
        code = subprocess.run(command, cwd=work, stdout=output, stderr=subprocess.STDOUT).returncode
    text = log.read_text(errors="replace")
    runs = last(r"stat::number_of_executed_units: (\d+)", text) or last(r"^#(\d+)\t", text)
    covered = last(r" cov: (\d+)", text)
    found = {path for path in set((work / "findings").iterdir()) - before if path.suffix != ".java"}
    print(
        f"{name}: {runs} runs in {seconds} s with seed {seed}, {covered} edges covered,"
        f" {len(found)} findings; {log}",
        flush=True,
    )
    if code not in (0, FOUND) and not found:
        sys.exit(f"{target} has ended with {code}: {log}")
    return len(found)


def last(pattern, text):
    matches = re.findall(pattern, text, re.MULTILINE)
    return matches[-1] if matches else None


if __name__ == "__main__":
    main()
