"""Loads XML files from Cloud Storage into BigQuery: runs a backfill as a batch job on Dataflow, and waits for its end.

A run loads, in this order:

1. what the param `input` matches, such as `gs://bucket/2026/**.xml`;
2. the files of the param `date`: the variable's `input` with that day in the place of `{date}`;
3. with neither, the files of the run's own day: the first day of its data interval or, for a run that has none,
   the day on which it was triggered.

The Airflow variable `xml_to_bigquery` says where everything is; `composer_variables.template` shows its form. In its
`input`, `{date}` is the day as 2026-11-24; `{date:%Y/%m/%d}` writes it another way. The other params are for one run
what the variable's `parameters` and `environment` are for all; what nobody gives has the template's own default.

**Running a backfill again loads its rows again**, so a failed run isn't tried again by itself. What it has left, and
how to delete that, is in the runbook: "A backfill was killed, or failed". To stop a run, cancel its job on Dataflow;
the run then fails. While a run's job is active, Dataflow starts no second one, however often the run is cleared, and
clearing cancels none. Clear the task `wait` alone to look again at a job that has been launched.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pendulum
from airflow.providers.google.cloud.operators.dataflow import DataflowStartFlexTemplateOperator
from airflow.providers.google.cloud.sensors.dataflow import DataflowJobStatusSensor

try:
    from airflow.sdk import DAG, Param
except ImportError:  # Airflow 2
    from airflow.models.dag import DAG
    from airflow.models.param import Param

VARIABLE = "xml_to_bigquery"
TIME_ZONE = pendulum.timezone("UTC")  # The days of runs and files are days there.

REQUIRED_SETTINGS = ("project", "region", "template")
SETTINGS = {*REQUIRED_SETTINGS, "input", "networkTags", "parameters", "environment"}
REQUIRED_PARAMETERS = ("output", "deadLetterDir")
GS_PATTERN = r"^gs://[a-z0-9][-_.a-z0-9]+[a-z0-9]/.+$"
NETWORK_TAGS = r"[a-z]([-a-z0-9]*[a-z0-9])?(;[a-z]([-a-z0-9]*[a-z0-9])?)*"


def optional(kind: str, description: str, **schema: Any) -> Param:
    return Param(None, description=description, type=["null", kind], **schema)


def choice(description: str, *values: str) -> Param:
    # With null in an enum, the form of Airflow 2 sends the word None. Examples make it offer the values all the same.
    return optional("string", description, pattern=f"^({'|'.join(values)})$", examples=list(values))


def switch(description: str) -> Param:
    # A checkbox can't say that nothing is given.
    schema = {"type": ["null", "string", "boolean"], "pattern": "^(true|false)$", "examples": ["true", "false"]}
    return Param(None, description=description, **schema)


INPUT_PARAMS = {
    "input": optional("string", "What to load, as a pattern: gs://bucket/data/**.xml", pattern=GS_PATTERN),
    "date": optional("string", "Or: the day whose files to load", format="date"),
}
# Parameters of the template. Those of a streaming job aren't here.
TEMPLATE_PARAMS = {
    "output": optional("string", "BigQuery dataset, as PROJECT:DATASET, or a gs:// directory"),
    "deadLetterDir": optional("string", "gs:// directory for rejected files and records"),
    "mapping": optional("string", "Mapping file, gs://…: which elements become which tables"),
    "writeMode": choice("How a row gets into BigQuery", "exactly-once", "at-least-once", "upsert"),
    "onInvalidRecord": choice("What one invalid record does", "reject-file", "dead-letter"),
    "archive": choice("What one bad file in a zip or tar archive does to the others", "whole", "entries"),
    "documents": choice("How many XML documents a file may have, one after the other", "one", "many"),
    "rejectedInput": choice("What happens to a rejected file once it is in the dead letter", "delete", "keep"),
    "acceptedInput": optional(
        "string",
        "What happens to a file once its rows are safe: keep, delete, or move:DIR",
        pattern="^(keep|delete|move:gs://.+)$",
    ),
    "lineage": switch("Add to every row where it is from"),
    "chunkSizeMb": optional("integer", "Size of the pieces in which a file's rows are handed to the write, in MB", minimum=1),
    "maxRecordBytes": optional("integer", "Longest record, in bytes", minimum=1),
    "numStorageWriteApiStreams": optional("integer", "Streams that write to each table; with 0 as many as there are bundles", minimum=0),
    "useStorageApiConnectionPool": switch("Share connections, with at-least-once"),
}
ENVIRONMENT_PARAMS = {
    "maxWorkers": optional("integer", "Most workers that Dataflow may start", minimum=1),
    "machineType": optional("string", "Machine type of the workers"),
}


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def checked(settings: Any) -> dict[str, Any]:
    """The variable's value. Raises a ValueError that names everything that is wrong with it."""
    if not isinstance(settings, dict):
        raise ValueError(f"there is no Airflow variable {VARIABLE}, a JSON object; see composer_variables.template")
    problems = [f"{name} isn't a setting" for name in settings.keys() - SETTINGS]
    problems += [f"{name} is missing" for name in REQUIRED_SETTINGS if not settings.get(name)]
    objects = {name: settings.get(name, {}) for name in ("parameters", "environment")}
    problems += [f"{name} must be an object" for name, value in objects.items() if not isinstance(value, dict)]
    if isinstance(objects["parameters"], dict):
        problems += [f"{name} isn't a parameter" for name in objects["parameters"].keys() - TEMPLATE_PARAMS.keys()]
    tags = settings.get("networkTags")
    if tags and not re.fullmatch(NETWORK_TAGS, str(tags)):
        problems.append("networkTags must be names with semicolons between them")
    if "${" in str(settings):
        problems.append("there are placeholders ${…} in it; put it through envsubst before the import")
    if problems:
        raise ValueError(f"the Airflow variable {VARIABLE} is wrong: {'; '.join(sorted(problems))}")
    return settings


def input_pattern(template: str | None, params: Mapping[str, Any], moment: datetime) -> str:
    """What to load. The moment says which day's files, if the params don't say what to load."""
    if params["input"] and params["date"]:
        raise ValueError("give one of the params input and date, not both")
    if params["input"]:
        return params["input"]
    if not template:
        raise ValueError(f"give the param input, since the Airflow variable {VARIABLE} has no input")
    if params["date"] and "{date" not in template:
        raise ValueError(f"the param date needs {{date}} in the input of the Airflow variable {VARIABLE}")
    day = date.fromisoformat(params["date"]) if params["date"] else moment.astimezone(TIME_ZONE).date()
    try:
        pattern = template.format(date=day)
    except (LookupError, AttributeError, ValueError) as error:
        raise ValueError(f"{template} may have no other placeholder than {{date}}: {error!r}") from error
    if not re.match(GS_PATTERN, pattern):
        raise ValueError(f"input must be a pattern such as gs://bucket/data/**.xml, not {pattern}")
    return pattern


def job_name(dag_id: str, run_id: str) -> str:
    """The same for each try of a run, and for no other run: Dataflow has one active job of a name at most."""
    readable = re.sub(r"[^a-z0-9]+", "-", f"{dag_id}-{run_id}".lower())
    digest = hashlib.sha256(f"{dag_id}/{run_id}".encode()).hexdigest()
    return f"{readable[:54].strip('-')}-{digest[:8]}"


def text(value: Any) -> str:
    """A template's parameters are strings."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def launch_body(settings: Any, params: Mapping[str, Any], dag_id: str, run_id: str, moment: datetime) -> dict[str, Any]:
    """What Dataflow's flexTemplates.launch takes."""
    settings = checked(settings)
    parameters = given(settings.get("parameters", {})) | given({name: params[name] for name in TEMPLATE_PARAMS})
    missing = [name for name in REQUIRED_PARAMETERS if name not in parameters]
    if missing:
        raise ValueError(f"missing in the params and in the Airflow variable's parameters: {', '.join(missing)}")
    parameters["input"] = input_pattern(settings.get("input"), params, moment)

    environment = given(settings.get("environment", {})) | given({name: params[name] for name in ENVIRONMENT_PARAMS})
    if tags := settings.get("networkTags"):
        # The workers have the first, the machine that launches the job the second.
        experiments = [f"use_network_tags={tags}", f"use_network_tags_for_flex_templates={tags}"]
        environment["additionalExperiments"] = [*environment.get("additionalExperiments", []), *experiments]

    return {
        "launchParameter": {
            "jobName": job_name(dag_id, run_id),
            "containerSpecGcsPath": settings["template"],
            "parameters": {name: text(value) for name, value in parameters.items()},
            "environment": environment,
        }
    }


class JobSensor(DataflowJobStatusSensor):
    """Dataflow's, with a project and a region that come from the variable."""

    template_fields = (*DataflowJobStatusSensor.template_fields, "project_id", "location")


PLACE = {
    "project_id": "{{ checked(var.json.get(variable, none)).project }}",
    "location": "{{ checked(var.json.get(variable, none)).region }}",
}

with DAG(
    dag_id="xml_to_bigquery_backfill",
    description="Loads XML files from Cloud Storage into BigQuery",
    doc_md=__doc__,
    # To load each day's files on the next day: CronDataIntervalTimetable("0 3 * * *", timezone=TIME_ZONE), from
    # airflow.timetables.interval. A plain "0 3 * * *" means another day in Airflow 3 than in Airflow 2.
    schedule=None,
    start_date=pendulum.datetime(2026, 1, 1, tz=TIME_ZONE),
    catchup=False,
    max_active_runs=1,
    params=INPUT_PARAMS | TEMPLATE_PARAMS | ENVIRONMENT_PARAMS,
    # The body is an object, not its text.
    render_template_as_native_obj=True,
    user_defined_macros={"checked": checked, "launch_body": launch_body, "variable": VARIABLE},
    tags=["xml-to-bigquery"],
):
    launch = DataflowStartFlexTemplateOperator(
        task_id="launch",
        **PLACE,
        # Airflow 3 has runs without a data interval; all of them have run_after.
        body="{{ launch_body(var.json.get(variable, none), params, dag.dag_id, run_id,"
        " dag_run.data_interval_start or dag_run.run_after) }}",
        # A random suffix would let a second job run beside the first.
        append_job_name=False,
        # Waiting is the next task's: this operator, when it waits without a worker, waits for ever for a job that was
        # cancelled; and cancels one that is committing when the task is cleared.
        deferrable=False,
        wait_until_finished=False,
        # Composer's default is 2. A backfill that runs again loads its rows again.
        retries=0,
    )
    launch >> JobSensor(
        task_id="wait",
        **PLACE,
        job_id="{{ ti.xcom_pull(task_ids='launch', key='job_id') }}",
        expected_statuses="JOB_STATE_DONE",
        # Without a worker.
        deferrable=True,
        poll_interval=30,
        # Looking again loads nothing. A job that has failed is looked at as often.
        retries=3,
        retry_delay=timedelta(minutes=1),
    )
