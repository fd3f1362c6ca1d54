"""A server that plays Google Cloud's APIs for gcloud: it answers what gcloud needs, and remembers what it was asked."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

# As gcloud calls them in the names of its settings.
APIS = ("cloudbuild", "composer", "dataflow", "serviceusage", "storage")


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def _content(part: bytes) -> bytes:
    return part.split(b"\n\n", 1)[1].removesuffix(b"\n--").removesuffix(b"\n")


class Recorder:
    """Used as a context. The answer to a request is an object that becomes JSON, or None for 404. Uploads it takes itself."""

    def __init__(self, answer: Callable[[Request], Any]):
        self.requests: list[Request] = []
        self.objects: dict[str, bytes] = {}  # By gs:// name.
        self._answer = answer
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Recorder:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/"

    def environment(self, settings: Path, project: str) -> dict[str, str]:
        """What leads gcloud here, without an account and without this machine's own settings."""
        overrides = {f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api.upper()}": self.url for api in APIS}
        overrides["CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE"] += "storage/v1/"
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("CLOUDSDK_")},
            **overrides,
            "CLOUDSDK_AUTH_ACCESS_TOKEN": "none",
            "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "1",
            "CLOUDSDK_CONFIG": str(settings),
            "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
            "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "1",
            "CLOUDSDK_CORE_PROJECT": project,
        }

    def posts(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.method == "POST" and request.path == path]

    def _upload(self, request: Request) -> dict[str, str]:
        """Takes an object's description and content, which gcloud sends in one body of two parts."""
        _, description, content, _ = request.body.split(b"--" + request.body.split(b"\n", 1)[0].strip(b"-\r"), 3)
        bucket = request.path.split("/")[5]
        name = json.loads(_content(description)).get("name") or request.query["name"]
        self.objects[f"gs://{bucket}/{name}"] = _content(content)
        md5 = base64.b64encode(hashlib.md5(_content(content)).digest()).decode()
        size = str(len(_content(content)))
        return {"bucket": bucket, "name": name, "generation": "1", "size": size, "md5Hash": md5}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                url = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(url.query).items()}
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = Request(self.command, unquote(url.path), query, body)
                recorder.requests.append(request)
                is_upload = request.query.get("uploadType") == "multipart"
                answer = recorder._upload(request) if is_upload else recorder._answer(request)
                content = json.dumps(answer if answer is not None else {"error": {"code": 404}}).encode()
                self.send_response(200 if answer is not None else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_DELETE = do_GET = do_PATCH = do_POST = do_PUT = answer

            def log_message(self, *arguments: object) -> None:
                pass

        return Handler
