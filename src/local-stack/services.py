"""The three services: how each is started, how one sees that it answers, and what is created in it."""

from __future__ import annotations

import json
import os
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from installs import Programs
from problem import Problem
from processes import ManagedProcess

HOST = "127.0.0.1"

PROJECT = "local-project"
DATASET = "demo"
INPUT_BUCKET = "landing"
DEAD_LETTER_BUCKET = "dead-letter"
STAGING_BUCKET = "staging"
TOPIC = "landed-files"
SUBSCRIPTION = "xml-to-bigquery"

BIGQUERY_LAUNCHER = Path(__file__).parent / "bigquery_emulator.py"

# It is small, and has to start quickly; by itself it logs ten lines for every request.
PUBSUB_LOGGING = "pubsub-logging.properties"
PUBSUB_LOGGING_TEXT = "handlers=java.util.logging.ConsoleHandler\n.level=WARNING\n"
PUBSUB_JAVA_OPTIONS = (
    f"-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m -Djava.util.logging.config.file={PUBSUB_LOGGING}"
)

# They would change what the services do.
STRANGE_VARIABLES = ("BQEMU_", "OTEL_", "PYTHON", "JAVA_", "JDK_", "_JAVA_", "PUBSUB_EMULATOR", "STORAGE_EMULATOR")

ANSWER_SECONDS = 10.0
IS_THERE_ALREADY = 409

# What a client of HTTP/2 says first: its preface, and settings of which it has none.
HTTP2_GREETING = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
HTTP2_SETTINGS = 4

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Ports:
    pubsub: int | None
    """None: the stack has no Pub/Sub."""
    storage: int
    bigquery: int
    bigquery_grpc: int

    @classmethod
    def names(cls) -> list[str]:
        return [field.name for field in fields(cls)]


@dataclass(frozen=True)
class Service:
    title: str
    ports: tuple[int, ...]
    process: ManagedProcess
    answers: Callable[[], bool]
    create_resources: Callable[[], None]


def all_services(ports: Ports, state: Path) -> list[Service]:
    """Those of the stack, in the order in which they depend on each other."""

    def process(name: str, title: str) -> ManagedProcess:
        return ManagedProcess(title, state / "run" / f"{name}.pid", state / "logs" / f"{name}.log")

    stack = [
        Service(
            "Cloud Storage",
            (ports.storage,),
            process("storage", "Cloud Storage"),
            lambda: _is_ok(f"{storage_url(ports)}/_internal/healthcheck"),
            lambda: _create_buckets(ports),
        ),
        Service(
            "BigQuery",
            (ports.bigquery, ports.bigquery_grpc),
            process("bigquery", "BigQuery"),
            lambda: _is_ok(f"{bigquery_url(ports)}/readyz") and _speaks_http2(ports.bigquery_grpc),
            lambda: _create_dataset(ports),
        ),
    ]
    if ports.pubsub is None:
        return stack
    pubsub = Service(
        "Pub/Sub",
        (ports.pubsub,),
        process("pubsub", "Pub/Sub"),
        lambda: _is_ok(pubsub_url(ports)),
        lambda: _create_topic(ports),
    )
    return [pubsub, *stack]


def start(service: Service, ports: Ports, programs: Programs, state: Path) -> None:
    """Starts it without waiting until it answers."""
    home = state / "home"
    home.mkdir(parents=True, exist_ok=True)
    (home / PUBSUB_LOGGING).write_text(PUBSUB_LOGGING_TEXT)
    command, environment = {
        "Pub/Sub": _pubsub_command,
        "Cloud Storage": _storage_command,
        "BigQuery": _bigquery_command,
    }[service.title](ports, programs)
    usual = {name: value for name, value in os.environ.items() if not name.startswith(STRANGE_VARIABLES)}
    service.process.start(command, {**usual, "HOME": str(home), "TMPDIR": str(home), **environment}, home)


def pubsub_url(ports: Ports) -> str:
    return f"http://{HOST}:{ports.pubsub}"


def storage_url(ports: Ports) -> str:
    return f"http://{HOST}:{ports.storage}"


def bigquery_url(ports: Ports) -> str:
    return f"http://{HOST}:{ports.bigquery}"


def pipeline_options(ports: Ports) -> list[str]:
    pubsub = [] if ports.pubsub is None else [f"--pubsubRootUrl={pubsub_url(ports)}"]
    return [
        "--credentialFactoryClass=org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory",
        f"--project={PROJECT}",
        f"--tempLocation=gs://{STAGING_BUCKET}/temp",
        f"--gcsEndpoint={storage_url(ports)}/storage/v1/",
        *pubsub,
        # No slash at its end: BigQueryIO would end in a NullPointerException.
        f"--bigQueryEndpoint={bigquery_url(ports)}",
    ]


def redirect(ports: Ports) -> str:
    """For the Storage Write client, which asks for gRPC where REST is: see LocalStackChannelProvider."""
    return f"{HOST}:{ports.bigquery}={HOST}:{ports.bigquery_grpc}"


def _pubsub_command(ports: Ports, programs: Programs) -> tuple[list[str], dict[str, str]]:
    assert programs.pubsub is not None
    command = [str(programs.pubsub.emulator), f"--host={HOST}", f"--port={ports.pubsub}"]
    return command, {"JAVA_HOME": str(programs.pubsub.java_home), "JAVA_OPTS": PUBSUB_JAVA_OPTIONS}


def _storage_command(ports: Ports, programs: Programs) -> tuple[list[str], dict[str, str]]:
    address = f"{HOST}:{ports.storage}"
    command = [str(programs.fake_gcs_server), "-scheme", "http", "-host", HOST, "-port", str(ports.storage)]
    command += ["-public-host", address, "-external-url", f"http://{address}", "-backend", "memory"]
    command += ["-log-level", "warn"]
    if ports.pubsub is None:
        return command, {}
    command += ["-event.bucket", INPUT_BUCKET, "-event.list", "finalize"]
    command += ["-event.pubsub-project-id", PROJECT, "-event.pubsub-topic", TOPIC]
    return command, {"PUBSUB_EMULATOR_HOST": f"{HOST}:{ports.pubsub}"}


def _bigquery_command(ports: Ports, programs: Programs) -> tuple[list[str], dict[str, str]]:
    arguments = [PROJECT, str(ports.bigquery), str(ports.bigquery_grpc)]
    # -I: nothing but the environment's own packages.
    return [str(programs.python), "-I", str(BIGQUERY_LAUNCHER), *arguments], {}


def _create_topic(ports: Ports) -> None:
    resources = f"{pubsub_url(ports)}/v1/projects/{PROJECT}"
    _create("PUT", f"{resources}/topics/{TOPIC}", {})
    subscription = {"topic": f"projects/{PROJECT}/topics/{TOPIC}", "ackDeadlineSeconds": 60}
    _create("PUT", f"{resources}/subscriptions/{SUBSCRIPTION}", subscription)


def _create_buckets(ports: Ports) -> None:
    for bucket in (INPUT_BUCKET, DEAD_LETTER_BUCKET, STAGING_BUCKET):
        _create("POST", f"{storage_url(ports)}/storage/v1/b?project={PROJECT}", {"name": bucket})


def _create_dataset(ports: Ports) -> None:
    dataset = {"datasetReference": {"projectId": PROJECT, "datasetId": DATASET}, "location": "US"}
    _create("POST", f"{bigquery_url(ports)}/bigquery/v2/projects/{PROJECT}/datasets", dataset)


def _create(method: str, url: str, resource: Mapping[str, Any]) -> None:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(resource).encode(), headers, method=method)
    try:
        DIRECT.open(request, timeout=ANSWER_SECONDS).close()
    except urllib.error.HTTPError as error:
        with error:
            if error.code != IS_THERE_ALREADY:
                raise Problem(f"{method} {url} was refused: {error.read().decode(errors='replace').strip()}") from error
    except OSError as error:
        raise Problem(f"{method} {url} failed: {error}") from error


def _is_ok(url: str) -> bool:
    try:
        DIRECT.open(url, timeout=ANSWER_SECONDS).close()
    except OSError:
        return False
    return True


def _speaks_http2(port: int) -> bool:
    """Whether a server of gRPC answers. That is the least it takes, and needs no library."""
    try:
        with socket.create_connection((HOST, port), timeout=ANSWER_SECONDS) as connection:
            connection.sendall(HTTP2_GREETING)
            header = connection.recv(9, socket.MSG_WAITALL)
            return len(header) == 9 and header[3] == HTTP2_SETTINGS
    except OSError:
        return False
