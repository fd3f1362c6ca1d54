"""Which call needs which permission, and which grant of infra/iam.tf brings it by which role.

The permissions are those that Google documents for a method, or that Beam's own calls take. What each role has is
pinned in roles.json, of all permissions that are named here; so a role also shows what it doesn't bring. Nothing of
this was tried on a real project yet.
"""

from __future__ import annotations

import json
import re
import unittest
from pathlib import Path
from typing import NamedTuple

from checks import ROOT

INFRA = ROOT / "infra"
BUCKET_ACCESS = ROOT / "src" / "main" / "java" / "io" / "xmltobigquery" / "check" / "BucketAccess.java"
ROLES: dict[str, list[str]] = json.loads(Path(__file__).with_name("roles.json").read_text())["roles"]


class Need(NamedTuple):
    call: str
    permissions: str
    # A resource of iam.tf, without google_ and _iam_member.
    grant: str
    role: str


PROJECT = "project.this"
LOOK, TAKE = "storage.objects.get storage.objects.list", "storage.objects.get"
REPLACE = f"{LOOK} storage.objects.create storage.objects.delete"

NEEDS = [
    # The worker's account: launcher
    Need("Beam's GcsPathValidator gets the buckets of tempLocation and stagingLocation", "storage.buckets.get", PROJECT, "dataflow.worker"),
    Need("it stages the program and writes the job, which Dataflow's agent then creates", REPLACE, "storage_bucket.worker_staging", "storage.objectUser"),
    Need("it looks at dataset and tables, and makes missing ones", "bigquery.datasets.get bigquery.tables.get bigquery.tables.create", "bigquery_dataset.worker", "bigquery.dataEditor"),
    Need("it looks at the subscription", "pubsub.subscriptions.get", "pubsub_subscription.worker", "pubsub.viewer"),
    # The worker's account: workers
    Need("they take work and shuffle", "dataflow.workItems.lease dataflow.workItems.update dataflow.shuffle.read dataflow.shuffle.write dataflow.streamingWorkItems.getWork dataflow.streamingWorkItems.commitWork", PROJECT, "dataflow.worker"),
    Need("they write logs and metrics", "logging.logEntries.create monitoring.timeSeries.create", PROJECT, "dataflow.worker"),
    Need("they pull their image", "artifactregistry.repositories.downloadArtifacts", "artifact_registry_repository.worker", "artifactregistry.reader"),
    Need("they read, list and copy input", LOOK, "storage_bucket.worker_input", "storage.objectViewer"),
    Need("the same, and delete it", f"{LOOK} storage.objects.delete", "storage_bucket.worker_input", "storage.objectUser"),
    Need("an object answers 403: is it the bucket's key?", "storage.buckets.get", PROJECT, "dataflow.worker"),
    Need("they write copies, reports and lines, and replace them when tried again", REPLACE, "storage_bucket.worker_dead_letter", "storage.objectUser"),
    Need("they hold rows in files, and delete them", REPLACE, "storage_bucket.worker_staging", "storage.objectUser"),
    Need("they pull messages, and acknowledge them", "pubsub.subscriptions.consume", "pubsub_subscription.worker", "pubsub.subscriber"),
    Need("CreateWriteStream, AppendRows, FlushRows, BatchCommitWriteStreams", "bigquery.tables.updateData bigquery.tables.get", "bigquery_dataset.worker", "bigquery.dataEditor"),
    # Composer and operators
    Need("they launch, watch and end jobs", "dataflow.jobs.create dataflow.jobs.get dataflow.jobs.list dataflow.jobs.cancel", PROJECT, "dataflow.developer"),
    Need("gcloud dataflow jobs update-options", "dataflow.jobs.updateContents", PROJECT, "dataflow.developer"),
    Need("a job runs as the worker's account", "iam.serviceAccounts.actAs", "service_account.launcher_as_worker", "iam.serviceAccountUser"),
    Need("flexTemplates.launch reads the template", TAKE, "storage_bucket.launcher_template", "storage.objectViewer"),
    Need("an environment reads its DAGs and writes its logs", f"{LOOK} logging.logEntries.create", PROJECT, "composer.worker"),
    # Operators
    Need("--impersonateServiceAccount", "iam.serviceAccounts.getAccessToken", "service_account.operator_impersonates_worker", "iam.serviceAccountTokenCreator"),
    Need("a build runs as Cloud Build's account", "iam.serviceAccounts.actAs", "service_account.operator_as_build", "iam.serviceAccountUser"),
    Need("bin/xml-to-bigquery notify lists objects", LOOK, "storage_bucket.operator_input", "storage.objectViewer"),
    Need("bin/xml-to-bigquery notify publishes", "pubsub.topics.publish", "pubsub_topic.operator", "pubsub.publisher"),
    Need("the runbook's queries read tables", "bigquery.tables.get bigquery.tables.getData", "bigquery_dataset.operator", "bigquery.dataViewer"),
    Need("the runbook's queries run", "bigquery.jobs.create", PROJECT, "bigquery.jobUser"),
    Need("they look into the dead letter", LOOK, "storage_bucket.operator_dead_letter", "storage.objectViewer"),
    # Uploaders
    Need("they upload", "storage.objects.create", "storage_bucket.uploader", "storage.objectCreator"),
    # Cloud Build
    Need("it reads its source", TAKE, "storage_bucket.build_source", "storage.objectViewer"),
    Need("gcloud storage cp lists where it copies to", "storage.objects.list", "storage_bucket.build_source", "storage.objectViewer"),
    Need("it writes the template, and replaces it", "storage.objects.create storage.objects.delete storage.objects.get", "storage_bucket.build_template", "storage.objectUser"),
    Need("it pushes images", "artifactregistry.repositories.uploadArtifacts artifactregistry.repositories.downloadArtifacts artifactregistry.tags.create", "artifact_registry_repository.build", "artifactregistry.writer"),
    Need("it writes its log", "logging.logEntries.create", PROJECT, "logging.logWriter"),
    # Google's agents
    Need("Dataflow creates the job from what the launcher wrote", "dataflow.jobs.create storage.objects.get", "project.agent", "dataflow.serviceAgent"),
    Need("Dataflow starts machines that run as the worker's account", "compute.instanceTemplates.create compute.instanceGroupManagers.create iam.serviceAccounts.actAs", "project.agent", "dataflow.serviceAgent"),
    Need("machines of Dataflow are in the subnetwork of a shared VPC", "compute.subnetworks.use", "compute_subnetwork.network_user", "compute.networkUser"),
    Need("what Google grants to Pub/Sub's agent", "iam.serviceAccounts.getOpenIdToken", "project.agent", "pubsub.serviceAgent"),
    Need("what Google grants to Artifact Registry's agent", "artifactregistry.repositories.downloadArtifacts", "project.agent", "artifactregistry.serviceAgent"),
    Need("Cloud Storage tells of objects", "pubsub.topics.publish", "pubsub_topic.storage", "pubsub.publisher"),
    Need("Pub/Sub moves what can't be delivered", "pubsub.topics.publish", "pubsub_topic.undelivered", "pubsub.publisher"),
    Need("and acknowledges it where it was", "pubsub.subscriptions.consume", "pubsub_subscription.undelivered", "pubsub.subscriber"),
    Need("each service encrypts", "cloudkms.cryptoKeyVersions.useToEncrypt cloudkms.cryptoKeyVersions.useToDecrypt", "kms_crypto_key.agent", "cloudkms.cryptoKeyEncrypterDecrypter"),
]


def granted(terraform: str) -> set[tuple[str, str]]:
    """Each grant with each role that it may have, as in NEEDS."""
    found = set()
    resources = re.findall(r'^resource "google_(\w+)_iam_member" "(\w+)" \{\n(.*?)^\}', terraform, re.MULTILINE | re.DOTALL)
    for kind, name, body in resources:
        for local in re.findall(r"\blocal\.(\w+)", body):
            value = re.search(rf"^  {local} += (merge\(\n.*?^  \)|[^\n]*)$", terraform, re.MULTILINE | re.DOTALL)
            # Of others, such as who gets the role, there is none in it.
            body += value[1] if value and local in ("project_roles", "network_user_role", "key_user_role") else ""
        found |= {(f"{kind}.{name}", role) for role in re.findall(r'"roles/([\w.]+)"', body)}
    return found


class PermissionsTest(unittest.TestCase):
    terraform = (INFRA / "iam.tf").read_text()

    def missing(self, terraform: str) -> set[str]:
        """Calls that somebody may not make."""
        there = granted(terraform)
        return {
            need.call
            for need in NEEDS
            if (need.grant, need.role) not in there or not set(need.permissions.split()) <= set(ROLES[need.role])
        }

    def test_each_call_may_be_made(self) -> None:
        self.assertEqual(self.missing(self.terraform), set())

    def test_each_role_is_there_for_a_call(self) -> None:
        self.assertEqual(granted(self.terraform) - {(need.grant, need.role) for need in NEEDS}, set())

    def test_a_grant_that_is_gone_or_too_small_is_found(self) -> None:
        for old, new, call in (
            ('"roles/dataflow.serviceAgent"', '"roles/viewer"', "Dataflow creates the job from what the launcher wrote"),
            ('"roles/bigquery.jobUser"', '"roles/bigquery.dataViewer"', "the runbook's queries run"),
            ('"google_pubsub_topic_iam_member" "operator"', '"google_pubsub_topic" "o"', "bin/xml-to-bigquery notify publishes"),
            ('["roles/pubsub.subscriber", ', "[", "they pull messages, and acknowledge them"),
            ('= "roles/compute.networkUser"', '= ""', "machines of Dataflow are in the subnetwork of a shared VPC"),
        ):
            with self.subTest(call):
                self.assertIn(old, self.terraform)
                self.assertIn(call, self.missing(self.terraform.replace(old, new)))

    def test_a_role_without_a_call_is_found(self) -> None:
        more = 'resource "google_storage_bucket_iam_member" "all" {\n  role = "roles/storage.admin"\n}\n'
        self.assertIn(("storage_bucket.all", "storage.admin"), granted(self.terraform + more))


class RolesTest(unittest.TestCase):
    """What the grants promise not to bring, by what the roles have."""

    named = {permission for need in NEEDS for permission in need.permissions.split()}

    def may(self, prefix: str) -> set[str]:
        """What the grants whose names begin so bring together."""
        roles = {need.role for need in NEEDS if need.grant.startswith(prefix)}
        return {permission for role in roles for permission in ROLES[role]}

    def test_the_file_has_the_roles_and_the_permissions_that_are_named_here(self) -> None:
        self.assertEqual(set(ROLES), {need.role for need in NEEDS})
        self.assertEqual({permission for role in ROLES.values() for permission in role}, self.named)

    def test_what_the_program_asks_for_is_in_the_table(self) -> None:
        asked = set(re.findall(r'"(storage\.\w+\.\w+)"', BUCKET_ACCESS.read_text()))
        self.assertGreater(len(asked), 3)
        of_worker = self.may("storage_bucket.worker") | set(ROLES["dataflow.worker"])
        self.assertLessEqual(asked, self.named & of_worker)

    def test_in_other_buckets_of_the_project_the_worker_may_get_and_create_only(self) -> None:
        of_storage = {name for name in ROLES["dataflow.worker"] if name.startswith("storage.objects.")}
        self.assertEqual(of_storage, {"storage.objects.get", "storage.objects.create"})

    def test_the_worker_runs_no_queries_and_creates_no_jobs(self) -> None:
        may = self.may("bigquery_dataset.worker") | set(ROLES["dataflow.worker"])
        self.assertEqual(may & {"bigquery.jobs.create", "dataflow.jobs.create"}, set())

    def test_without_the_right_to_delete_input_stays(self) -> None:
        self.assertNotIn("storage.objects.delete", ROLES["storage.objectViewer"])

    def test_uploaders_may_create_and_nothing_else(self) -> None:
        self.assertEqual(self.may("storage_bucket.uploader"), {"storage.objects.create"})

    def test_operators_as_themselves_change_no_data(self) -> None:
        may = self.may("storage_bucket.operator") | self.may("bigquery_dataset.operator") | set(ROLES["bigquery.jobUser"])
        changes = {"storage.objects.create", "storage.objects.delete", "bigquery.tables.updateData", "bigquery.tables.create"}
        self.assertEqual(may & changes, set())


if __name__ == "__main__":
    unittest.main()
