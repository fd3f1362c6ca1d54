"""An environment of Python with exactly the packages of a requirements file, made once in a folder of the project."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path


class InstallError(Exception):
    """The message says in one line what is wrong and what to do; a log's end may follow it."""


def python_environment(directory: Path, requirements: Path, announcement: str, *more_options: str) -> Path:
    """Returns the environment's python. Announces an installation, which may take minutes, on standard error.

    more_options: of pip install
    """
    directory = directory.absolute()
    python = directory / "bin" / "python"
    stamp = directory / "installed"
    wanted = hashlib.sha256(requirements.read_bytes() + sys.version.encode() + bytes(directory)).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    print(announcement, file=sys.stderr, flush=True)
    shutil.rmtree(directory, ignore_errors=True)
    advice = "python3 can't make an environment; install its module venv (on Debian and Ubuntu: python3-venv)"
    log = directory.parent / f"{directory.name}.log"
    run_logged([sys.executable, "-m", "venv", str(directory)], log, advice)
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--only-binary=:all:"]
    pip = [str(python), "-m", "pip", "install", *options, *more_options, "--requirement", str(requirements)]
    run_logged(pip, log, f"pip can't install what {requirements} names")
    stamp.write_text(wanted)
    return python


def run_logged(command: list[str], log: Path, failure: str, environment: dict[str, str] | None = None) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        status = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, env=environment).returncode
    if status != 0:
        tail = "\n".join(f"  {line}" for line in log.read_text(errors="replace").splitlines()[-5:])
        raise InstallError(f"{failure}\n{tail}\n  (all of it: {log})")
