"""cloudbuild.yaml: by its schema and linters, as gcloud sends it, and what its script does."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

from checks import ROOT, linter, run
from recorder import Recorder, Request

CONFIG = ROOT / "cloudbuild.yaml"
TEXT = CONFIG.read_text()
YAMLLINT = "{extends: default, rules: {line-length: {max: 120}, document-start: disable}}"
TO_JSON = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"

REFERENCE = re.compile(r"\$\{?([A-Z_]+)\}?")
GIVEN_BY_SERVICE = {"PROJECT_ID": "my-project"}

VARIABLES = {
    "PROJECT": "my-project",
    "REGION": "europe-west1",
    "REPOSITORY": "images",
    "STAGING_BUCKET": "my-staging",
    "TAG": "1.2.3",
    "TEMPLATE": "gs://my-staging/templates/xml-to-bigquery-1.2.3.json",
    "LAUNCHER_IMAGE": "europe-west1-docker.pkg.dev/my-project/images/xml-to-bigquery-launcher:1.2.3",
    "SDK_IMAGE": "europe-west1-docker.pkg.dev/my-project/images/xml-to-bigquery-sdk:1.2.3",
}


def parsed(text: str) -> dict[str, Any]:
    result = run(linter("python"), "-c", TO_JSON, input=text)
    if result.returncode != 0:
        raise AssertionError(result.stderr)
    return json.loads(result.stdout)


def expanded(value: Any, substitutions: dict[str, str]) -> Any:
    """As the service does it; a substitution may name others."""
    if isinstance(value, str):
        text = REFERENCE.sub(lambda match: substitutions[match[1]], value)
        return text if text == value else expanded(text, substitutions)
    if isinstance(value, list):
        return [expanded(item, substitutions) for item in value]
    if isinstance(value, dict):
        return {name: item if name == "script" else expanded(item, substitutions) for name, item in value.items()}
    return value


class ConfigTest(unittest.TestCase):
    def test_schema_and_yamllint_find_nothing(self) -> None:
        self.assertEqual(self.problems(TEXT), "")

    def test_a_mistake_is_found(self) -> None:
        for old, new in (
            ("    args:\n", "    arguments:\n"),
            ("steps:\n", "step:\n"),
            ("logging: CLOUD_LOGGING_ONLY", "logging: NOWHERE"),
            ("dynamicSubstitutions: true", "dynamicSubstitutions: maybe"),
            ("  logging:", "   logging:"),
            ("timeout: 7200s", "timeout: 7200s\ntimeout: 60s"),
        ):
            with self.subTest(new):
                self.assertIn(old, TEXT)
                self.assertNotEqual(self.problems(TEXT.replace(old, new)), "")

    def problems(self, text: str) -> str:
        with tempfile.TemporaryDirectory(prefix="cloud build ") as folder:
            file = Path(folder, "cloudbuild.yaml")
            file.write_text(text)
            results = [
                run(linter("check-jsonschema"), "--builtin-schema", "vendor.cloudbuild", file),
                run(linter("yamllint"), "--strict", "--config-data", YAMLLINT, file),
            ]
            return "".join(result.stdout + result.stderr for result in results if result.returncode != 0)

    def test_every_substitution_is_there_and_used(self) -> None:
        config = parsed(TEXT)
        to_be_given = set(re.findall(r"_[A-Z]+(?==)", submit_command()))
        there = config["substitutions"].keys() | to_be_given | GIVEN_BY_SERVICE.keys()
        used = set(REFERENCE.findall(json.dumps(without_scripts(config))))
        self.assertEqual(used, there)
        self.assertEqual(config["substitutions"].keys() & to_be_given, set())

    def test_bases_are_those_of_the_dockerfiles(self) -> None:
        substitutions = parsed(TEXT)["substitutions"]
        for name, dockerfile in (("_LAUNCHER_BASE", "Dockerfile_Launcher"), ("_SDK_BASE", "Dockerfile_SDK")):
            with self.subTest(dockerfile):
                self.assertIn(f"\nARG BASE={substitutions[name]}\n", (ROOT / dockerfile).read_text())


def without_scripts(config: dict[str, Any]) -> dict[str, Any]:
    steps = [{name: value for name, value in step.items() if name != "script"} for step in config["steps"]]
    return {**config, "steps": steps}


def submit_command() -> str:
    """As the file's own comment tells it."""
    lines = re.search(r"^#   (gcloud builds submit .*(?:\n#     .*)*)", TEXT, re.MULTILINE)[1]
    return lines.replace("\n#", "\n")


@unittest.skipUnless(shutil.which("gcloud"), "gcloud isn't installed")
class SubmitTest(unittest.TestCase):
    """The real gcloud, to a server of ours."""

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="cloud build "))
        self.addCleanup(shutil.rmtree, self.folder)
        # What is uploaded is small.
        self.project = self.folder / "project"
        self.project.mkdir()
        (self.project / "cloudbuild.yaml").write_text(TEXT)

    def submit(self, more: str = "") -> tuple[int, str, dict[str, Any]]:
        """The status, what was said, and what the service was asked to do."""
        with Recorder(answer) as recorder:
            environment = {**recorder.environment(self.folder / "gcloud", "my-project"), **VARIABLES}
            result = run("sh", "-c", f"{submit_command()} --async {more}", cwd=self.project, env=environment)
            builds = recorder.posts(f"/v1/projects/my-project/locations/{VARIABLES['REGION']}/builds")
            return result.returncode, result.stderr, builds[0].json if builds else {}

    def test_images_are_published_before_the_template(self) -> None:
        status, error, build = self.submit()
        self.assertEqual(status, 0, error)
        self.assertEqual(build["source"]["storageSource"]["bucket"], VARIABLES["STAGING_BUCKET"])
        self.assertEqual(build["options"]["logging"], "CLOUD_LOGGING_ONLY")
        self.assertTrue(build["options"]["dynamicSubstitutions"])
        substitutions = {**GIVEN_BY_SERVICE, **build["substitutions"]}
        test, *others = expanded(build["steps"], substitutions)
        launcher, sdk, template = VARIABLES["LAUNCHER_IMAGE"], VARIABLES["SDK_IMAGE"], VARIABLES["TEMPLATE"]
        self.assertLessEqual({"VERIFY=true", f"LAUNCHER_IMAGE={launcher}", f"SDK_IMAGE={sdk}"}, set(test["env"]))
        commands = [" ".join(step["args"]) for step in others]
        self.assertRegex(commands[0], rf"^build --file=Dockerfile_Launcher .*--tag={launcher} \.$")
        self.assertRegex(commands[1], rf"^build --file=Dockerfile_SDK .*--tag={sdk} \.$")
        self.assertEqual(commands[2:4], [f"push {launcher}", f"push {sdk}"])
        self.assertEqual(commands[4:], [f"gcloud storage cp target/template.json {template}"])

    def test_tests_can_be_left_out(self) -> None:
        others = "_REGION=r,_REPOSITORY=i,_TAG=t,_TEMPLATE=gs://b/t"
        status, error, build = self.submit(f"--substitutions=_VERIFY=false,{others}")
        self.assertEqual(status, 0, error)
        self.assertEqual(build["substitutions"]["_VERIFY"], "false")

    def test_a_private_pool_and_an_account_can_be_given(self) -> None:
        pool = "projects/my-project/locations/europe-west1/workerPools/private"
        account = "projects/my-project/serviceAccounts/build@my-project.iam.gserviceaccount.com"
        status, error, build = self.submit(f"--worker-pool={pool} --service-account={account}")
        self.assertEqual(status, 0, error)
        self.assertEqual(build["options"]["pool"], {"name": pool})
        self.assertEqual(build["serviceAccount"], account)

    def test_gcloud_refuses_a_mistake(self) -> None:
        for old, new in (
            ("    args:\n", "    arguments:\n"),
            ("  _VERIFY:", "  VERIFY:"),
            ("logging: CLOUD_LOGGING_ONLY", "logging: NOWHERE"),
            ("options:\n", "options: {\n"),
        ):
            with self.subTest(new):
                self.assertIn(old, TEXT)
                (self.project / "cloudbuild.yaml").write_text(TEXT.replace(old, new))
                status, _, build = self.submit()
                self.assertNotEqual(status, 0)
                self.assertEqual(build, {})


def answer(request: Request) -> Any:
    if request.path.startswith("/storage/v1/b/"):
        return {"kind": "storage#objects"}
    build = {"id": "1", "projectId": "my-project", "status": "SUCCESS", "createTime": "2026-11-24T00:00:00Z"}
    build["name"] = request.path.removeprefix("/v1/").removesuffix("/1") + "/1"
    return build if request.method == "GET" else {"name": "operations/1", "metadata": {"build": build}}


class ScriptTest(unittest.TestCase):
    """The script of the first step, with programs that only tell how they were called."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.script = parsed(TEXT)["steps"][0]["script"]

    def test_shellcheck_finds_nothing(self) -> None:
        self.assertEqual(self.lint(self.script), "")

    def test_shellcheck_finds_a_mistake(self) -> None:
        self.assertIn("SC2086", self.lint(self.script.replace('"$SDK_IMAGE"', "$SDK_IMAGE")))

    def lint(self, script: str) -> str:
        result = run(linter("shellcheck"), "-", input=script)
        return result.stdout + result.stderr

    def start(self, verify: str, programs: tuple[str, ...]) -> tuple[list[str], dict[str, Any]]:
        """What was called, and the template's spec."""
        with tempfile.TemporaryDirectory(prefix="cloud build ") as folder:
            project = Path(folder)
            (project / "bin").mkdir()
            for name in (*programs, "maven"):
                program = project / "bin" / name
                program.write_text(f'#!/bin/sh\necho "{name} $*" >>{shlex.quote(str(project / "called"))}\n')
                program.chmod(0o755)
            (project / "bin" / "python3").symlink_to(sys.executable)
            (project / "src").mkdir()
            (project / "src" / "deployment").symlink_to(ROOT / "src" / "deployment")
            environment = {"PATH": str(project / "bin"), "VERIFY": verify, "PYTHONDONTWRITEBYTECODE": "1"}
            images = {name: VARIABLES[name] for name in ("LAUNCHER_IMAGE", "SDK_IMAGE")}
            result = run("/bin/sh", "-c", self.script, cwd=project, env={**environment, **images})
            self.assertEqual(result.returncode, 0, result.stderr)
            spec = json.loads((project / "target" / "template.json").read_text())
            return (project / "called").read_text().splitlines(), spec

    def test_everything_is_tested_and_the_spec_written(self) -> None:
        called, spec = self.start("true", ("javac", "make", "apt-get"))
        self.assertEqual(called, ["make verify"])
        self.assertEqual(spec["image"], VARIABLES["LAUNCHER_IMAGE"])
        self.assertEqual(spec["defaultEnvironment"]["sdkContainerImage"], VARIABLES["SDK_IMAGE"])

    def test_without_tests_it_is_only_built(self) -> None:
        called, _ = self.start("false", ("javac", "make", "apt-get"))
        self.assertEqual(called, ["maven -DskipTests clean package"])

    def test_a_jdk_is_installed_where_there_is_none(self) -> None:
        called, _ = self.start("false", ("make", "apt-get"))
        installed = "apt-get install --yes --no-install-recommends make openjdk-17-jdk-headless"
        self.assertEqual(called[:2], ["apt-get update", installed])


if __name__ == "__main__":
    unittest.main()
