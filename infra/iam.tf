# Who may do what. Each role is granted on the one resource that it is needed for; the few that Google offers for a
# whole project only are in project_roles, each with the reason. All grants add to what others have granted.

resource "google_service_account" "worker" {
  account_id   = "${var.name}-worker"
  display_name = "Launcher and workers of ${var.name}"
}

resource "google_service_account" "composer" {
  count        = var.composer_service_account == null ? 1 : 0
  account_id   = "${var.name}-composer"
  display_name = "Composer environment that launches ${var.name}"
}

resource "google_service_account" "build" {
  count        = var.create_build_service_account ? 1 : 0
  account_id   = "${var.name}-build"
  display_name = "Cloud Build of ${var.name}"
}

locals {
  composer_email  = coalesce(var.composer_service_account, one(google_service_account.composer[*].email))
  composer_member = "serviceAccount:${local.composer_email}"

  operators = { for member in var.operators : member => member }
  launchers = merge(local.operators, { composer = local.composer_member })

  project_roles = merge(
    {
      # Workers report to the Dataflow service, and write logs and metrics; there is no such role on a job. It also
      # lets them get, though neither list nor delete, the objects of any bucket in the project, and create new ones:
      # keep buckets that are none of its business in other projects.
      worker = { role = "roles/dataflow.worker", member = google_service_account.worker.member }
    },
    # Launching and watching jobs: jobs have no policies of their own.
    { for launcher, member in local.launchers : "launcher ${launcher}" => {
      role = "roles/dataflow.developer", member = member
    } },
    # The runbook's queries: jobs belong to projects. What they may read is granted on the dataset.
    { for operator, member in local.operators : "queries ${operator}" => {
      role = "roles/bigquery.jobUser", member = member
    } },
    # What an environment's account needs to run Airflow: environments have no policies of their own. An account that
    # was there before has it.
    { for account in google_service_account.composer : "composer_environment" => {
      role = "roles/composer.worker", member = account.member
    } },
    # Builds write their own logs: those of a project have no policies by log.
    { for account in google_service_account.build : "build_logs" => {
      role = "roles/logging.logWriter", member = account.member
    } },
  )
}

resource "google_project_iam_member" "this" {
  for_each = local.project_roles
  project  = var.project_id
  role     = each.value.role
  member   = each.value.member
}

# The job: buckets

# Without deletion it reads objects at their generations, and lists them.
resource "google_storage_bucket_iam_member" "worker_input" {
  bucket = google_storage_bucket.input.name
  role   = var.delete_input ? "roles/storage.objectUser" : "roles/storage.objectViewer"
  member = google_service_account.worker.member
}

# It creates, reads, replaces and deletes temporary files, and writes and reads the program.
resource "google_storage_bucket_iam_member" "worker_staging" {
  bucket = google_storage_bucket.staging.name
  role   = "roles/storage.objectUser"
  member = google_service_account.worker.member
}

# Object creator and viewer would do for the streaming job alone. A backfill writes lines to temporary names and moves
# them, and a later run replaces the report on a file that it rejects again: both take the right to delete.
resource "google_storage_bucket_iam_member" "worker_dead_letter" {
  bucket = google_storage_bucket.dead_letter.name
  role   = "roles/storage.objectUser"
  member = google_service_account.worker.member
}

# The job: the rest

resource "google_pubsub_subscription_iam_member" "worker" {
  # The viewer's right is for the launcher, which checks the subscription, and for Dataflow, which does so too. The
  # job takes no timestamps from attributes, so Dataflow makes no subscription of its own.
  for_each     = toset(["roles/pubsub.subscriber", "roles/pubsub.viewer"])
  subscription = google_pubsub_subscription.notifications.name
  role         = each.value
  member       = google_service_account.worker.member
}

# To look at tables, create missing ones and append rows. No job user: rows go through the Storage Write API, and the
# job runs neither queries nor load jobs.
resource "google_bigquery_dataset_iam_member" "worker" {
  dataset_id = google_bigquery_dataset.this.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.worker.member
}

resource "google_artifact_registry_repository_iam_member" "worker" {
  repository = google_artifact_registry_repository.images.name
  location   = google_artifact_registry_repository.images.location
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.worker.member
}

locals {
  # A condition, to be followed by a directory.
  in_staging = "resource.name.startsWith(\"projects/_/buckets/${google_storage_bucket.staging.name}/objects"
}

# Composer and operators: launch jobs that run as the worker's account, from the template

resource "google_service_account_iam_member" "launcher_as_worker" {
  for_each           = local.launchers
  service_account_id = google_service_account.worker.name
  role               = "roles/iam.serviceAccountUser"
  member             = each.value
}

resource "google_storage_bucket_iam_member" "launcher_template" {
  for_each = local.launchers
  bucket   = google_storage_bucket.staging.name
  role     = "roles/storage.objectViewer"
  member   = each.value
  condition {
    title      = "templates"
    expression = "${local.in_staging}/templates/\")"
  }
}

# Operators alone

# What --validateOnly asks with the worker's rights, it asks as the worker: --impersonateServiceAccount.
resource "google_service_account_iam_member" "operator_impersonates_worker" {
  for_each           = local.operators
  service_account_id = google_service_account.worker.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = each.value
}

# What docs/RUNBOOK.md has them do without changing any data: list the input and publish notifications of it
# (bin/xml-to-bigquery notify), query the tables, look into the dead letter. As the worker they could read all this
# anyway, but neither publish nor query.
resource "google_pubsub_topic_iam_member" "operator" {
  for_each = local.operators
  topic    = google_pubsub_topic.notifications.name
  role     = "roles/pubsub.publisher"
  member   = each.value
}

resource "google_storage_bucket_iam_member" "operator_input" {
  for_each = local.operators
  bucket   = google_storage_bucket.input.name
  role     = "roles/storage.objectViewer"
  member   = each.value
}

resource "google_storage_bucket_iam_member" "operator_dead_letter" {
  for_each = local.operators
  bucket   = google_storage_bucket.dead_letter.name
  role     = "roles/storage.objectViewer"
  member   = each.value
}

resource "google_bigquery_dataset_iam_member" "operator" {
  for_each   = local.operators
  dataset_id = google_bigquery_dataset.this.dataset_id
  role       = "roles/bigquery.dataViewer"
  member     = each.value
}

# A build runs as an account that whoever submits it may use.
resource "google_service_account_iam_member" "operator_as_build" {
  for_each           = var.create_build_service_account ? local.operators : {}
  service_account_id = google_service_account.build[0].name
  role               = "roles/iam.serviceAccountUser"
  member             = each.value
}

# Uploaders: new objects only. Whoever may overwrite may delete.

resource "google_storage_bucket_iam_member" "uploader" {
  for_each = toset(var.uploaders)
  bucket   = google_storage_bucket.input.name
  role     = "roles/storage.objectCreator"
  member   = each.value
}

# Cloud Build: reads its source, pushes images and writes the template

resource "google_artifact_registry_repository_iam_member" "build" {
  count      = var.create_build_service_account ? 1 : 0
  repository = google_artifact_registry_repository.images.name
  location   = google_artifact_registry_repository.images.location
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.build[0].member
}

resource "google_storage_bucket_iam_member" "build_source" {
  count  = var.create_build_service_account ? 1 : 0
  bucket = google_storage_bucket.staging.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.build[0].member
  condition {
    # gcloud storage lists where it copies to; that is a right on the bucket, and shows names only.
    title      = "source, and names"
    expression = "resource.name == \"projects/_/buckets/${google_storage_bucket.staging.name}\" || ${local.in_staging}/source/\")"
  }
}

resource "google_storage_bucket_iam_member" "build_template" {
  count  = var.create_build_service_account ? 1 : 0
  bucket = google_storage_bucket.staging.name
  role   = "roles/storage.objectUser"
  member = google_service_account.build[0].member
  condition {
    title      = "templates"
    expression = "${local.in_staging}/templates/\")"
  }
}

# Google's own accounts

# What Google grants to an agent that it makes itself, and not to one that somebody asks for, as project.tf does:
# without Dataflow's, no job starts. The grants add to what is there. To destroy them takes the roles from all in the
# project; README.md says how to leave them.
resource "google_project_iam_member" "agent" {
  #checkov:skip=CKV_GCP_49:these are what Google itself grants to its own agents, as which nobody else can act
  for_each = {
    artifact_registry = "roles/artifactregistry.serviceAgent"
    dataflow          = "roles/dataflow.serviceAgent"
    pubsub            = "roles/pubsub.serviceAgent"
  }
  project    = var.project_id
  role       = each.value
  member     = local.agents[each.key]
  depends_on = [terraform_data.agents]
}

resource "google_pubsub_topic_iam_member" "storage" {
  topic      = google_pubsub_topic.notifications.name
  role       = "roles/pubsub.publisher"
  member     = local.agents.storage
  depends_on = [terraform_data.agents]
}

# To move a message, Pub/Sub publishes it to one topic and acknowledges it on the other's subscription.
resource "google_pubsub_topic_iam_member" "undelivered" {
  count      = var.dead_letter_topic ? 1 : 0
  topic      = google_pubsub_topic.undelivered[0].name
  role       = "roles/pubsub.publisher"
  member     = local.agents.pubsub
  depends_on = [terraform_data.agents]
}

resource "google_pubsub_subscription_iam_member" "undelivered" {
  count        = var.dead_letter_topic ? 1 : 0
  subscription = google_pubsub_subscription.notifications.name
  role         = "roles/pubsub.subscriber"
  member       = local.agents.pubsub
  depends_on   = [terraform_data.agents]
}

# Grants on what other teams may own

locals {
  # On one subnetwork of the host project, not on all of its networks.
  network_user = { for service, agent in local.agents : service => agent if local.is_shared_vpc && service == "dataflow" }

  # Each service encrypts by its own account.
  key_user = { for service, agent in local.agents : service => agent if var.kms_key != null }

  network_user_role = "roles/compute.networkUser"
  key_user_role     = "roles/cloudkms.cryptoKeyEncrypterDecrypter"

  others_network_user = var.grant_on_network_and_key ? {} : local.network_user
  others_key_user     = var.grant_on_network_and_key ? {} : local.key_user
}

resource "google_compute_subnetwork_iam_member" "network_user" {
  for_each   = var.grant_on_network_and_key ? local.network_user : {}
  project    = local.network_project
  region     = var.region
  subnetwork = var.subnetwork
  role       = local.network_user_role
  member     = each.value
  depends_on = [terraform_data.agents]
}

resource "google_kms_crypto_key_iam_member" "agent" {
  for_each      = var.grant_on_network_and_key ? local.key_user : {}
  crypto_key_id = var.kms_key
  role          = local.key_user_role
  member        = each.value
  depends_on    = [terraform_data.agents]
}
