"""Pub/Sub, Cloud Storage and BigQuery on this machine, for trying out and testing: see docs/LOCAL_STACK.md."""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import shlex
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeAlias

import installs
import services
from problem import Problem
from services import HOST, Ports, Service
from user_folder import locked

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".local-stack"
REDIRECT_JAR = ROOT / "target" / "xml-to-bigquery-local-stack.jar"

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Run: TypeAlias = Callable[["Stack", argparse.Namespace], int]

OK, FAILED, WRONG_USAGE, NOT_UP = 0, 1, 2, 3
RUNNING, HAS_ENDED = "running", "has ended"
PAUSE_SECONDS = 0.05
ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
"""A termination, and the end of the terminal."""
NOTHING_THERE = Ports(0, 0, 0, 0)
PORTS_TO_CHOOSE_FROM = range(20_000, 32_768)
"""Below those that Linux (32768 on) and macOS (49152 on) give to whatever connects."""

EXIT_STATUS = """\
exit status:
  0  done; status and env: the stack is up
  1  it failed, and the reason was printed
  2  wrong usage
  3  status and env: the stack isn't up, or not all of it
"""


class Stack:
    """The stack whose state is kept in one folder."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._ports_file = state / "ports.json"

    def up(self, wanted: dict[str, int], with_pubsub: bool, timeout: float) -> Ports:
        """Starts what isn't running. Whatever fails, nothing that this call has started is left behind."""
        with self._alone():
            ports = self._ports_of_what_runs(wanted, with_pubsub)
            programs = installs.programs(with_pubsub if ports is None else ports.pubsub is not None)
            # Not before: what installs takes a minute, and opens connections, each of which has a port of its own.
            ports = ports or _choose_ports(wanted, with_pubsub)
            stack = self._services(ports)
            missing = [service for service in stack if not service.process.is_running()]
            for service in missing:
                _check_free(service)
            self._save(ports)
            if 0 < len(missing) < len(stack):
                titles = ", ".join(service.title for service in missing)
                print(f"local-stack: {titles} isn't running, but the rest is: starting it anew, empty", file=sys.stderr)
            started: list[Service] = []
            deadline = time.monotonic() + timeout
            try:
                self._start(stack, missing, started, ports, programs, deadline)
                for service in stack:
                    _await_answer(service, deadline)
                    service.create_resources()
                return ports
            except BaseException:
                _ignore_signals()
                _stop(started)
                raise

    def down(self) -> list[str]:
        """Ends everything. Returns the titles of what was running."""
        with self._alone():
            # It takes no ports, so that it also ends a stack whose file of ports is damaged.
            ended = _stop(self._services(NOTHING_THERE))
            self._ports_file.unlink(missing_ok=True)
            return ended

    def ports(self) -> Ports | None:
        """None if the stack was never started, or was ended."""
        try:
            return Ports(**json.loads(self._ports_file.read_text()))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as error:
            raise Problem(f"{self._ports_file} is damaged; run `bin/local-stack down`, then `up`") from error

    def services(self) -> list[Service]:
        return self._services(self.ports() or NOTHING_THERE)

    def _services(self, ports: Ports) -> list[Service]:
        return services.all_services(ports, self._state)

    def _alone(self) -> AbstractContextManager[None]:
        return locked(self._state / "lock", "local-stack: waiting for another command of this stack to end")

    def _ports_of_what_runs(self, wanted: dict[str, int], with_pubsub: bool) -> Ports | None:
        """Those of the stack that is up, wholly or in part; None if nothing is. Another wish is refused."""
        ports = self.ports()
        if ports is None or not any(service.process.is_running() for service in self._services(ports)):
            return None
        if ports.pubsub is None and with_pubsub:
            raise Problem("the stack is up without Pub/Sub; run `bin/local-stack down` first, or up --without-pubsub")
        if changed := [name for name, port in wanted.items() if getattr(ports, name) != port]:
            option = f"--{changed[0].replace('_', '-')}-port"
            raise Problem(f"{option}: the stack is up on other ports; run `bin/local-stack down` first")
        return ports

    def _save(self, ports: Ports) -> None:
        draft = self._ports_file.with_suffix(".new")
        draft.write_text(json.dumps(asdict(ports)))
        draft.replace(self._ports_file)

    def _start(
        self,
        stack: list[Service],
        missing: list[Service],
        started: list[Service],
        ports: Ports,
        programs: installs.Programs,
        deadline: float,
    ) -> None:
        """All at once, but for Cloud Storage: the topic that it notifies must be there when it starts."""
        *pubsub, storage, bigquery = stack
        for service in (*pubsub, bigquery, storage):
            if service not in missing:
                continue
            if service is storage:
                for notified in pubsub:
                    _await_answer(notified, deadline)
                    notified.create_resources()
            started.append(service)
            services.start(service, ports, programs, self._state)


def _stop(stack: Sequence[Service]) -> list[str]:
    """Ends the last first, and all even if one doesn't end. Returns the titles of what was running."""
    ended: list[str] = []

    def stop(service: Service) -> None:
        if service.process.stop():
            ended.append(service.title)

    with ExitStack() as stops:
        for service in stack:
            stops.callback(stop, service)
    return ended


def _ignore_signals() -> None:
    """For the rest of the command: another signal mustn't leave half of the stack behind."""
    for number in (signal.SIGINT, *ENDING_SIGNALS):
        signal.signal(number, signal.SIG_IGN)


def _await_answer(service: Service, deadline: float) -> None:
    while not service.answers():
        # The pause between two questions ends at once when the process does.
        if service.process.ends_within(PAUSE_SECONDS):
            raise Problem(f"{service.title} has ended instead of answering; its log:\n{service.process.log_tail()}")
        if time.monotonic() > deadline:
            tail = service.process.log_tail()
            raise Problem(f"{service.title} doesn't answer; try a longer --timeout. Its log:\n{tail}")


def _choose_ports(wanted: dict[str, int], with_pubsub: bool) -> Ports:
    """The wanted ones, and else free ones."""
    ports = Ports(**{**_free_ports(), **wanted})
    return ports if with_pubsub else replace(ports, pubsub=None)


def _free_ports() -> dict[str, int]:
    """None that the system itself would give: until a server listens there, any connection might be given it."""
    with ExitStack() as sockets:
        ports: dict[str, int] = {}
        # Two stacks that start at once are not to choose the same.
        for port in random.sample(PORTS_TO_CHOOSE_FROM, len(PORTS_TO_CHOOSE_FROM)):
            probe = sockets.enter_context(socket.socket())
            with contextlib.suppress(OSError):
                probe.bind((HOST, port))
                ports[Ports.names()[len(ports)]] = port
            if len(ports) == len(Ports.names()):
                return ports
        raise Problem(f"no port is free from {PORTS_TO_CHOOSE_FROM.start} on; choose them, see up --help")


def _check_free(service: Service) -> None:
    """A server may share a port with another one without a word, so we look before it starts."""
    for port in service.ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                reason = f"port {port}, for {service.title}, can't be had: {error.strerror}"
                raise Problem(f"{reason}; choose another, or let one be chosen") from error


def run_up(stack: Stack, arguments: argparse.Namespace) -> int:
    wanted = {name: port for name in Ports.names() if (port := getattr(arguments, f"{name}_port")) is not None}
    began = time.monotonic()
    ports = stack.up(wanted, not arguments.without_pubsub, arguments.timeout)
    with _down_afterwards(stack) if arguments.foreground else contextlib.nullcontext():
        print(f"The local stack is up, after {time.monotonic() - began:.1f} s.\n")
        print(guide(ports, arguments.state), flush=True)
        # The input also ends when the program that writes to it does, however that ends.
        while arguments.foreground and sys.stdin.buffer.read(1):
            pass
    return OK


@contextlib.contextmanager
def _down_afterwards(stack: Stack) -> Iterator[None]:
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield
    finally:
        _ignore_signals()
        stack.down()


def run_down(stack: Stack, arguments: argparse.Namespace) -> int:
    ended = stack.down()
    print(f"ended: {', '.join(ended)}" if ended else "nothing was running")
    return OK


def run_status(stack: Stack, arguments: argparse.Namespace) -> int:
    is_up = stack.ports() is not None
    states = [(service, _state(service) if is_up else "not running") for service in stack.services()]
    for service, state in states:
        places = " and ".join(f"{HOST}:{port}" for port in service.ports if port)
        print(f"{service.title:14} {state:15} {places}".rstrip())
        if state == HAS_ENDED:
            print(service.process.log_tail())
    return OK if all(state == RUNNING for _, state in states) else NOT_UP


def _state(service: Service) -> str:
    if not service.process.is_running():
        return HAS_ENDED
    return RUNNING if service.answers() else "doesn't answer"


def run_env(stack: Stack, arguments: argparse.Namespace) -> int:
    ports = stack.ports()
    if ports is None or not all(_state(service) == RUNNING for service in stack.services()):
        print("local-stack: not all of the stack is up; run `bin/local-stack up`", file=sys.stderr)
        return NOT_UP
    if arguments.json:
        print(json.dumps(description(ports), indent=2))
    else:
        print("\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables(ports).items()))
    return OK


def variables(ports: Ports) -> dict[str, str]:
    """For the shell. No pipeline option has a blank in it, so that $LOCAL_STACK_OPTIONS splits where it should."""
    pubsub = {
        "LOCAL_STACK_TOPIC": f"projects/{services.PROJECT}/topics/{services.TOPIC}",
        "LOCAL_STACK_SUBSCRIPTION": f"projects/{services.PROJECT}/subscriptions/{services.SUBSCRIPTION}",
        "PUBSUB_EMULATOR_HOST": f"{HOST}:{ports.pubsub}",
    }
    return {
        "LOCAL_STACK_OPTIONS": " ".join(services.pipeline_options(ports)),
        "LOCAL_STACK_REDIRECT": services.redirect(ports),
        "XML_TO_BIGQUERY_CLASSPATH": str(REDIRECT_JAR),
        "LOCAL_STACK_INPUT": f"gs://{services.INPUT_BUCKET}",
        "LOCAL_STACK_DEAD_LETTER": f"gs://{services.DEAD_LETTER_BUCKET}/rejected",
        "LOCAL_STACK_DATASET": f"{services.PROJECT}:{services.DATASET}",
        **({} if ports.pubsub is None else pubsub),
        "GOOGLE_CLOUD_PROJECT": services.PROJECT,
        "STORAGE_EMULATOR_HOST": services.storage_url(ports),
        "BIGQUERY_EMULATOR_HOST": services.bigquery_url(ports),
    }


def description(ports: Ports) -> dict[str, object]:
    return {"options": services.pipeline_options(ports), "ports": asdict(ports), "environment": variables(ports)}


def guide(ports: Ports, state: Path) -> str:
    """What to do with a stack that is up; every line can be pasted into a shell in the project's folder."""
    option = "" if state == FOLDER else f"--state={shlex.quote(str(state))} "
    options = " \\\n".join(f"  {option}" for option in services.pipeline_options(ports))
    discovery = installs.find_bq_discovery()
    pubsub = f"Pub/Sub        {HOST}:{ports.pubsub}, topic {services.TOPIC}, subscription {services.SUBSCRIPTION}"
    notifies = "" if ports.pubsub is None else " (which notifies the topic)"
    lines = [
        *([] if ports.pubsub is None else [pubsub]),
        f"Cloud Storage  {services.storage_url(ports)}, gs://{services.INPUT_BUCKET}{notifies}, "
        f"gs://{services.DEAD_LETTER_BUCKET}, gs://{services.STAGING_BUCKET}",
        f"BigQuery       {services.bigquery_url(ports)} and {HOST}:{ports.bigquery_grpc} for gRPC, "
        f"dataset {services.PROJECT}:{services.DATASET}",
        "",
        "Upload, load, and ask:",
        "",
        f'eval "$(bin/local-stack {option}env)"',
        "for f in sample-data/*.xml; do",
        '  curl -fsS -o /dev/null --data-binary "@$f" \\',
        f'    "$STORAGE_EMULATOR_HOST/upload/storage/v1/b/{services.INPUT_BUCKET}/o?uploadType=media&name=${{f##*/}}"',
        "done",
        f"bin/xml-to-bigquery $LOCAL_STACK_OPTIONS --input='gs://{services.INPUT_BUCKET}/**.xml' \\",
        '  --output="$LOCAL_STACK_DATASET" --deadLetterDir="$LOCAL_STACK_DEAD_LETTER"',
    ]
    if discovery is not None:
        lines += [
            f"CLOUDSDK_AUTH_ACCESS_TOKEN=none bq --api={services.bigquery_url(ports)} \\",
            f"  --discovery_file={shlex.quote(str(discovery))} --project_id={services.PROJECT} \\",
            f"  query --nouse_legacy_sql 'SELECT COUNT(*) AS orders FROM {services.DATASET}.orders'",
        ]
    lines += [
        f"curl -fsS {services.bigquery_url(ports)}/bigquery/v2/projects/{services.PROJECT}/queries \\",
        "  -H 'Content-Type: application/json' \\",
        f"""  -d '{{"useLegacySql": false, "query": "SELECT COUNT(*) AS orders FROM {services.DATASET}.orders"}}'""",
        "",
        "The pipeline's options, which are $LOCAL_STACK_OPTIONS:",
        "",
        options,
    ]
    return "\n".join(lines)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="local-stack",
        description=__doc__,
        epilog=EXIT_STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument(
        "--state",
        type=lambda text: Path(text).absolute(),
        default=FOLDER,
        metavar="FOLDER",
        help="where pids, ports and logs are kept; each folder is a stack of its own (default: .local-stack)",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="up | down | status | env")
    up = _command(commands, "up", run_up, "start what isn't running, and print how to use it")
    either = up.add_mutually_exclusive_group()
    either.add_argument("--without-pubsub", action="store_true", help="then Cloud Storage notifies nobody")
    for name in Ports.names():
        place = either if name == "pubsub" else up
        place.add_argument(f"--{name.replace('_', '-')}-port", type=_port, metavar="PORT", help="default: a free one")
    up.add_argument(
        "--timeout", type=float, default=60.0, metavar="SECONDS", help="for the start, without installing (default: 60)"
    )
    up.add_argument(
        "--foreground",
        action="store_true",
        help="stay until standard input ends or Ctrl-C is pressed, then end everything",
    )
    _command(commands, "down", run_down, "end everything; what the services held is gone")
    _command(commands, "status", run_status, "say which service runs where")
    env = _command(commands, "env", run_env, "print variables for the shell, among them the pipeline's options")
    env.add_argument("--json", action="store_true", help="print them as JSON, with options and ports one by one")
    return top


def _command(commands: Subparsers, name: str, run: Run, text: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=f"{name}: {text}", allow_abbrev=False)
    command.set_defaults(run=run)
    return command


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port (1 to 65535)")
    return int(text)


def main(words: Sequence[str]) -> int:
    arguments = parser().parse_args(words)
    # So that a start that is ended from outside ends what it has started, too. What nohup has us ignore stays ignored.
    for number in ENDING_SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda received, frame: sys.exit(128 + received))
    run: Run = arguments.run
    try:
        return run(Stack(arguments.state), arguments)
    except Problem as problem:
        print(f"local-stack: {problem}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("local-stack: interrupted", file=sys.stderr)
        return FAILED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
