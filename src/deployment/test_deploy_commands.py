"""Runs the commands of docs/DEPLOY.md as they stand there: gcloud itself, against a recorder of its requests."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

from checks import ROOT
from recorder import Recorder, Request

PARAMETERS = json.loads((ROOT / "metadata.json").read_text())["parameters"]

# What Terraform's output sets.
VARIABLES = {
    "NAME": "xml-to-bigquery",
    "PROJECT": "demo-project",
    "REGION": "europe-west1",
    "SUBNETWORK": "https://www.googleapis.com/compute/v1/projects/demo-host/regions/europe-west1/subnetworks/demo",
    "NETWORK_TAGS": "dataflow;no-internet",
    "INPUT_BUCKET": "demo-input",
    "STAGING_BUCKET": "demo-staging",
    "DEAD_LETTER_BUCKET": "demo-dead-letter",
    "DATASET": "demo",
    "REPOSITORY": "demo",
    "SUBSCRIPTION": "projects/demo-project/subscriptions/demo",
    "TOPIC": "projects/demo-project/topics/demo",
    "WORKER_SERVICE_ACCOUNT": "worker@demo-project.iam.gserviceaccount.com",
    "COMPOSER_SERVICE_ACCOUNT": "composer@demo-project.iam.gserviceaccount.com",
    "BUILD_SERVICE_ACCOUNT": "build@demo-project.iam.gserviceaccount.com",
    "KMS_KEY": "",
    "REJECTED_INPUT": "delete",
    "TEMPLATE": "gs://demo-staging/templates/xml-to-bigquery-1.json",
    "IMAGES": "europe-west1-docker.pkg.dev/demo-project/demo",
    "LAUNCHER_IMAGE": "europe-west1-docker.pkg.dev/demo-project/demo/xml-to-bigquery-launcher:1",
    "SDK_IMAGE": "europe-west1-docker.pkg.dev/demo-project/demo/xml-to-bigquery-sdk:1",
}
ENVIRONMENT = f"projects/{VARIABLES['PROJECT']}/locations/{VARIABLES['REGION']}/environments/my-environment"

TERRAFORM = "#!/bin/sh\ncase $* in *output*) cat \"$(dirname \"$0\")/environment\" ;; esac\n"
# gcloud asks Docker for its version.
RECORDED = "#!/bin/sh\n[ \"$1\" = version ] || echo \"$(basename \"$0\") $*\" >> \"$(dirname \"$0\")/recorded\"\n"
# Of GNU gettext; not every machine has it.
ENVSUBST = "#!/bin/sh\nexec python3 -c 'import os, sys; sys.stdout.write(os.path.expandvars(sys.stdin.read()))'\n"


def page() -> str:
    return (ROOT / "docs" / "DEPLOY.md").read_text()


def commands() -> dict[str, str]:
    """The shell commands under each heading."""
    found = {}
    for part in page().split("\n## ")[1:]:
        title = part.split("\n", 1)[0]
        found[re.sub(r"^\d+\. ", "", title)] = "\n".join(re.findall(r"```sh\n(.*?)```", part, re.DOTALL))
    return found


def answer(request: Request) -> Any:
    path = request.path
    if path.endswith(f"/b/{VARIABLES['STAGING_BUCKET']}"):
        return {"name": VARIABLES["STAGING_BUCKET"]}
    if path.startswith("/storage/v1/b/"):
        return {"kind": "storage#objects"} if path.endswith("/o") else None
    if "/builds" in path:
        build = {"id": "1", "projectId": VARIABLES["PROJECT"], "status": "SUCCESS", "createTime": "2026-11-24T00:00:00Z"}
        build["options"] = {"logging": "CLOUD_LOGGING_ONLY"}
        build["name"] = path.removeprefix("/v1/").removesuffix("/1") + "/1"
        return build if path.endswith("/1") else {"name": "operations/1", "metadata": {"build": build}}
    if path == f"/v1/{ENVIRONMENT}":
        config = {"dagGcsPrefix": "gs://composer/dags", "softwareConfig": {"imageVersion": "composer-3-airflow-2.11.2"}}
        return {"name": ENVIRONMENT, "state": "RUNNING", "config": config}
    if path.endswith(":executeAirflowCommand"):
        return {"executionId": "1", "pod": "pod", "podNamespace": "namespace"}
    if path.endswith(":pollAirflowCommand"):
        return {"outputEnd": True, "exitInfo": {"exitCode": 0}}
    if path.endswith("/flexTemplates:launch"):
        return {"job": {"id": "1", "name": request.json["launchParameter"]["jobName"]}}
    if path.endswith("/services:batchEnable"):
        return {"name": "operations/1", "done": True, "response": {}}
    return None


@unittest.skipUnless(shutil.which("gcloud"), "the Google Cloud CLI isn't installed")
class DeployCommandsTest(unittest.TestCase):
    """The page's blocks in their order, each in a shell of its own that stops at the first failure."""

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="read me ")))
        self.project = self.folder / "project"
        self.project.mkdir()
        for name in ("cloudbuild.yaml", "dag", "sample-data", "infra", "Dockerfile_SDK", "Dockerfile_Launcher", "src"):
            (self.project / name).symlink_to(ROOT / name)
        (self.project / "my-mapping.json").write_text("{}")
        programs = self.project / "bin"
        programs.mkdir()
        self.recorded = programs / "recorded"
        exports = "".join(f"export {name}='{value}'\n" for name, value in VARIABLES.items())
        (programs / "environment").write_text(exports)
        for name, program in {"terraform": TERRAFORM, "docker": RECORDED, "envsubst": ENVSUBST, "maven": RECORDED, "xml-to-bigquery": RECORDED}.items():
            (programs / name).write_text(program)
            (programs / name).chmod(0o755)
        self.recorder = self.enterContext(Recorder(answer))
        self.environment = {
            **self.recorder.environment(self.folder / "gcloud", "another-project"),
            **VARIABLES,
            "HOME": str(self.folder),  # Where Docker's settings are.
            "PATH": f"{programs}:{os.environ['PATH']}",
        }

    def run_block(self, title: str, change: tuple[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        block = commands()[title]
        if change:
            self.assertIn(change[0], block)
            block = block.replace(*change)
        command = ["bash", "-euo", "pipefail", "-c", block]
        return subprocess.run(command, cwd=self.project, env=self.environment, capture_output=True, text=True)

    def run_well(self, title: str) -> None:
        ended = self.run_block(title)
        self.assertEqual(ended.returncode, 0, ended.stderr)

    def launch(self) -> dict[str, Any]:
        path = f"/v1b3/projects/{VARIABLES['PROJECT']}/locations/{VARIABLES['REGION']}/flexTemplates:launch"
        (request,) = self.recorder.posts(path)
        return request.json["launchParameter"]

    def assert_launched_in_private(self, launch: dict[str, Any]) -> None:
        self.assertEqual(launch["containerSpecGcsPath"], VARIABLES["TEMPLATE"])
        environment = launch["environment"]
        tags = VARIABLES["NETWORK_TAGS"]
        self.assertEqual(environment["ipConfiguration"], "WORKER_IP_PRIVATE")
        self.assertEqual(environment["subnetwork"], VARIABLES["SUBNETWORK"])
        self.assertEqual(environment["serviceAccountEmail"], VARIABLES["WORKER_SERVICE_ACCOUNT"])
        self.assertEqual(environment["tempLocation"], "gs://demo-staging/temp")
        self.assertEqual(environment["stagingLocation"], "gs://demo-staging/staging")
        self.assertEqual(
            environment["additionalExperiments"],
            [f"use_network_tags={tags}", f"use_network_tags_for_flex_templates={tags}"],
        )

    def assert_samples_are_in(self, folder: str) -> None:
        samples = {folder + file.name: file.read_bytes() for file in ROOT.glob("sample-data/*.xml")}
        self.assertEqual(self.recorder.objects, samples)

    def assert_template_takes(self, parameters: dict[str, str]) -> None:
        template = {parameter["name"]: parameter for parameter in PARAMETERS}
        for name, value in parameters.items():
            self.assertIn(name, template)
            for regex in template[name].get("regexes", []):
                self.assertRegex(value, f"^(?:{regex})$")
        required = {name for name, parameter in template.items() if not parameter.get("isOptional")}
        self.assertLessEqual(required, parameters.keys())

    def test_the_apis_are_switched_on(self) -> None:
        self.run_well("Prerequisites")

        (request,) = self.recorder.posts("/v1/projects/my-project/services:batchEnable")
        self.assertIn("cloudresourcemanager.googleapis.com", request.json["serviceIds"])

    def test_terraform_sets_the_variables_of_all_other_commands(self) -> None:
        used = set(re.findall(r"\$([A-Z_]+)", "\n".join(commands().values())))
        self.assertLessEqual(used - {"COMPOSER_ENVIRONMENT", "TAG"}, VARIABLES.keys())

        self.environment = {name: value for name, value in self.environment.items() if name not in VARIABLES}
        self.run_well("Buckets, topic, dataset, accounts")

    def test_terraforms_output_has_these_variables(self) -> None:
        outputs = (ROOT / "infra" / "outputs.tf").read_text()
        for name in VARIABLES:
            self.assertRegex(outputs, rf"\b{name}\b")

    def test_images_and_template_are_built(self) -> None:
        self.run_well("Images and template")

        path = f"/v1/projects/{VARIABLES['PROJECT']}/locations/{VARIABLES['REGION']}/builds"
        (request,) = self.recorder.posts(path)
        self.assertEqual(request.json["source"]["storageSource"]["bucket"], VARIABLES["STAGING_BUCKET"])
        self.assertIn("Dockerfile_Launcher", json.dumps(request.json["steps"]))
        self.assertIn("Dockerfile_SDK", json.dumps(request.json["steps"]))
        # What Terraform was told in the step before: the template that the next steps launch has its name.
        settings = (ROOT / "infra" / "examples" / "private-network.tfvars").read_text()
        tag = re.search(r'^image_tag *= "(.+)"', settings, re.MULTILINE)[1]
        template = f"gs://demo-staging/templates/xml-to-bigquery-{tag}.json"
        given = {"_REGION": "europe-west1", "_REPOSITORY": "demo", "_TAG": tag, "_TEMPLATE": template}
        self.assertLessEqual(given.items(), request.json["substitutions"].items())
        account = f"projects/{VARIABLES['PROJECT']}/serviceAccounts/{VARIABLES['BUILD_SERVICE_ACCOUNT']}"
        self.assertEqual(request.json["serviceAccount"], account)

        launcher, sdk = (f"{VARIABLES['IMAGES']}/xml-to-bigquery-{image}:{tag}" for image in ("launcher", "sdk"))
        self.assertEqual(
            self.recorded.read_text().splitlines(),
            [
                "maven -DskipTests package",
                f"docker build -f Dockerfile_Launcher --build-arg VERSION={tag} -t {launcher} .",
                f"docker build -f Dockerfile_SDK --build-arg VERSION={tag} -t {sdk} .",
                f"docker push {launcher}",
                f"docker push {sdk}",
            ],
        )
        self.assertIn("europe-west1-docker.pkg.dev", (self.folder / ".docker" / "config.json").read_text())
        spec = json.loads(self.recorder.objects[template])
        self.assertEqual(spec["image"], launcher)
        self.assertEqual(spec["defaultEnvironment"]["sdkContainerImage"], sdk)

    def test_a_build_gets_the_sources_and_no_state_of_terraforms(self) -> None:
        sources = {".gcloudignore", ".gitignore", "pom.xml", "infra/main.tf", "infra/examples/a.tfvars"}
        others = {"target/x.jar", "infra/terraform.tfstate", "infra/terraform.tfvars", "infra/.terraform/providers/x"}
        folder = self.folder / "sources"
        for name in sources | others:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).touch()
        for name in (".gcloudignore", ".gitignore"):
            shutil.copy(ROOT / name, folder / name)

        command = ["gcloud", "meta", "list-files-for-upload", str(folder)]
        listed = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True).stdout

        self.assertEqual(set(listed.split()), sources - {".gcloudignore"})

    def test_a_mapping_of_ones_own_is_put_where_jobs_find_it(self) -> None:
        self.run_well("Your own mapping")

        schema = "xml-to-bigquery schema --mapping=my-mapping.json --output=infra/my-schemas"
        self.assertEqual(self.recorded.read_text().splitlines(), [schema])
        self.assertEqual(self.recorder.objects, {"gs://demo-staging/mappings/my-mapping.json": b"{}"})

    def test_without_tags_and_with_a_key_a_job_is_launched_so(self) -> None:
        self.environment |= {"NETWORK_TAGS": "", "KMS_KEY": "projects/p/locations/l/keyRings/r/cryptoKeys/k"}
        self.run_well("A backfill")

        environment = self.launch()["environment"]
        self.assertEqual(environment["kmsKeyName"], self.environment["KMS_KEY"])
        self.assertNotIn("additionalExperiments", environment)

    def test_the_preflight_takes_only_options_that_exist(self) -> None:
        options = re.findall(r"--(\w+)", commands()["Look before you launch"])
        ours = re.findall(
            r" get(\w+)\(\)", (ROOT / "src/main/java/io/xmltobigquery/options/XmlToBigQueryOptions.java").read_text()
        )
        known = {name[0].lower() + name[1:] for name in ours}
        known |= {"runner", "project", "region", "tempLocation", "impersonateServiceAccount"}  # Beam's.
        self.assertLessEqual(set(options), known)

    def test_the_streaming_job_is_launched(self) -> None:
        self.run_well("The streaming job")

        launch = self.launch()
        self.assertEqual(launch["jobName"], "xml-to-bigquery")
        self.assertEqual(
            launch["parameters"],
            {
                "inputSubscription": VARIABLES["SUBSCRIPTION"],
                "input": "gs://demo-input/incoming/**.xml",
                "rejectedInput": "delete",
                "output": "demo-project:demo",
                "deadLetterDir": "gs://demo-dead-letter/xml-to-bigquery",
            },
        )
        self.assertTrue(launch["environment"]["enableStreamingEngine"])
        self.assert_template_takes(launch["parameters"])
        self.assert_launched_in_private(launch)
        self.assert_samples_are_in("gs://demo-input/incoming/samples/")

    def test_a_backfill_is_launched(self) -> None:
        self.run_well("A backfill")

        launch = self.launch()
        self.assertRegex(launch["jobName"], r"^xml-to-bigquery-backfill-\d{8}-\d{6}$")
        self.assertEqual(launch["parameters"]["input"], "gs://demo-input/archive/2026-11-24/**.xml")
        self.assert_samples_are_in("gs://demo-input/archive/2026-11-24/")
        self.assertNotIn("inputSubscription", launch["parameters"])
        self.assert_template_takes(launch["parameters"])
        self.assert_launched_in_private(launch)

    def test_composer_gets_the_dag_and_its_variable_and_runs_it(self) -> None:
        self.run_well("A backfill by Composer")

        dag = ROOT / "dag" / "xml_to_bigquery_backfill.py"
        self.assertEqual(self.recorder.objects[f"gs://composer/dags/{dag.name}"], dag.read_bytes())
        variables = json.loads(self.recorder.objects["gs://composer/data/composer_variables.json"])
        self.assertNotIn("$", json.dumps(variables))
        self.assertIn(VARIABLES["SDK_IMAGE"], json.dumps(variables))
        runs = [request.json for request in self.recorder.posts(f"/v1/{ENVIRONMENT}:executeAirflowCommand")]
        self.assertEqual([f"{run['command']} {run['subcommand']}" for run in runs], ["variables import", "dags trigger"])
        self.assertEqual(runs[0]["parameters"], ["/home/airflow/gcs/data/composer_variables.json"])
        self.assertEqual(runs[1]["parameters"][:2], [dag.stem, "--conf"])
        self.assertEqual(json.loads(runs[1]["parameters"][2]).keys(), {"date"})

    def test_a_wrong_flag_is_found(self) -> None:
        ended = self.run_block("A backfill", ("--disable-public-ips", "--disable-public-ip-addresses"))

        self.assertNotEqual(ended.returncode, 0)
        self.assertIn("--disable-public-ip-addresses", ended.stderr)

    def test_a_missing_variable_is_found(self) -> None:
        ended = self.run_block("A backfill", ("$DATASET", "$DATA_SET"))

        self.assertNotEqual(ended.returncode, 0)
        self.assertIn("DATA_SET", ended.stderr)

    def test_a_parameter_that_the_template_lacks_is_found(self) -> None:
        with self.assertRaises(AssertionError):
            self.assert_template_takes({"output": "p:d", "deadLetterDir": "gs://b/d", "outptu": "x"})

    def test_every_gcloud_command_is_run_here(self) -> None:
        readme = (ROOT / "README.md").read_text()
        blocks = "\n".join(re.findall(r"```sh\n(.*?)```", readme, re.DOTALL))
        # How the query tool of the local stack finds its own files.
        self.assertEqual(re.findall(r"^.*gcloud .*$", blocks.replace("gcloud info", ""), re.MULTILINE), [])


if __name__ == "__main__":
    unittest.main()
