"""Runs inside an environment with Airflow: commands of Airflow, DAG files and their DAGs, as its standard input asks.

Usage: airflow_probe.py DATAFLOW_URL
Questions and answers are JSON objects, each on a line of its own. All is in one process, since Airflow takes seconds to
start. What needs a database comes after the command that migrates it. All is Airflow's own but for two things: the client calls DATAFLOW_URL, and the trigger finds the job in the states that the question tells,
one after the other, without a pause. A state is a name, or the error that asking for it ends with.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # What Airflow prints goes to the log.

from airflow import __version__ as AIRFLOW_VERSION  # noqa: E402
from airflow.cli import cli_parser  # noqa: E402
from airflow.providers.google.cloud.hooks import dataflow as hooks  # noqa: E402
from airflow.providers.google.cloud.triggers.dataflow import DataflowJobStatusTrigger  # noqa: E402
from airflow.triggers.base import TriggerEvent  # noqa: E402
from google.api_core.exceptions import ServiceUnavailable  # noqa: E402
from google.cloud.dataflow_v1beta3 import JobState  # noqa: E402
from sqlalchemy import event  # noqa: E402
from sqlalchemy.engine import Engine  # noqa: E402

AIRFLOW_3 = AIRFLOW_VERSION.startswith("3.")
if AIRFLOW_3:
    from airflow.dag_processing.dagbag import DagBag
else:
    import airflow.providers.fab.auth_manager.models  # noqa: F401, tables that others refer to
    from airflow.models.dagbag import DagBag


class OutsideWorld:
    """Notes what goes to the database or to another machine while it watches."""

    def __init__(self) -> None:
        self.watching = False
        self.seen: list[str] = []
        sys.addaudithook(self.audit)
        event.listen(Engine, "before_cursor_execute", self.query)

    def audit(self, name: str, arguments: tuple[Any, ...]) -> None:
        if self.watching and name in ("socket.connect", "socket.getaddrinfo"):
            self.seen.append(f"{name} {arguments[1:] if name == 'socket.connect' else arguments[:2]}")

    def query(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if self.watching:
            self.seen.append(statement)

    def __enter__(self) -> OutsideWorld:
        self.watching, self.seen = True, []
        return self

    def __exit__(self, *_: Any) -> None:
        self.watching = False


class Probe:
    def __init__(self, dataflow: str) -> None:
        self.outside = OutsideWorld()
        self.deferrals: list[dict[str, Any]] = []
        self.states: list[str] = []
        build = hooks.build
        hooks.build = lambda *arguments, **options: build(
            *arguments, **(options | {"client_options": {"api_endpoint": dataflow}})
        )
        wait = DataflowJobStatusTrigger.run

        async def without_pause(trigger: DataflowJobStatusTrigger) -> AsyncIterator[TriggerEvent]:
            classpath, arguments = trigger.serialize()
            arguments = {name: sorted(value) if isinstance(value, set) else value for name, value in arguments.items()}
            self.deferrals.append({"classpath": classpath, "arguments": arguments})
            trigger.poll_sleep = 0
            async for found in wait(trigger):
                yield found

        async def next_state(*_: Any, **__: Any) -> JobState:
            state = self.states.pop(0)
            if state.startswith("JOB_STATE_"):
                return JobState[state]
            raise ServiceUnavailable(state)

        DataflowJobStatusTrigger.run = without_pause
        hooks.AsyncDataflowHook.get_job_status = next_state

    def command(self, words: list[str]) -> dict[str, Any]:
        """Does what `airflow` does with these words."""
        arguments = cli_parser.get_parser().parse_args(words)
        arguments.func(arguments)
        return {}

    def load(self, file: str) -> dict[str, Any]:
        """Loads the file. The DAG's params are as their JSON schemas."""
        bag = DagBag(os.devnull)
        started = time.monotonic()
        with self.outside:
            dags = bag.process_file(file, only_if_updated=False)
        self.dag = dags[0] if dags else None
        return {
            "errors": list(bag.import_errors.values()),
            "outside": self.outside.seen,
            "seconds": time.monotonic() - started,
            "warnings": [warning for warning in bag.captured_warnings.get(file, ()) if file in warning],
            "dags": [dag.dag_id for dag in dags],
            "params": {name: self.dag.params.get_param(name).schema for name in self.dag.params} if self.dag else {},
            "tasks": {task.task_id: task.retries for task in self.dag.tasks} if self.dag else {},
        }

    def run(self, conf: dict[str, Any], logical_date: str | None, states: list[str]) -> dict[str, Any]:
        """Runs the DAG that was loaded last, to its end."""
        self.deferrals, self.states = [], states
        date = datetime.fromisoformat(logical_date) if logical_date else None
        try:
            run = self.dag.test(**{"logical_date" if AIRFLOW_3 else "execution_date": date}, run_conf=conf)
        except Exception as error:
            return {"refused": f"{type(error).__name__}: {error}"}
        return {"state": str(run.state), "run_id": run.run_id, "deferrals": self.deferrals}

    def set_variable(self, name: str, value: Any) -> dict[str, Any]:
        os.environ[f"AIRFLOW_VAR_{name.upper()}"] = json.dumps(value)
        return {}


def main(dataflow: str) -> None:
    probe = Probe(dataflow)
    for line in sys.stdin:
        question = json.loads(line)
        answer = getattr(probe, question.pop("ask"))(**question)
        sys.stdout.flush()
        print(json.dumps(answer), file=ANSWERS, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
