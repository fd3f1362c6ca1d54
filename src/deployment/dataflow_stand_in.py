"""Plays the part of Dataflow that launches Flex Templates, and refuses what the service would refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from recorder import Recorder, Request

LAUNCH = re.compile(r"/v1b3/projects/([^/]+)/locations/([^/]+)/flexTemplates:launch")
JOB = re.compile(r"/v1b3/projects/([^/]+)/locations/([^/]+)/jobs/([^/]+)")
JOB_NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
JSON_TYPES = {"string": str, "integer": int, "boolean": bool, "number": (int, float)}


@dataclass(frozen=True)
class Launch:
    project: str
    region: str
    body: dict[str, Any]

    @property
    def job(self) -> str:
        return self.body["launchParameter"]["jobName"]

    @property
    def parameters(self) -> dict[str, str]:
        return self.body["launchParameter"]["parameters"]

    @property
    def environment(self) -> dict[str, Any]:
        return self.body["launchParameter"]["environment"]


class Dataflow(Recorder):
    """Takes launches of the template that the metadata describes, in the form that the discovery document says."""

    def __init__(self, discovery: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
        super().__init__(self.answer)
        self.schemas = discovery["schemas"]
        self.metadata = metadata
        self.forget()

    def forget(self) -> None:
        self.launches: list[Launch] = []
        self.jobs: dict[str, dict[str, Any]] = {}
        self.problems: list[str] = []
        self.refuse_next = False

    def answer(self, request: Request) -> dict[str, Any] | None:
        if match := LAUNCH.fullmatch(request.path):
            return self.launch(Launch(*match.groups(), request.json))
        if match := JOB.fullmatch(request.path):
            return self.jobs.get(match.group(3))
        return None

    def launch(self, launch: Launch) -> dict[str, Any] | None:
        self.launches.append(launch)
        problems = [*misfits(launch.body, "LaunchFlexTemplateRequest", self.schemas), *self.wrong_launch(launch.body)]
        self.problems += problems
        refused, self.refuse_next = self.refuse_next or bool(problems), False
        if refused:
            return None
        job = {"id": f"job-{len(self.launches)}", "name": launch.job, "projectId": launch.project}
        job |= {"location": launch.region, "currentState": "JOB_STATE_QUEUED"}
        self.jobs[job["id"]] = job
        return {"job": job}

    def wrong_launch(self, body: Mapping[str, Any]) -> Iterator[str]:
        launch = body.get("launchParameter", {})
        if not JOB_NAME.fullmatch(launch.get("jobName", "")):
            yield f"jobName: {launch.get('jobName')}"
        if not launch.get("containerSpecGcsPath", "").startswith("gs://"):
            yield f"containerSpecGcsPath: {launch.get('containerSpecGcsPath')}"
        yield from wrong_parameters(launch.get("parameters", {}), self.metadata)


def misfits(value: Any, schema_name: str, schemas: Mapping[str, Any]) -> list[str]:
    """Where the object isn't of the API's form. The service refuses such a request."""
    return list(object_misfits(value, schemas[schema_name], schemas, schema_name))


def object_misfits(value: Any, schema: Mapping[str, Any], schemas: Mapping[str, Any], path: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = schemas[schema["$ref"]]
    kind = schema["type"]
    if kind == "object" and isinstance(value, dict):
        for name, member in value.items():
            member_schema = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
            if member_schema:
                yield from object_misfits(member, member_schema, schemas, f"{path}.{name}")
            else:
                yield f"{path}.{name}: unknown"
    elif kind == "array" and isinstance(value, list):
        for element in value:
            yield from object_misfits(element, schema["items"], schemas, f"{path}[]")
    elif not isinstance(value, JSON_TYPES.get(kind, ())):
        yield f"{path}: {value!r} is no {kind}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {schema['enum']}"


def wrong_parameters(parameters: Mapping[str, Any], metadata: Mapping[str, Any]) -> Iterator[str]:
    known = {parameter["name"]: parameter for parameter in metadata["parameters"]}
    for name, parameter in known.items():
        if name not in parameters and not parameter.get("isOptional"):
            yield f"{name}: missing"
    for name, value in parameters.items():
        if name not in known:
            yield f"{name}: no parameter of the template"
        else:
            yield from wrong_value(value, known[name])


def wrong_value(value: Any, parameter: Mapping[str, Any]) -> Iterator[str]:
    options = [option["value"] for option in parameter.get("enumOptions", ())]
    if not isinstance(value, str):
        yield f"{parameter['name']}: {value!r} is no string"
    elif options and value not in options:
        yield f"{parameter['name']}: {value!r} is none of {options}"
    else:
        for regex in parameter.get("regexes", ()):
            if not re.fullmatch(regex, value):
                yield f"{parameter['name']}: {value!r} doesn't match {regex}"
