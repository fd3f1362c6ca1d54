"""Runs dag/ with Airflow 2 and 3, and looks at what reaches Dataflow.

To run it alone: python3 -m unittest discover -s src/deployment -p test_dag.py
"""

from __future__ import annotations

import json
import os
import re
import shutil
import string
import subprocess
import tempfile
import threading
import unittest
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from checks import ROOT, python_environment
from dataflow_stand_in import JOB_NAME, Dataflow, Launch, wrong_value

HERE = Path(__file__).resolve().parent
DAG = ROOT / "dag" / "xml_to_bigquery_backfill.py"
VARIABLES = ROOT / "dag" / "composer_variables.template"
METADATA = ROOT / "metadata.json"

# What Terraform's output gives to the shell, as far as the template uses it.
SHELL = {
    "PROJECT": "demo-project",
    "REGION": "europe-west1",
    "TEMPLATE": "gs://demo-staging/templates/xml-to-bigquery-1.0.json",
    "INPUT_BUCKET": "demo-input",
    "STAGING_BUCKET": "demo-staging",
    "DEAD_LETTER_BUCKET": "demo-dead-letter",
    "DATASET": "demo",
    "REJECTED_INPUT": "delete",
    "KMS_KEY": "",
    "SUBNETWORK": "https://www.googleapis.com/compute/v1/projects/demo-host/regions/europe-west1/subnetworks/dataflow",
    "NETWORK_TAGS": "allow-google-apis;dataflow",
    "WORKER_SERVICE_ACCOUNT": "xml-to-bigquery@demo-project.iam.gserviceaccount.com",
    "SDK_IMAGE": "europe-west1-docker.pkg.dev/demo-project/demo/xml-to-bigquery-sdk:1.0",
}
STREAMING_PARAMETERS = {
    "inputSubscription",
    "deduplicationWindow",
    "reconcileInterval",
    "storageWriteApiTriggeringFrequencySec",
}
DONE = ("JOB_STATE_PENDING", "JOB_STATE_RUNNING", "JOB_STATE_DONE")
WITHOUT_PAUSE = ("retry_delay=timedelta(minutes=1)", "retry_delay=timedelta(0)")
PATIENCE = 180  # Seconds for one answer, on a busy machine.
DAY = "2026-11-24T10:30:00+00:00"
A_SECOND_LATER = "2026-11-24T10:30:01+00:00"


def variables(changes: dict[str, str] | None = None) -> dict[str, Any]:
    """The template as envsubst renders it."""
    return json.loads(string.Template(VARIABLES.read_text()).substitute(SHELL | (changes or {})))


class Airflow:
    """An Airflow of one version with a database, a variable and a probe that runs DAGs, all in a folder of its own."""

    def __init__(self, name: str) -> None:
        self.python = python_environment(name)
        [discovery] = self.python.parent.parent.glob("lib/python*/site-packages/googleapiclient/*/*/dataflow.v1b3.json")
        self.dataflow = Dataflow(json.loads(discovery.read_text()), json.loads(METADATA.read_text()))
        self.folder = tempfile.TemporaryDirectory(prefix=f"{name} ")
        self.home = Path(self.folder.name)
        self.dags = self.home / "dags"
        self.dags.mkdir()
        self.log = (self.home / "probe.log").open("w+b")
        self.loads = 0

    def __enter__(self) -> Airflow:
        self.dataflow.__enter__()
        command = [self.python, HERE / "airflow_probe.py", self.dataflow.url]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self.log}
        self.probe = subprocess.Popen(command, env=self.environment(), cwd=self.home, text=True, **pipes)
        self.ask("command", words=["db", "migrate"])
        rendered = self.home / "variables.json"
        rendered.write_text(json.dumps(variables()))
        self.ask("command", words=["variables", "import", str(rendered)])
        return self

    def __exit__(self, *_: object) -> None:
        self.probe.communicate()
        self.log.close()
        self.dataflow.__exit__()
        self.folder.cleanup()

    def environment(self) -> dict[str, str]:
        connection = {"conn_type": "google_cloud_platform", "extra": {"is_anonymous": True, "project": "another"}}
        return {
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.dags),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DEFAULT_TASK_RETRIES": "2",  # As in Composer.
            "AIRFLOW_CONN_GOOGLE_CLOUD_DEFAULT": json.dumps(connection),
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "PYTHONWARNINGS": "always::DeprecationWarning",
        }

    def load(self, source: str) -> dict[str, Any]:
        self.loads += 1
        copy = self.dags / DAG.name
        copy.write_text(source)
        # Of two that are loaded within a second, Python would take the first one's bytecode for the second.
        os.utime(copy, (self.loads, self.loads))
        return self.ask("load", file=str(copy))

    def ask(self, question: str, **details: Any) -> dict[str, Any]:
        """The probe's answer, and what Airflow logged meanwhile."""
        start = self.log.seek(0, os.SEEK_END)
        self.probe.stdin.write(json.dumps({"ask": question, **details}) + "\n")
        self.probe.stdin.flush()
        watchdog = threading.Timer(PATIENCE, self.probe.kill)
        watchdog.start()
        answer = self.probe.stdout.readline()
        watchdog.cancel()
        self.log.seek(start)
        log = self.log.read().decode(errors="replace")
        if not answer:
            raise AssertionError(f"the probe ended:\n{log}")
        return json.loads(answer) | {"log": log}


class AirflowTests:
    """What must hold with each version of Airflow."""

    name: str
    deprecated: tuple[str, str]
    airflow: Airflow

    @classmethod
    def setUpClass(cls) -> None:
        cls.airflow = cls.enterClassContext(Airflow(cls.name))

    def setUp(self) -> None:
        self.airflow.dataflow.forget()

    def load(self, *changes: tuple[str, str]) -> dict[str, Any]:
        """Loads the DAG, or a copy with changes."""
        source = DAG.read_text()
        for old, new in changes:
            self.assertIn(old, source)
            source = source.replace(old, new)
        return self.airflow.load(source)

    def run_dag(self, *states: str, logical_date: str | None = DAY, **conf: Any) -> dict[str, Any]:
        """A run whose job is found in these states."""
        return self.airflow.ask("run", conf=conf, logical_date=logical_date, states=states or DONE)

    def launch(self, *changes: tuple[str, str], logical_date: str | None = DAY, **conf: Any) -> Launch:
        """What reaches Dataflow, of one run that goes well."""
        self.assertEqual([], self.load(*changes)["errors"])
        self.airflow.dataflow.forget()
        answer = self.run_dag(logical_date=logical_date, **conf)
        self.assertEqual("success", answer.get("state"), answer)
        [launch] = self.airflow.dataflow.launches
        return launch

    def failure(self, *changes: tuple[str, str], **conf: Any) -> str:
        """The log of a run that launches nothing."""
        self.assertEqual([], self.load(*changes)["errors"])
        answer = self.run_dag(**conf)
        self.assertEqual("failed", answer.get("state"), answer)
        self.assertEqual([], self.airflow.dataflow.launches)
        return answer["log"]

    def variable(self, value: Any) -> tuple[str, str]:
        """A change of the DAG: it reads a variable with that value."""
        name = f"changed_{uuid.uuid4().hex}"
        self.airflow.ask("set_variable", name=name, value=value)
        return ('VARIABLE = "xml_to_bigquery"', f'VARIABLE = "{name}"')

    # Loading

    def test_loads_without_errors_warnings_database_and_network(self) -> None:
        loaded = self.load()
        self.assertEqual([], loaded["errors"])
        self.assertEqual([], loaded["warnings"])
        self.assertEqual([], loaded["outside"])
        self.assertEqual(["xml_to_bigquery_backfill"], loaded["dags"])

    def test_finds_a_deprecated_import(self) -> None:
        loaded = self.load(self.deprecated)
        self.assertEqual([], loaded["errors"])
        self.assertIn("deprecated", str(loaded["warnings"]))

    def test_finds_a_variable_that_is_read_while_loading(self) -> None:
        reading = "from airflow.models import Variable\nVariable.get(VARIABLE, None)\n\nwith DAG("
        loaded = self.load(("\nwith DAG(", f"\n{reading}"))
        self.assertTrue(loaded["outside"] or loaded["errors"])

    def test_finds_a_connection_while_loading(self) -> None:
        port = urlsplit(self.airflow.dataflow.url).port
        connecting = f"import socket\nsocket.create_connection(('127.0.0.1', {port})).close()\n\nwith DAG("
        loaded = self.load(("\nwith DAG(", f"\n{connecting}"))
        self.assertIn("socket.connect", str(loaded["outside"]))

    def test_finds_a_wrong_import(self) -> None:
        loaded = self.load(("import pendulum\n", "import pendulum\nimport pendulums\n"))
        self.assertIn("ModuleNotFoundError", str(loaded["errors"]))

    def test_finds_a_wrong_argument_of_the_operator(self) -> None:
        loaded = self.load(("append_job_name=False", "append_jobname=False"))
        self.assertIn("append_jobname", str(loaded["errors"]))

    # What a run loads

    def test_loads_the_files_of_its_own_day(self) -> None:
        self.assertEqual("gs://demo-input/archive/2026-11-24/**.xml", self.launch().parameters["input"])

    def test_loads_the_files_of_a_date(self) -> None:
        self.assertEqual("gs://demo-input/archive/2026-02-28/**.xml", self.launch(date="2026-02-28").parameters["input"])

    def test_loads_what_a_pattern_matches(self) -> None:
        pattern = "gs://elsewhere/a b/{1,2}/*.xml"
        self.assertEqual(pattern, self.launch(input=pattern).parameters["input"])

    def test_writes_the_day_as_the_variable_says(self) -> None:
        change = self.variable(self.settings() | {"input": "gs://demo-input/archive/{date:%Y/%m/%d}/*.xml"})
        self.assertEqual("gs://demo-input/archive/2026/02/28/*.xml", self.launch(change, date="2026-02-28").parameters["input"])

    def test_days_are_those_of_the_time_zone(self) -> None:
        berlin = ('timezone("UTC")', 'timezone("Europe/Berlin")')
        late = "2026-11-24T23:30:00+00:00"
        in_utc, in_berlin = self.launch(logical_date=late), self.launch(berlin, logical_date=late)
        self.assertEqual("gs://demo-input/archive/2026-11-24/**.xml", in_utc.parameters["input"])
        self.assertEqual("gs://demo-input/archive/2026-11-25/**.xml", in_berlin.parameters["input"])

    def test_with_the_schedule_of_its_comment_loads_the_day_before(self) -> None:
        source = DAG.read_text()
        schedule = re.search(r'CronDataIntervalTimetable\("[^"]+", timezone=TIME_ZONE\)', source)[0]
        [module] = re.findall(r"airflow\.timetables\.\w+", source)
        changes = [
            ("schedule=None", f"schedule={schedule}"),
            ("import pendulum\n", f"import pendulum\nfrom {module} import CronDataIntervalTimetable\n"),
        ]
        self.assertEqual("gs://demo-input/archive/2026-11-23/**.xml", self.launch(*changes).parameters["input"])

    def test_refuses_an_input_that_is_no_pattern_of_cloud_storage(self) -> None:
        self.load()
        for pattern in ("data/*.xml", "gs://", "gs://bucket", "s3://bucket/*.xml", " gs://bucket/*.xml"):
            with self.subTest(pattern):
                self.assertIn("ParamValidationError", self.run_dag(input=pattern)["refused"])
        self.assertEqual([], self.airflow.dataflow.launches)

    def test_refuses_a_date_that_is_none(self) -> None:
        self.load()
        self.assertIn("ParamValidationError", self.run_dag(date="yesterday")["refused"])

    def test_refuses_both_input_and_date(self) -> None:
        self.assertIn("not both", self.failure(input="gs://bucket/*.xml", date="2026-02-28"))

    def test_refuses_a_date_that_changes_nothing(self) -> None:
        change = self.variable(self.settings() | {"input": "gs://demo-input/**.xml"})
        self.assertIn("the param date needs {date}", self.failure(change, date="2026-02-28"))

    def test_says_what_is_wrong_with_the_input_of_the_variable(self) -> None:
        for pattern, message in (
            ("gs://demo-input/archive/{day}/*.xml", "no other placeholder than {date}"),
            ("demo-input/{date}/*.xml", "must be a pattern such as gs://"),
            ("", "give the param input"),
        ):
            with self.subTest(pattern):
                self.assertIn(message, self.failure(self.variable(self.settings() | {"input": pattern})))

    # What it launches

    def test_launches_what_the_variable_says(self) -> None:
        launch = self.launch()
        self.assertEqual([], self.airflow.dataflow.problems)
        self.assertEqual(("demo-project", "europe-west1"), (launch.project, launch.region))
        expected = {
            "launchParameter": {
                "jobName": launch.job,
                "containerSpecGcsPath": "gs://demo-staging/templates/xml-to-bigquery-1.0.json",
                "parameters": {
                    "input": "gs://demo-input/archive/2026-11-24/**.xml",
                    "output": "demo-project:demo",
                    "deadLetterDir": "gs://demo-dead-letter/xml-to-bigquery",
                    "rejectedInput": "delete",
                },
                "environment": {
                    "ipConfiguration": "WORKER_IP_PRIVATE",
                    "subnetwork": SHELL["SUBNETWORK"],
                    "serviceAccountEmail": SHELL["WORKER_SERVICE_ACCOUNT"],
                    "sdkContainerImage": SHELL["SDK_IMAGE"],
                    "tempLocation": "gs://demo-staging/temp",
                    "stagingLocation": "gs://demo-staging/staging",
                    "maxWorkers": 10,
                    "machineType": "n2-standard-2",
                    "additionalUserLabels": {"application": "xml-to-bigquery"},
                    "additionalExperiments": [
                        "use_runner_v2",
                        "use_network_tags=allow-google-apis;dataflow",
                        "use_network_tags_for_flex_templates=allow-google-apis;dataflow",
                    ],
                },
            }
        }
        self.assertEqual(expected, launch.body)

    def test_params_go_before_the_variable(self) -> None:
        conf = {
            "output": "other-project:other",
            "deadLetterDir": "gs://other/dead-letter",
            "mapping": "gs://other/mapping.json",
            "writeMode": "at-least-once",
            "onInvalidRecord": "dead-letter",
            "rejectedInput": "keep",
            "acceptedInput": "move:gs://other/loaded",
            "lineage": True,
            "chunkSizeMb": 16,
            "maxRecordBytes": 2000000,
            "numStorageWriteApiStreams": 20,
            "useStorageApiConnectionPool": "true",
        }
        launch = self.launch(**conf, input="gs://other/*.xml", maxWorkers=3, machineType="n2-standard-8")
        self.assertEqual([], self.airflow.dataflow.problems)
        as_strings = {name: value if isinstance(value, str) else json.dumps(value) for name, value in conf.items()}
        self.assertEqual(as_strings | {"input": "gs://other/*.xml"}, launch.parameters)
        self.assertEqual(3, launch.environment["maxWorkers"])
        self.assertEqual("n2-standard-8", launch.environment["machineType"])

    def test_without_network_tags_asks_for_none(self) -> None:
        settings = variables({"NETWORK_TAGS": ""})["xml_to_bigquery"]
        experiments = self.launch(self.variable(settings)).environment["additionalExperiments"]
        self.assertEqual(["use_runner_v2"], experiments)

    def test_network_tags_join_other_experiments(self) -> None:
        settings = self.settings()
        settings["environment"]["additionalExperiments"] = ["enable_secure_boot"]
        settings["networkTags"] = "dataflow"
        experiments = self.launch(self.variable(settings)).environment["additionalExperiments"]
        expected = ["enable_secure_boot", "use_network_tags=dataflow", "use_network_tags_for_flex_templates=dataflow"]
        self.assertEqual(expected, experiments)

    def test_has_a_param_for_each_parameter_of_the_template(self) -> None:
        params = self.load()["params"]
        parameters = {parameter["name"]: parameter for parameter in self.airflow.dataflow.metadata["parameters"]}
        others = {"date", "maxWorkers", "machineType"}
        self.assertEqual(parameters.keys() - STREAMING_PARAMETERS, params.keys() - others)
        self.assertEqual([params["input"]["pattern"]], parameters["input"]["regexes"])
        for name in params.keys() - others:
            for value in params[name].get("examples", ()):
                self.assertEqual([], list(wrong_value(value, parameters[name])), name)
            for option in parameters[name].get("enumOptions", ()):
                self.assertRegex(option["value"], params[name]["pattern"], name)

    def test_finds_a_parameter_that_the_template_does_not_have(self) -> None:
        settings = self.settings()
        settings["parameters"]["deadLetterDirectory"] = settings["parameters"].pop("deadLetterDir")
        self.load(self.variable(settings), ('"deadLetterDir"', '"deadLetterDirectory"'))
        self.assertEqual("failed", self.run_dag()["state"])
        expected = ["deadLetterDir: missing", "deadLetterDirectory: no parameter of the template"]
        self.assertEqual(expected, self.airflow.dataflow.problems)

    def test_finds_a_value_that_is_no_string(self) -> None:
        self.load(("{name: text(value) for", "{name: value for"))
        self.assertEqual("failed", self.run_dag(chunkSizeMb=16)["state"])
        self.assertIn("chunkSizeMb: 16 is no string", self.airflow.dataflow.problems)

    def test_finds_a_field_that_dataflow_does_not_have(self) -> None:
        self.load(('environment["additionalExperiments"] =', 'environment["experiments"] ='))
        self.assertEqual("failed", self.run_dag()["state"])
        self.assertIn("environment.experiments: unknown", str(self.airflow.dataflow.problems))

    def test_finds_an_invalid_job_name(self) -> None:
        self.load((r'r"[^a-z0-9]+", "-"', r'r"[^a-z0-9]+", "_"'))
        self.assertEqual("failed", self.run_dag()["state"])
        self.assertIn("jobName: xml_to_bigquery_backfill_manual", str(self.airflow.dataflow.problems))

    # Job names

    def test_job_names_are_valid_and_unique(self) -> None:
        names = {self.launch(logical_date=date).job for date in (DAY, A_SECOND_LATER)}
        self.assertEqual(2, len(names), names)
        for name in names:
            self.assertTrue(JOB_NAME.fullmatch(name), name)
            self.assertRegex(name, "^xml-to-bigquery-backfill-manual-[-t0-9]+-[0-9a-f]{8}$")

    def test_job_names_of_long_runs_are_valid_and_unique(self) -> None:
        dag_id = ('dag_id="xml_to_bigquery_backfill"', f'dag_id="{"_Long.name" * 12}"')
        names = {self.launch(dag_id, logical_date=date).job for date in (DAY, A_SECOND_LATER)}
        self.assertEqual(2, len(names), names)

    def names_of_two_tries(self, *changes: tuple[str, str]) -> list[str]:
        self.load(("retries=0", "retries=1, retry_delay=__import__('datetime').timedelta(0)"), *changes)
        self.airflow.dataflow.refuse_next = True
        self.run_dag()
        return [launch.job for launch in self.airflow.dataflow.launches]

    def test_a_second_try_has_the_same_job_name(self) -> None:
        first, second = self.names_of_two_tries()
        self.assertEqual(first, second)

    def test_finds_a_second_try_that_could_run_beside_the_first(self) -> None:
        first, second = self.names_of_two_tries(("append_job_name=False", "append_job_name=True"))
        self.assertNotEqual(first, second)

    # Waiting

    def test_waits_without_a_worker_for_the_end_of_the_job(self) -> None:
        self.load()
        answer = self.run_dag()
        self.assertEqual("success", answer["state"])
        [deferral] = answer["deferrals"]
        self.assertRegex(deferral["classpath"], r"^airflow\.providers\.google\..*\.DataflowJobStatusTrigger$")
        expected = {"project_id": "demo-project", "location": "europe-west1", "job_id": "job-1"}
        self.assertEqual(expected, {name: deferral["arguments"][name] for name in expected})

    def test_finds_a_run_that_waits_with_a_worker(self) -> None:
        self.load(("deferrable=True", "deferrable=False"), ("poll_interval=30", "poll_interval=30, timeout=0"), WITHOUT_PAUSE)
        self.assertEqual([], self.run_dag()["deferrals"])

    def test_fails_with_its_job_and_launches_none_again(self) -> None:
        self.load(WITHOUT_PAUSE)
        for state in ("FAILED", "CANCELLED", "DRAINED", "UPDATED"):
            with self.subTest(state):
                self.airflow.dataflow.forget()
                answer = self.run_dag("JOB_STATE_RUNNING", *[f"JOB_STATE_{state}"] * 4)
                self.assertEqual("failed", answer["state"], answer)
                self.assertIn(f"is already in terminal state: JOB_STATE_{state}", answer["log"])
                self.assertEqual(1, len(self.airflow.dataflow.launches))

    def test_goes_on_waiting_while_a_job_is_being_stopped(self) -> None:
        self.load()
        states = ("STOPPED", "CANCELLING", "DRAINING", "RUNNING", "DONE")
        self.assertEqual("success", self.run_dag(*(f"JOB_STATE_{state}" for state in states))["state"])

    def test_looks_again_when_dataflow_did_not_answer(self) -> None:
        self.load(WITHOUT_PAUSE)
        self.assertEqual("success", self.run_dag("JOB_STATE_RUNNING", "no answer", "JOB_STATE_DONE")["state"])
        self.assertEqual(1, len(self.airflow.dataflow.launches))

    def test_finds_a_run_that_would_be_launched_again(self) -> None:
        self.assertEqual({"launch": 0, "wait": 3}, self.load()["tasks"])
        self.assertEqual({"launch": 2, "wait": 3}, self.load(("retries=0,", ""))["tasks"])

    # The variable

    def settings(self) -> dict[str, Any]:
        return variables()["xml_to_bigquery"]

    def test_says_that_the_variable_is_missing(self) -> None:
        log = self.failure(('VARIABLE = "xml_to_bigquery"', 'VARIABLE = "missing"'))
        self.assertIn("there is no Airflow variable missing, a JSON object; see composer_variables.template", log)

    def test_says_all_that_is_wrong_with_the_variable(self) -> None:
        settings = self.settings() | {"enviroment": {}, "region": "", "networkTags": "a,b"}
        settings["parameters"]["input"] = "gs://bucket/*.xml"
        settings["environment"] = "none"
        log = self.failure(self.variable(settings))
        self.assertIn(
            "enviroment isn't a setting; environment must be an object; input isn't a parameter;"
            " networkTags must be names with semicolons between them; region is missing",
            log,
        )

    def test_says_that_parameters_are_no_object(self) -> None:
        log = self.failure(self.variable(self.settings() | {"parameters": 7}))
        self.assertIn("the Airflow variable changed_", log)
        self.assertIn("is wrong: parameters must be an object", log)

    def test_says_that_the_template_was_imported_as_it_is(self) -> None:
        log = self.failure(self.variable(json.loads(VARIABLES.read_text())["xml_to_bigquery"]))
        self.assertIn("put it through envsubst", log)

    def test_says_which_parameters_are_missing(self) -> None:
        log = self.failure(self.variable(self.settings() | {"parameters": {"output": ""}}))
        self.assertIn("missing in the params and in the Airflow variable's parameters: output, deadLetterDir", log)


class Airflow2Test(AirflowTests, unittest.TestCase):
    name = "airflow2"
    deprecated = ("schedule=None", "schedule_interval=None")


class Airflow3Test(AirflowTests, unittest.TestCase):
    name = "airflow3"
    deprecated = ("import pendulum\n", "import pendulum\nfrom airflow.models.param import ParamsDict\n")

    def test_a_run_without_a_logical_date_loads_the_files_of_the_day_it_was_triggered(self) -> None:
        before = datetime.now(UTC).date()
        pattern = self.launch(logical_date=None).parameters["input"]
        after = datetime.now(UTC).date()
        self.assertIn(pattern, {f"gs://demo-input/archive/{day}/**.xml" for day in (before, after)})

    def test_finds_a_run_without_a_logical_date_that_has_no_day(self) -> None:
        self.assertIn("astimezone", self.failure((" or dag_run.run_after", ""), logical_date=None))


class VariablesTest(unittest.TestCase):
    def test_envsubst_renders_the_template(self) -> None:
        envsubst = shutil.which("envsubst")
        if not envsubst:
            self.skipTest("there is no envsubst; on Debian and Ubuntu it is in the package gettext-base")
        with VARIABLES.open() as template:
            rendered = subprocess.run([envsubst], stdin=template, env=SHELL, check=True, capture_output=True).stdout
        self.assertEqual(variables(), json.loads(rendered))

    def test_names_only_variables_that_the_shell_has(self) -> None:
        self.assertEqual(SHELL.keys(), set(re.findall(r"\$\{(\w+)\}", VARIABLES.read_text())))


if __name__ == "__main__":
    unittest.main()
