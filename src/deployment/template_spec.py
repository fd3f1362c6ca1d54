"""Writes the container spec of the Flex Template: what Cloud Storage must hold for `gcloud dataflow flex-template run`.

`gcloud dataflow flex-template build` writes one too, but drops from the metadata what says that the template is for
streaming, and can't name the container of the workers.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

METADATA = Path(__file__).resolve().parents[2] / "metadata.json"

# HOST/PATH:TAG or HOST/PATH@DIGEST, so that nobody gets another image than was meant.
IMAGE = re.compile(r"[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[0-9a-f]{64})")


class SpecError(Exception):
    """The message says in one line what is wrong."""


def container_spec(metadata: dict[str, Any], launcher_image: str, sdk_image: str) -> dict[str, Any]:
    return {
        "image": launcher_image,
        "metadata": metadata,
        "sdkInfo": {"language": "JAVA"},
        "defaultEnvironment": {
            "sdkContainerImage": sdk_image,
            # Only this runner takes a container of our own. The pipeline says so, too, if a user gives other ones.
            "additionalExperiments": ["use_runner_v2"],
        },
    }


def read_metadata(file: Path) -> dict[str, Any]:
    try:
        metadata = json.loads(file.read_bytes())
    except OSError as error:
        raise SpecError(f"{file} can't be read: {error.strerror}") from error
    except ValueError as error:
        raise SpecError(f"{file} isn't JSON: {error}") from error
    if not isinstance(metadata, dict) or not metadata.get("name"):
        raise SpecError(f"{file} isn't the metadata of a template: it has no name")
    return metadata


def image(text: str) -> str:
    if not IMAGE.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no image, as HOST/PATH:TAG or HOST/PATH@sha256:DIGEST")
    return text


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="template_spec.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("--launcher-image", required=True, type=image, help="the image of Dockerfile_Launcher")
    top.add_argument("--sdk-image", required=True, type=image, help="the image of Dockerfile_SDK, for the workers")
    top.add_argument("--metadata", type=Path, default=METADATA, metavar="FILE", help="default: the project's own")
    top.add_argument("--output", type=Path, metavar="FILE", help="where to write; default: standard output")
    return top


def main(words: Sequence[str]) -> int:
    arguments = parser().parse_args(words)
    try:
        spec = container_spec(read_metadata(arguments.metadata), arguments.launcher_image, arguments.sdk_image)
        text = json.dumps(spec, indent=2, ensure_ascii=False) + "\n"
        if arguments.output is None:
            sys.stdout.write(text)
        else:
            write(arguments.output, text)
    except SpecError as error:
        print(f"template_spec.py: {error}", file=sys.stderr)
        return 1
    return 0


def write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SpecError(f"{file} can't be written: {error.strerror}") from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
