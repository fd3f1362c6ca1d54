# What all other files use: names, labels, and Google's own accounts in this project.

data "google_project" "this" {
  project_id = var.project_id
}

locals {
  day      = 24 * 60 * 60 # in seconds
  location = coalesce(var.location, var.region)
  labels   = merge(var.labels, { application = var.name })

  network_project = coalesce(var.network_project, var.project_id)
  is_shared_vpc   = local.network_project != var.project_id
  subnetwork      = "https://www.googleapis.com/compute/v1/projects/${local.network_project}/regions/${var.region}/subnetworks/${var.subnetwork}"

  # Google's services act as these. A plan knows their names before they are there.
  agents = { for service, name in {
    artifact_registry = "service-NUMBER@gcp-sa-artifactregistry"
    bigquery          = "bq-NUMBER@bigquery-encryption"
    compute           = "service-NUMBER@compute-system"
    dataflow          = "service-NUMBER@dataflow-service-producer-prod"
    pubsub            = "service-NUMBER@gcp-sa-pubsub"
    storage           = "service-NUMBER@gs-project-accounts"
  } : service => "serviceAccount:${replace(name, "NUMBER", data.google_project.this.number)}.iam.gserviceaccount.com" }

  apis = [
    "artifactregistry.googleapis.com",
    "bigquery.googleapis.com",
    "bigquerystorage.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "compute.googleapis.com",
    "dataflow.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "serviceusage.googleapis.com",
    "storage.googleapis.com",
  ]
}

resource "google_project_service" "api" {
  for_each = toset(var.enable_apis ? local.apis : [])
  service  = each.value

  # Others in the project may use it as well.
  disable_on_destroy = false
}

# Left alone, most agents are made when they are first needed: too late, since nothing can be granted to an account that
# isn't there. Cloud Storage's and BigQuery's are made when somebody asks for them, and Compute Engine's with its API.
data "google_storage_project_service_account" "this" {
  depends_on = [google_project_service.api]
}

data "google_bigquery_default_service_account" "this" {
  count      = var.kms_key == null ? 0 : 1
  depends_on = [google_project_service.api]
}

resource "google_project_service_identity" "agent" {
  for_each   = toset(["artifactregistry", "dataflow", "pubsub"])
  provider   = google-beta
  service    = "${each.value}.googleapis.com"
  depends_on = [google_project_service.api]
}

# Once this is there, so are all agents. It can be applied alone, for other teams to grant what the agents need on
# network and key; with the names as its input, the output grants_for_others comes with it.
resource "terraform_data" "agents" {
  input = local.agents
  depends_on = [
    data.google_bigquery_default_service_account.this,
    data.google_storage_project_service_account.this,
    google_project_service_identity.agent,
  ]
}
