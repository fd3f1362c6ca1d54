"""Runs bin/local-stack as its users do: python3 -m unittest discover -s src/local-stack -p test_local_stack.py"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import installs
import processes
from local_stack import PORTS_TO_CHOOSE_FROM, Stack
from problem import Problem
from processes import ManagedProcess

ROOT = Path(__file__).resolve().parents[2]
COMMAND = ROOT / "bin" / "local-stack"
EMULATOR_TEST = ROOT / "src" / "local-stack" / "test_bigquery_emulator.py"
REST = urllib.request.build_opener(urllib.request.ProxyHandler({}))

OK, FAILED, WRONG_USAGE, NOT_UP = 0, 1, 2, 3


def why_no_pubsub() -> str:
    """Empty if the Pub/Sub emulator is there."""
    try:
        installs.pubsub_programs()
        return ""
    except Problem as problem:
        return str(problem)


NO_PUBSUB = why_no_pubsub()
needs_pubsub = unittest.skipIf(NO_PUBSUB, NO_PUBSUB)
ALL_THERE_IS = ["--without-pubsub"] if NO_PUBSUB else []


def http(url: str, body: bytes | None = None, method: str | None = None) -> bytes:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method=method)
    with REST.open(request, timeout=30) as response:
        return response.read()


def rpc(url: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return json.loads(http(url, json.dumps(body).encode()))


class StackTestCase(unittest.TestCase):
    """A stack in a folder of its own, with a blank in its name."""

    def new_folder(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="local stack "))
        self.addCleanup(shutil.rmtree, folder)
        return folder

    def new_state(self) -> Path:
        state = self.new_folder() / "state"
        self.addCleanup(run, state, "down")
        return state


def run(
    state: Path, *words: str, environment: Mapping[str, str] | None = None, command: Path = COMMAND, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(command), f"--state={state}", *words],
        env=environment,
        cwd=cwd,
        text=True,
        capture_output=True,
        timeout=600,
    )


def up(state: Path, *options: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """All services, but for Pub/Sub on a machine that doesn't have it."""
    result = run(state, "up", *ALL_THERE_IS, *options, **how)
    if result.returncode != OK:
        raise AssertionError(f"up: status {result.returncode}\n{result.stdout}\n{result.stderr}")
    return result


def pids(state: Path) -> dict[str, int]:
    return {file.stem: int(file.read_text()) for file in (state / "run").glob("*.pid")}


def recorded(state: Path) -> list[int]:
    """As pids(), during a start: not every process has written its own yet."""
    texts = [file.read_text() for file in (state / "run").glob("*.pid")]
    return [int(text) for text in texts if text.strip()]


def receive_signals() -> None:
    """Undoes what nohup and a shell's & do to those they start: signals that are ignored are so in a new program too."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def await_that(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("not within 60 s")
        time.sleep(0.01)


def group_exists(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


def await_end(pid: int) -> bool:
    """Of a whole group. The system takes a moment to forget a process that has ended."""
    deadline = time.monotonic() + 10
    while group_exists(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


class RunningStackTest(StackTestCase):
    """What a stack that is up can do. All tests share one."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(tempfile.mkdtemp(prefix="local stack "))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.state = cls.folder / "state"
        cls.addClassCleanup(run, cls.state, "down")
        link = cls.folder / "linked command"
        link.symlink_to(COMMAND)
        cls.first = up(cls.state, command=link, cwd=cls.folder)
        cls.description = json.loads(run(cls.state, "env", "--json").stdout)
        cls.variables = cls.description["environment"]

    def test_an_object_is_read_back_at_its_generation(self) -> None:
        name = urllib.parse.quote("a b/ü#[1].xml", safe="")
        storage = self.variables["STORAGE_EMULATOR_HOST"]
        written = json.loads(http(f"{storage}/upload/storage/v1/b/landing/o?uploadType=media&name={name}", b"<a/>"))
        found = json.loads(http(f"{storage}/storage/v1/b/landing/o/{name}"))
        self.assertEqual(found["generation"], written["generation"])
        url = f"{storage}/storage/v1/b/landing/o/{name}?alt=media&generation="
        self.assertEqual(http(url + found["generation"]), b"<a/>")
        with self.assertRaises(urllib.error.HTTPError) as raised:
            http(url + "1")
        self.addCleanup(raised.exception.close)
        self.assertEqual(raised.exception.code, 404)

    @needs_pubsub
    def test_an_upload_notifies_the_subscription(self) -> None:
        storage = self.variables["STORAGE_EMULATOR_HOST"]
        url = f"{storage}/upload/storage/v1/b/landing/o?uploadType=media&name=notified.xml"
        generation = json.loads(http(url, b"<a/>"))["generation"]
        attributes = self.pull(lambda message: message["attributes"].get("objectId") == "notified.xml")["attributes"]
        self.assertEqual(attributes["eventType"], "OBJECT_FINALIZE")
        self.assertEqual(attributes["bucketId"], "landing")
        self.assertEqual(attributes["objectGeneration"], generation)

    @needs_pubsub
    def test_a_message_is_published_and_pulled(self) -> None:
        message = {"data": base64.b64encode(b"hello").decode(), "attributes": {"a": "b"}}
        topic = f"http://{self.variables['PUBSUB_EMULATOR_HOST']}/v1/{self.variables['LOCAL_STACK_TOPIC']}"
        rpc(f"{topic}:publish", {"messages": [message]})
        self.assertEqual(self.pull(lambda pulled: pulled["attributes"] == {"a": "b"})["data"], message["data"])

    def pull(self, wanted: Any) -> dict[str, Any]:
        """The wanted message; others are acknowledged and forgotten."""
        names = self.variables
        subscription = f"http://{names['PUBSUB_EMULATOR_HOST']}/v1/{names['LOCAL_STACK_SUBSCRIPTION']}"
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            received = rpc(f"{subscription}:pull", {"maxMessages": 1}).get("receivedMessages", [])
            for message in received:
                rpc(f"{subscription}:acknowledge", {"ackIds": [message["ackId"]]})
                if wanted(message["message"]):
                    return message["message"]
        self.fail("the message doesn't come")

    def test_bigquery_takes_rows_through_storage_write_and_answers_sql(self) -> None:
        ports = self.description["ports"]
        environment = {
            "REST_URL": f"http://127.0.0.1:{ports['bigquery']}",
            "GRPC_ADDRESS": f"127.0.0.1:{ports['bigquery_grpc']}",
        }
        command = [str(installs.emulators_python()), "-I", str(EMULATOR_TEST)]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_up_twice_changes_nothing(self) -> None:
        before = pids(self.state)
        self.assertIn("--bigQueryEndpoint=", up(self.state).stdout)
        self.assertEqual(pids(self.state), before)

    def test_up_on_other_ports_is_refused(self) -> None:
        result = run(self.state, "up", *ALL_THERE_IS, "--storage-port=1")
        self.assertEqual(result.returncode, FAILED)
        self.assertIn("--storage-port", result.stderr)

    def test_its_ports_are_none_that_the_system_gives_to_connections(self) -> None:
        ports = json.loads(run(self.state, "env", "--json").stdout)["ports"]
        self.assertEqual([port for port in ports.values() if port and port not in PORTS_TO_CHOOSE_FROM], [])

    def test_status_says_where_each_service_runs(self) -> None:
        result = run(self.state, "status")
        self.assertEqual(result.returncode, OK)
        for port in filter(None, self.description["ports"].values()):
            self.assertRegex(result.stdout, rf"running .*:{port}\b")

    def test_env_can_be_read_by_a_shell(self) -> None:
        result = run(self.state, "env")
        self.assertEqual(result.returncode, OK)
        script = f'{result.stdout}\nprintf "%s\\n" $LOCAL_STACK_OPTIONS "$XML_TO_BIGQUERY_CLASSPATH"'
        printed = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True).stdout.splitlines()
        self.assertEqual(printed, [*self.description["options"], self.variables["XML_TO_BIGQUERY_CLASSPATH"]])

    def test_the_options_are_printed_by_up(self) -> None:
        for option in self.description["options"]:
            self.assertIn(option, self.first.stdout)


class LifeCycleTest(StackTestCase):
    def test_down_leaves_no_process(self) -> None:
        state = self.new_state()
        up(state)
        groups = pids(state)
        self.assertLessEqual({"bigquery", "storage"}, set(groups))
        self.assertEqual(run(state, "down").returncode, OK)
        self.assertTrue(all(await_end(pid) for pid in groups.values()))
        self.assertEqual(pids(state), {})
        self.assertEqual(run(state, "down").stdout, "nothing was running\n")

    def test_without_pubsub_the_rest_is_there(self) -> None:
        state = self.new_state()
        self.assertNotIn("Pub/Sub", run(state, "up", "--without-pubsub").stdout)
        self.assertEqual(sorted(pids(state)), ["bigquery", "storage"])
        self.assertEqual(run(state, "status").returncode, OK)
        self.assertNotIn("PUBSUB", run(state, "env").stdout.upper())
        self.assertIn("up without Pub/Sub", run(state, "up").stderr)
        self.assertEqual(run(state, "up", "--without-pubsub").returncode, OK)

    def test_in_the_foreground_under_nohup_it_ends_with_its_input(self) -> None:
        def hang_up_then_close(stack: subprocess.Popen[bytes]) -> None:
            stack.send_signal(signal.SIGHUP)
            stack.stdin.close()

        self.assert_ends(hang_up_then_close, prefix=["nohup"])

    def test_in_the_foreground_it_ends_when_it_is_interrupted(self) -> None:
        self.assert_ends(lambda stack: stack.send_signal(signal.SIGINT))

    def test_in_the_foreground_it_ends_when_its_terminal_is_closed(self) -> None:
        self.assert_ends(lambda stack: stack.send_signal(signal.SIGHUP), status=128 + signal.SIGHUP)

    def assert_ends(
        self, end: Callable[[subprocess.Popen[bytes]], None], status: int = OK, prefix: Sequence[str] = ()
    ) -> None:
        state = self.new_state()
        command = [*prefix, str(COMMAND), f"--state={state}", "up", "--without-pubsub", "--foreground"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=receive_signals
        ) as stack:
            self.assertIn(b"is up", stack.stdout.readline())
            groups = pids(state)
            self.assertEqual(len(groups), 2)
            end(stack)
            self.assertEqual(stack.wait(60), status)
        self.assertTrue(all(await_end(pid) for pid in groups.values()))

    def test_a_service_that_was_killed_is_reported_and_started_again(self) -> None:
        state = self.new_state()
        up(state)
        before = pids(state)
        os.killpg(before["storage"], signal.SIGKILL)
        self.assertTrue(await_end(before["storage"]))
        status = run(state, "status")
        self.assertEqual(status.returncode, NOT_UP)
        self.assertRegex(status.stdout, r"Cloud Storage +has ended")
        self.assertEqual(run(state, "env").returncode, NOT_UP)
        self.assertIn("Cloud Storage isn't running", up(state).stderr)
        after = pids(state)
        self.assertEqual(run(state, "status").returncode, OK)
        self.assertEqual({name for name in after if after[name] != before[name]}, {"storage"})

    def test_down_ends_what_a_killed_up_has_started(self) -> None:
        state = self.new_state()
        command = [str(COMMAND), f"--state={state}", "up", *ALL_THERE_IS]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as starting:
            await_that(lambda: recorded(state))
            started = recorded(state)
            starting.kill()
        self.assertEqual(run(state, "down").returncode, OK)
        self.assertTrue(all(await_end(pid) for pid in started))

    def test_a_pid_of_an_unrelated_process_is_not_believed(self) -> None:
        state = self.new_state()
        with subprocess.Popen(["sleep", "600"], start_new_session=True) as unrelated:
            (state / "run").mkdir(parents=True)
            (state / "run" / "storage.pid").write_text(f"{unrelated.pid}\n")
            (state / "ports.json").write_text('{"pubsub": 1, "storage": 2, "bigquery": 3, "bigquery_grpc": 4}')
            self.assertEqual(run(state, "status").returncode, NOT_UP)
            self.assertEqual(run(state, "down").stdout, "nothing was running\n")
            self.assertIsNone(unrelated.poll())
            unrelated.kill()

    def test_down_ends_a_stack_whose_ports_are_damaged(self) -> None:
        state = self.new_state()
        with running(state / "run" / "storage.pid") as storage:
            (state / "ports.json").write_text('{"pubsub": 1, "sto')
            status = run(state, "status")
            self.assertEqual(status.returncode, FAILED)
            self.assertIn("ports.json is damaged; run `bin/local-stack down`", status.stderr)
            self.assertEqual(run(state, "down").stdout, "ended: Cloud Storage\n")
            self.assertEqual(storage.wait(10), -signal.SIGTERM)
        self.assertEqual(run(state, "status").returncode, NOT_UP)

    def test_what_does_not_end_keeps_nothing_else_alive(self) -> None:
        state = self.new_state()
        with running(state / "run" / "storage.pid") as storage, running(state / "run" / "bigquery.pid", can_end=False):
            with mock.patch.object(processes, "SECONDS_TO_END", 0.1):
                with self.assertRaisesRegex(Problem, "BigQuery doesn't end"):
                    Stack(state).down()
            self.assertEqual(storage.wait(10), -signal.SIGTERM)

    def test_two_that_ask_at_the_same_time_are_told_the_same(self) -> None:
        dead = ManagedProcess("dead", self.new_folder() / "dead.pid", self.new_folder() / "dead.log")
        dead.pid_file.write_text("1\n")
        answers: list[bool] = []
        flock = fcntl.flock

        def flock_and_ask(descriptor: int, operation: int) -> None:
            flock(descriptor, operation)
            with mock.patch.object(fcntl, "flock", flock):
                answers.append(dead.is_running())

        with mock.patch.object(fcntl, "flock", flock_and_ask):
            answers.append(dead.is_running())
        self.assertEqual(answers, [False, False])


@contextlib.contextmanager
def running(pid_file: Path, can_end: bool = True) -> Iterator[subprocess.Popen[bytes]]:
    """A process in the place of a service. If it can't end, that is as if one that has left its group held the lock."""
    pid_file.parent.mkdir(parents=True, exist_ok=True)
    with pid_file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with subprocess.Popen(["sleep", "600"], start_new_session=True, pass_fds=[lock.fileno()]) as process:
            pid_file.write_text(f"{process.pid}\n")
            if can_end:
                lock.close()
            try:
                yield process
            finally:
                process.kill()


class RefusalTest(StackTestCase):
    def test_an_occupied_port_is_named_and_nothing_is_started(self) -> None:
        state = self.new_state()
        with socket.socket() as occupied:
            occupied.bind(("127.0.0.1", 0))
            occupied.listen()
            port = occupied.getsockname()[1]
            result = run(state, "up", *ALL_THERE_IS, f"--bigquery-grpc-port={port}")
        self.assertEqual(result.returncode, FAILED)
        self.assertIn(f"port {port}, for BigQuery,", result.stderr)
        self.assertEqual(pids(state), {})

    @unittest.skipUnless(shutil.which("java"), "the Pub/Sub emulator needs Java")
    def test_a_start_that_fails_shows_the_log_and_leaves_nothing(self) -> None:
        state = self.new_state()
        result = run(state, "up", environment=self.with_emulator("echo it is broken\nexit 7"))
        self.assertEqual(result.returncode, FAILED)
        self.assertRegex(result.stderr, r"Pub/Sub has ended(.|\n)*it is broken")
        self.assertEqual(pids(state), {})

    @unittest.skipUnless(shutil.which("java"), "the Pub/Sub emulator needs Java")
    def test_a_start_that_is_interrupted_twice_leaves_nothing(self) -> None:
        state = self.new_state()
        folder = self.new_folder()
        (folder / "wait").touch()
        script = """trap 'touch "$FOLDER/stopping"' TERM; while [ -e "$FOLDER/wait" ]; do sleep 0.1; done"""
        environment = {**self.with_emulator(script), "FOLDER": str(folder)}
        command = [str(COMMAND), f"--state={state}", "up"]
        with subprocess.Popen(
            command, env=environment, stderr=subprocess.PIPE, preexec_fn=receive_signals
        ) as starting:
            await_that(lambda: len(recorded(state)) >= 2)
            starting.send_signal(signal.SIGINT)
            await_that((folder / "stopping").exists)
            starting.send_signal(signal.SIGINT)
            (folder / "wait").unlink()
            self.assertEqual(starting.wait(60), FAILED)
        self.assertEqual(pids(state), {})

    def with_emulator(self, script: str) -> dict[str, str]:
        """An environment whose emulator of Pub/Sub is a script."""
        sdk = self.new_folder()
        emulator = sdk / "platform" / "pubsub-emulator" / "bin" / "cloud-pubsub-emulator"
        for program, text in ((sdk / "bin" / "gcloud", ""), (emulator, script)):
            program.parent.mkdir(parents=True)
            program.write_text(f"#!/bin/sh\n{text}\n")
            program.chmod(0o755)
        return {**os.environ, "PATH": f"{sdk / 'bin'}:{os.environ['PATH']}"}

    def test_each_missing_prerequisite_is_named_in_one_line(self) -> None:
        state = self.new_state()
        programs = self.new_folder()
        for name in ("sh", "dirname", "readlink"):
            (programs / name).symlink_to(shutil.which(name))
        environment = {"PATH": str(programs)}
        self.assert_refused(state, environment, "needs Python 3.11")
        (programs / "python3").symlink_to(sys.executable)
        self.assert_refused(state, environment, "java is missing")
        self.assert_refused(state, environment, "--without-pubsub")
        (programs / "java").symlink_to(shutil.which("java"))
        self.assert_refused(state, environment, "gcloud is missing")
        (programs / "gcloud").write_text(f"#!/bin/sh\necho '{programs}'\n")
        (programs / "gcloud").chmod(0o755)
        self.assert_refused(state, environment, "the Pub/Sub emulator is missing")

    def assert_refused(self, state: Path, environment: Mapping[str, str], message: str) -> None:
        result = run(state, "up", environment=environment)
        self.assertEqual(result.returncode, FAILED)
        self.assertIn(message, result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)

    def test_wrong_usage_has_a_status_of_its_own(self) -> None:
        state = self.new_state()
        for words in (["up", "--storage-port=70000"], ["start"], []):
            self.assertEqual(run(state, *words).returncode, WRONG_USAGE, words)
        self.assertEqual(run(state, "--help").returncode, OK)


if __name__ == "__main__":
    unittest.main()
