"""Plays the part of Dataflow that launches Flex Templates, and refuses what the service would refuse."""

from __future__ import annotations

import json
import re
import threading
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

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


class DataflowRecorder:
    """Takes launches of the template that the metadata describes, in the form that the discovery document says."""

    def __init__(self, discovery: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
        self.schemas = discovery["schemas"]
        self.metadata = metadata
        self.launches: list[Launch] = []
        self.problems: list[str] = []
        self.refuse_next = False
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def forget(self) -> None:
        self.launches.clear()
        self.problems.clear()
        self.refuse_next = False

    def launch(self, project: str, region: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.launches.append(Launch(project, region, body))
        problems = [*misfits(body, "LaunchFlexTemplateRequest", self.schemas), *self.wrong_launch(body)]
        self.problems += problems
        if self.refuse_next:
            self.refuse_next = False
            problems.append("asked to refuse")
        if problems:
            return 400, {"error": {"code": 400, "message": "; ".join(problems), "status": "INVALID_ARGUMENT"}}
        return 200, {"job": job(project, region, f"job-{len(self.launches)}", "JOB_STATE_QUEUED")}

    def wrong_launch(self, body: Mapping[str, Any]) -> Iterator[str]:
        launch = body.get("launchParameter", {})
        if not JOB_NAME.fullmatch(launch.get("jobName", "")):
            yield f"jobName: {launch.get('jobName')}"
        if not launch.get("containerSpecGcsPath", "").startswith("gs://"):
            yield f"containerSpecGcsPath: {launch.get('containerSpecGcsPath')}"
        yield from wrong_parameters(launch.get("parameters", {}), self.metadata)

    def handler(recorder) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                path = urllib.parse.urlsplit(self.path).path
                match = LAUNCH.fullmatch(path)
                self.answer(*(recorder.launch(*match.groups(), body) if match else (404, {})))

            def do_GET(self) -> None:
                match = JOB.fullmatch(urllib.parse.urlsplit(self.path).path)
                self.answer(*((200, job(*match.groups(), "JOB_STATE_DONE")) if match else (404, {})))

            def answer(self, status: int, body: dict[str, Any]) -> None:
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


def job(project: str, region: str, identity: str, state: str) -> dict[str, Any]:
    return {"id": identity, "projectId": project, "location": region, "currentState": state}


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
