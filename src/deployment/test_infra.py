"""Checks the Terraform module, and holds it together with the options, the metrics and the grants that it talks of."""

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

from checks import ROOT, python_environment, user_folder
from recorder import Recorder, Request

INFRA = ROOT / "infra"
JAVA = ROOT / "src" / "main" / "java" / "io" / "xmltobigquery"

# Where a role of the project can be put in.
LAUNCHING = "    },\n    # Launching and watching"

# A command that does the same as plain_check without Terraform's registry: COMMAND MODULE_DIRECTORY.
CHECK = os.environ.get("TERRAFORM_CHECK")

Ended = subprocess.CompletedProcess[str]


def run(command: list[str], folder: Path, **environment: str) -> Ended:
    merged = {**os.environ, **environment}
    return subprocess.run(command, cwd=folder, env=merged, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def plain_check(module: Path) -> Ended:
    plugins = user_folder() / "terraform-plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    ended = None
    for arguments in (
        ["fmt", "-check", "-diff", "-recursive"],
        ["init", "-backend=false", "-input=false", "-no-color"],
        ["validate", "-no-color"],
        ["test", "-no-color"],
    ):
        ended = run(["terraform", *arguments], module, TF_IN_AUTOMATION="1", TF_PLUGIN_CACHE_DIR=str(plugins))
        if ended.returncode != 0:
            break
    return ended


def check(module: Path) -> Ended:
    return run([CHECK, str(module)], ROOT) if CHECK else plain_check(module)


def copy_module(folder: Path) -> Path:
    """A copy as it is in a fresh clone: without the settings and the state of a deployment."""
    own = shutil.ignore_patterns(".terraform*", "*.tfstate*", "backend.tf")
    module = shutil.copytree(INFRA, folder / "infra copy", ignore=own)
    for settings in module.glob("*.tfvars"):
        settings.unlink()
    return module


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    if old not in text:
        raise AssertionError(f"{file.name} has no {old}: the test breaks nothing")
    file.write_text(text.replace(old, new, 1))


class TerraformTest(unittest.TestCase):
    """Format, syntax, arguments, references and the tests of the module, and that a broken copy fails of each."""

    @classmethod
    def setUpClass(cls) -> None:
        if not shutil.which("terraform"):
            raise unittest.SkipTest("terraform isn't installed")
        with tempfile.TemporaryDirectory(prefix="infra ") as folder:
            cls.whole = check(copy_module(Path(folder)))
        if not CHECK and "Failed to query available provider packages" in cls.whole.stdout:
            raise unittest.SkipTest("Terraform's registry, which has the providers, can't be reached")

    def setUp(self) -> None:
        self.module = copy_module(Path(self.enterContext(tempfile.TemporaryDirectory(prefix="infra "))))

    def assert_fails(self, *messages: str) -> None:
        ended = check(self.module)
        self.assertNotEqual(ended.returncode, 0, ended.stdout)
        # Terraform breaks lines within messages.
        told = " ".join(ended.stdout.split())
        for message in messages:
            self.assertIn(message, told)

    def assert_broken(self, *promises: str) -> None:
        """Promises are messages of asserts, and variables that refuse a value. Only their runs are tried, for speed."""
        for file in self.module.glob("tests/*.tftest.hcl"):
            head, *runs = file.read_text().split('\nrun "')
            wanted = [run for run in runs if any(promise in run for promise in promises)]
            if wanted:
                file.write_text("\n\n".join([head.strip(), *(f'run "{run.strip()}' for run in wanted)]) + "\n")
            else:
                file.unlink()
        refused = "was expected to report an error but did not"
        self.assert_fails(*(f"{name}, {refused}" if name.startswith("var.") else name for name in promises))

    def test_the_module_is_right(self) -> None:
        self.assertEqual(self.whole.returncode, 0, self.whole.stdout)
        self.assertRegex(self.whole.stdout, r"Success! \d{2,} passed, 0 failed")

    def test_wrong_format_is_found(self) -> None:
        change(self.module / "registry.tf", 'format        = "DOCKER"', 'format = "DOCKER"')
        self.assert_fails("registry.tf")

    def test_what_cannot_be_meant_is_found(self) -> None:
        # Each in another resource: in one with a reference to nothing, Terraform looks for no other mistake.
        change(self.module / "pubsub.tf", "ack_deadline_seconds", "ack_deadline_minutes")
        change(self.module / "pubsub.tf", '  payload_format = "NONE"\n', "")
        change(self.module / "registry.tf", "immutable_tags = true", 'immutable_tags = "often"')
        change(self.module / "iam.tf", "google_storage_bucket.input.name", "google_storage_bucket.inputs.name")
        change(self.module / "storage.tf", "var.temp_days", "var.temp_day")
        self.assert_fails(
            "Unsupported argument",
            '"ack_deadline_minutes"',
            "Missing required argument",
            '"payload_format"',
            "Incorrect attribute value type",
            '"immutable_tags"',
            "Reference to undeclared resource",
            '"google_storage_bucket" "inputs"',
            "Reference to undeclared input variable",
            '"temp_day"',
        )

    def test_broken_promises_are_found(self) -> None:
        role = '      second = { role = "roles/bigquery.jobUser", member = google_service_account.worker.member }\n'
        found = []
        for file, old, new, promise in (
            ("storage.tf", '"enforced"', '"inherited"', "A bucket can be made public."),
            ("storage.tf", '["temp/"]', '["temp/", "staging/"]', "The staging bucket's rule isn't for temp/"),
            ("pubsub.tf", "attempts = 100", "attempts = 5", "Delivery is given up too early."),
            ("bigquery.tf", '"finished"', '"started"', "file_loads isn't partitioned by the day of finished."),
            ("iam.tf", "bigquery.dataEditor", "bigquery.dataOwner", "The worker's role on the dataset is wrong."),
            ("iam.tf", LAUNCHING, role + LAUNCHING, "Roles on the project are others"),
            ("streaming_job.tf", '"WORKER_IP_PRIVATE"', '"WORKER_IP_PUBLIC"', "The job has public addresses."),
            ("streaming_job.tf", "-${var.image_tag}.json", ".json", "The job would run what was built before."),
            ("monitoring.tf", "backlog * 60", "backlog", "The alert of the backlog isn't for the subscription"),
            ("monitoring.tf", "(-backfill-.+)?", ".*", "Jobs of a deployment invoices-2 are found."),
            ("outputs.tf", "'${replace(value, \"'\", \"'\\\\''\")}'", "'${value}'", "Values aren't quoted"),
            ("project.tf", '"dataflow", "pubsub"])', '"pubsub"])', "Not all agents are made."),
            ("variables.tf", "_days > var.message", "_days >= var.message", "var.deduplication_window_days"),
        ):
            change(self.module / file, old, new)
            found.append(promise)
        (self.module / "schemas" / "orders.schema.json").unlink()
        self.assert_broken(*found, "There are other tables than customers")

    def plan_example(self, example: str) -> Ended:
        for file in self.module.glob("tests/*.tftest.hcl"):
            file.unlink()
        (self.module / "tests" / "terraform.tfvars").write_text(example)
        mocks = "".join(f'mock_provider "{name}" {{}}\n\n' for name in ("google", "google-beta"))
        test = f'{mocks}run "example" {{\n  command = plan\n}}\n'
        (self.module / "tests" / "example.tftest.hcl").write_text(test)
        return check(self.module)

    def test_the_examples_can_be_planned(self) -> None:
        for example in sorted(INFRA.glob("examples/*.tfvars")):
            with self.subTest(example.name):
                self.assertIn("Success! 1 passed, 0 failed", self.plan_example(example.read_text()).stdout)

    def test_a_wrong_example_is_found(self) -> None:
        example = (INFRA / "examples" / "complete.tfvars").read_text().replace('"europe-west1"', '"europe-west1-b"')
        self.assertIn("region is a region, such as europe-west1", self.plan_example(example).stdout)


def settings(tfvars: str) -> set[str]:
    return set(re.findall(r"^(\w+) +=", tfvars, re.MULTILINE))


class ExamplesTest(unittest.TestCase):
    """Terraform itself only warns of settings that are no variables."""

    variables = set(re.findall(r'^variable "(\w+)"', (INFRA / "variables.tf").read_text(), re.MULTILINE))

    def test_the_complete_example_has_every_variable(self) -> None:
        self.assertEqual(settings((INFRA / "examples" / "complete.tfvars").read_text()), self.variables)

    def test_the_short_example_has_variables_only(self) -> None:
        self.assertLess(settings((INFRA / "examples" / "private-network.tfvars").read_text()), self.variables)

    def test_a_setting_that_is_no_variable_is_found(self) -> None:
        self.assertFalse(settings('project_name = "my-project"\n') <= self.variables)


# Every grant there is, with what it is on. One more has to be written down here, on purpose.
GRANTS = {
    "google_artifact_registry_repository_iam_member.build",
    "google_artifact_registry_repository_iam_member.worker",
    "google_bigquery_dataset_iam_member.operator",
    "google_bigquery_dataset_iam_member.worker",
    "google_compute_subnetwork_iam_member.network_user",
    "google_kms_crypto_key_iam_member.agent",
    "google_project_iam_member.agent",
    "google_project_iam_member.this",
    "google_pubsub_subscription_iam_member.undelivered",
    "google_pubsub_subscription_iam_member.worker",
    "google_pubsub_topic_iam_member.operator",
    "google_pubsub_topic_iam_member.storage",
    "google_pubsub_topic_iam_member.undelivered",
    "google_service_account_iam_member.launcher_as_worker",
    "google_service_account_iam_member.operator_as_build",
    "google_service_account_iam_member.operator_impersonates_worker",
    "google_storage_bucket_iam_member.build_source",
    "google_storage_bucket_iam_member.build_template",
    "google_storage_bucket_iam_member.launcher_template",
    "google_storage_bucket_iam_member.operator_dead_letter",
    "google_storage_bucket_iam_member.operator_input",
    "google_storage_bucket_iam_member.uploader",
    "google_storage_bucket_iam_member.worker_dead_letter",
    "google_storage_bucket_iam_member.worker_input",
    "google_storage_bucket_iam_member.worker_staging",
}


def grants(terraform: str) -> set[str]:
    found = re.findall(r'^resource "(\w+_(?:iam_\w+|acl|access|access_control))" "(\w+)"', terraform, re.MULTILINE)
    return {".".join(address) for address in found}


def roles_without_reason(terraform: str) -> list[str]:
    """Roles on the project that no comment stands above."""
    block = terraform.split("project_roles = merge(", 1)[1].split("\n  )\n", 1)[0]
    missing, has_reason = [], False
    for line in block.splitlines():
        role = re.search(r'role = "(.*?)"', line)
        if role and not has_reason:
            missing.append(role[1])
        # A comment is the reason of the one role that comes next.
        has_reason = not role and (has_reason or line.lstrip().startswith("#"))
    return missing


class GrantsTest(unittest.TestCase):
    """A grant that no test of the module knows of is found by its being there."""

    terraform = "\n".join(file.read_text() for file in sorted(INFRA.glob("*.tf")))

    def test_the_grants_are_the_known_ones(self) -> None:
        self.assertEqual(grants(self.terraform), GRANTS)

    def test_one_more_grant_is_found(self) -> None:
        more = 'resource "google_project_iam_binding" "all" {\n  role = "roles/editor"\n}\n'
        self.assertNotEqual(grants(self.terraform + more), GRANTS)

    def test_each_role_on_the_project_has_its_reason(self) -> None:
        self.assertEqual(roles_without_reason(self.terraform), [])

    def test_a_role_without_reason_is_found(self) -> None:
        role = '      second = { role = "roles/viewer", member = google_service_account.worker.member }\n'
        changed = self.terraform.replace(LAUNCHING, role + LAUNCHING)
        self.assertEqual(roles_without_reason(changed), ["roles/viewer"])


def apis(text: str) -> set[str]:
    return set(re.findall(r"\b[a-z]+\.googleapis\.com\b", text))


class ApisTest(unittest.TestCase):
    """docs/DEPLOY.md switches on what Terraform needs before it can switch on the others itself."""

    page = (ROOT / "docs" / "DEPLOY.md").read_text().split("\n## 1. Prerequisites\n", 1)[1].split("\n## ", 1)[0]
    project = (INFRA / "project.tf").read_text()

    def enabled(self) -> set[str]:
        return apis(self.project.split("  apis = [\n", 1)[1].split("]", 1)[0])

    def test_those_of_the_page_are_among_them(self) -> None:
        before = apis("".join(re.findall(r"^gcloud services enable (?:.*\\\n)*.*$", self.page, re.MULTILINE)))
        self.assertIn("cloudresourcemanager.googleapis.com", before)
        self.assertLessEqual(before, self.enabled())

    def test_one_that_terraform_lacks_is_found(self) -> None:
        self.project = self.project.replace('    "cloudresourcemanager.googleapis.com",\n', "")
        with self.assertRaises(AssertionError):
            self.test_those_of_the_page_are_among_them()


class ParametersTest(unittest.TestCase):
    """The streaming job has the template's parameters."""

    # Not the template's: those of the command itself. In a streaming job accepted files are always kept.
    not_of_the_job = {"debug", "validateOnly", "acceptedInput"}
    of_beam = {"storageWriteApiTriggeringFrequencySec", "numStorageWriteApiStreams", "useStorageApiConnectionPool"}

    def expected(self) -> set[str]:
        text = (JAVA / "options" / "XmlToBigQueryOptions.java").read_text()
        options = re.findall(r"^  \w+ get(\w+)\(\);", text, re.MULTILINE)
        names = {name[0].lower() + name[1:] for name in options}
        self.assertGreater(len(names), 10)
        return names - self.not_of_the_job | self.of_beam

    def found(self, variables: str) -> set[str]:
        allowed = variables.split("setsubtract(try(keys(var.streaming_job.parameters), []), [", 1)[1].split("]", 1)[0]
        own = (INFRA / "streaming_job.tf").read_text().split("streaming_parameters = merge(", 1)[1].split("\n  )", 1)[0]
        return set(re.findall(r'"(\w+)"', allowed)) | set(re.findall(r"(\w+) += ", own))

    def test_they_are_the_options(self) -> None:
        self.assertEqual(self.found((INFRA / "variables.tf").read_text()), self.expected())

    def test_a_parameter_that_is_no_option_is_found(self) -> None:
        variables = (INFRA / "variables.tf").read_text().replace('"chunkSizeMb"', '"chunkSize"')
        self.assertNotEqual(self.found(variables), self.expected())


def constants(file: str) -> list[str]:
    """Names of an enum, as metrics have them."""
    body = re.sub(r"/\*.*?\*/", "", (JAVA / file).read_text(), flags=re.DOTALL).split("enum ", 1)[1].split("{", 1)[1]
    return [name.lower().replace("_", "-") for name in re.findall(r"^  ([A-Z_]+)[,;]?$", body, re.MULTILINE)]


def metric_names() -> set[str]:
    """The names of all metrics as Dataflow shows them, with \"orders\" for a table."""
    text = (JAVA / "outcome" / "Metrics.java").read_text()
    families = {
        "notifications-": constants("outcome/NotificationResult.java"),
        "files-": constants("outcome/Outcome.java")
        + [f"rejected-{reason}" for reason in constants("xml/RejectionReason.java")],
        "rows-": ["orders"],
        "invalid-records-": ["orders"],
        "refused-rows-": ["orders"],
        "parent-invalid-": ["orders"],
        "skipped-in-": ["orders"],
        "texts-with-elements-": ["orders"],
        "items-left-out-": ["orders"],
        # Sets of texts: no chart has them.
        "skipped-paths-": [],
        "filled-columns-": [],
    }
    names = set()
    for comment, name in re.findall(r'(?:/\*\*([^/]*?)\*/\s*)?\w+ static final String \w+ = "([a-z-]+)";', text):
        if name.endswith("-"):
            names |= {name + member for member in families.pop(name)}
        elif "A distribution" in " ".join(comment.replace("*", " ").split()):
            names |= {f"{name}_{value}" for value in ("MIN", "MAX", "MEAN", "COUNT")}
        elif name != "xml-to-bigquery":
            names.add(name)
    if families:
        raise AssertionError(f"Metrics.java has no {', '.join(families)}")
    return names


def chart_patterns(monitoring: str) -> list[str]:
    rows = monitoring.split("counter_charts = [", 1)[1].split("\n  ]", 1)[0]
    return re.findall(r'\["[^"]+", "\w+", "([^"]+)"\]', rows)


def alert_pattern(monitoring: str) -> str:
    return re.search(r'bad_counters += "(.+)"', monitoring)[1]


def alternatives(pattern: str) -> list[str]:
    """Each name or family of names that a pattern is made of."""
    grouped = re.fullmatch(r"([^(|]*)\((.+)\)([^)|]*)", pattern)
    if grouped:
        return [grouped[1] + part + grouped[3] for part in grouped[2].split("|")]
    return pattern.split("|")


class MetricsTest(unittest.TestCase):
    """Alerts and dashboard ask for metrics that there are."""

    monitoring = (INFRA / "monitoring.tf").read_text()

    def without_metric(self, monitoring: str) -> list[str]:
        return [
            part
            for pattern in [*chart_patterns(monitoring), alert_pattern(monitoring)]
            for part in alternatives(pattern)
            if not any(re.fullmatch(part, name) for name in metric_names())
        ]

    def without_chart(self, monitoring: str) -> list[str]:
        shown = chart_patterns(monitoring)
        # Of a distribution the dashboard shows two values.
        wanted = [name for name in metric_names() if not name.endswith(("_MIN", "_COUNT"))]
        return [name for name in wanted if not any(re.fullmatch(pattern, name) for pattern in shown)]

    def test_each_name_is_that_of_a_metric(self) -> None:
        self.assertEqual(self.without_metric(self.monitoring), [])

    def test_each_metric_is_in_a_chart(self) -> None:
        self.assertEqual(self.without_chart(self.monitoring), [])

    def test_a_wrong_name_is_found(self) -> None:
        for old, new in (("files-rejected|", "files-refused|"), ('"file-bytes"', '"bytes-of-files"')):
            changed = self.monitoring.replace(old, new)
            self.assertEqual(self.without_metric(changed), [new.strip('"|')])

    def test_a_metric_that_nobody_shows_is_found(self) -> None:
        changed = self.monitoring.replace("|files-without-notification", "")
        self.assertEqual(self.without_chart(changed), ["files-without-notification"])


class CheckovTest(unittest.TestCase):
    """checkov finds nothing insecure but what the files themselves give a reason for."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.python = python_environment("checkov")

    def results(self, module: Path) -> dict[str, Any]:
        # Its own command doesn't start where the path has a blank.
        options = ["--framework=terraform", "--skip-download", "--output=json", "--directory=."]
        command = [str(self.python), "-m", "checkov.main", *options]
        ended = subprocess.run(command, cwd=module, capture_output=True, text=True)
        return json.loads(ended.stdout)["results"]

    def test_it_finds_nothing(self) -> None:
        results = self.results(INFRA)
        self.assertEqual([(found["check_id"], found["resource"]) for found in results["failed_checks"]], [])
        self.assertGreater(len(results["passed_checks"]), 15)
        for skipped in results["skipped_checks"]:
            self.assertGreater(len(skipped["check_result"]["suppress_comment"].split()), 5, skipped["check_id"])

    def test_what_is_insecure_is_found(self) -> None:
        module = copy_module(Path(self.enterContext(tempfile.TemporaryDirectory(prefix="infra "))))
        change(module / "storage.tf", "uniform_bucket_level_access = true", "uniform_bucket_level_access = false")
        change(module / "storage.tf", '"enforced"', '"inherited"')
        change(module / "iam.tf", "member     = local.agents.storage", 'member     = "allUsers"')
        change(module / "bigquery.tf", "#checkov:skip=CKV_GCP_80", "#")
        found = {(found["check_id"], found["resource"]) for found in self.results(module)["failed_checks"]}
        self.assertEqual(
            found,
            {
                ("CKV_GCP_29", "google_storage_bucket.input"),
                ("CKV_GCP_114", "google_storage_bucket.input"),
                ("CKV_GCP_99", "google_pubsub_topic_iam_member.storage"),
                ("CKV_GCP_80", "google_bigquery_table.table"),
            },
        )


@unittest.skipUnless(shutil.which("gcloud"), "the Google Cloud CLI isn't installed")
class LaunchCommandTest(unittest.TestCase):
    """The command of the output launch_command, which a test of the module holds to, asks Dataflow for the job."""

    def launch(self, command: str) -> tuple[Ended, list[Request]]:
        settings = self.enterContext(tempfile.TemporaryDirectory(prefix="gcloud "))
        with Recorder(lambda request: {"job": {"id": "1"}}) as recorder:
            environment = recorder.environment(Path(settings), "my-project")
            ended = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True)
        return ended, recorder.requests

    def command(self) -> str:
        text = (INFRA / "tests" / "outputs.tftest.hcl").read_text()
        return text.split("output.launch_command == trimspace(<<-EOT\n", 1)[1].split("EOT\n", 1)[0]

    def test_it_asks_for_the_job(self) -> None:
        ended, requests = self.launch(self.command())
        self.assertEqual(ended.returncode, 0, ended.stderr)
        (request,) = requests
        self.assertEqual(request.path, "/v1b3/projects/my-project/locations/europe-west1/flexTemplates:launch")
        launch = request.json["launchParameter"]
        self.assertEqual(launch["jobName"], "xml-to-bigquery")
        self.assertEqual(launch["parameters"]["input"], "gs://my-project-xml-to-bigquery-input/incoming/**.xml")
        self.assertEqual(
            set(launch["parameters"]),
            {"deadLetterDir", "deduplicationWindow", "input", "inputSubscription", "output", "rejectedInput"},
        )
        environment = launch["environment"]
        self.assertEqual(environment["ipConfiguration"], "WORKER_IP_PRIVATE")
        self.assertEqual(
            environment["additionalExperiments"],
            ["use_network_tags=dataflow;no-internet", "use_network_tags_for_flex_templates=dataflow;no-internet"],
        )
        self.assertEqual(environment["additionalUserLabels"], {"application": "xml-to-bigquery", "team": "data"})
        self.assertTrue(environment["enableStreamingEngine"])
        self.assertEqual((environment["machineType"], environment["maxWorkers"]), ("n2-standard-2", 7))
        self.assertTrue(environment["kmsKeyName"].endswith("/cryptoKeys/k"))

    def test_a_wrong_flag_is_found(self) -> None:
        ended, requests = self.launch(self.command().replace("--disable-public-ips", "--disable-public-addresses"))
        self.assertNotEqual(ended.returncode, 0)
        self.assertEqual(requests, [])


if __name__ == "__main__":
    unittest.main()
