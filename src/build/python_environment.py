"""Environments of Python with exactly the packages of a requirements file, each made once for all clones of the project.

Usage: python_environment.py NAME
It makes one of ENVIRONMENTS, unless it is there.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from user_folder import locked, user_folder

SRC = Path(__file__).resolve().parents[1]
ENVIRONMENTS = {
    "airflow2": SRC / "deployment" / "airflow2-requirements.txt",
    "airflow3": SRC / "deployment" / "airflow3-requirements.txt",
    "checkov": SRC / "deployment" / "checkov-requirements.txt",
    "linters": SRC / "deployment" / "checks-requirements.txt",
    "local-stack": SRC / "local-stack" / "requirements.txt",
}
DAYS_KEPT_UNUSED = 30


class InstallError(Exception):
    """The message says in one line what is wrong and what to do; a log's end may follow it."""


def python_environment(name: str) -> Path:
    """Returns the environment's python. Says on standard error if it must be installed, which takes minutes.

    Other requirements, or another Python, make another environment; one that nobody has used for a month is deleted.
    """
    requirements = ENVIRONMENTS[name]
    folder = user_folder() / "python"
    wanted = hashlib.sha256(requirements.read_bytes() + f"{sys.version}{sys.base_prefix}".encode()).hexdigest()
    directory = folder / f"{name}-{wanted[:12]}"
    python, stamp = directory / "bin" / "python", directory / "installed"
    with locked(folder / f"{name}.lock", f"{name}: waiting until it is installed …"):
        if not stamp.exists():
            print(f"{name}: installing, once; this takes some minutes …", file=sys.stderr, flush=True)
            install(directory, requirements)
        stamp.touch()
        delete_unused(folder.glob(f"{name}-*/installed"))
    return python


def install(directory: Path, requirements: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    advice = "python3 can't make an environment; install its module venv (on Debian and Ubuntu: python3-venv)"
    log = directory.parent / f"{directory.name}.log"
    run_logged([sys.executable, "-m", "venv", str(directory)], log, advice)
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--only-binary=:all:"]
    # What is imported is compiled then: a small part of it all.
    options += ["--no-compile"]
    pip = [str(directory / "bin" / "python"), "-m", "pip", "install", *options, "--requirement", str(requirements)]
    run_logged(pip, log, f"pip can't install what {requirements} names")


def delete_unused(stamps: Iterable[Path]) -> None:
    for stamp in stamps:
        if time.time() - stamp.stat().st_mtime > DAYS_KEPT_UNUSED * 24 * 3600:
            shutil.rmtree(stamp.parent, ignore_errors=True)


def run_logged(command: list[str], log: Path, failure: str, environment: dict[str, str] | None = None) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        status = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, env=environment).returncode
    if status != 0:
        tail = "\n".join(f"  {line}" for line in log.read_text(errors="replace").splitlines()[-5:])
        raise InstallError(f"{failure}\n{tail}\n  (all of it: {log})")


if __name__ == "__main__":
    python_environment(*sys.argv[1:])
