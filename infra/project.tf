# What all other files use: names, labels, and Google's own accounts in this project.

data "google_project" "this" {
  project_id = var.project_id
}

# Cloud Storage's account of this project, which publishes the notifications. Asking for it makes it.
data "google_storage_project_service_account" "this" {
  depends_on = [google_project_service.api]
}

# Likewise BigQuery's, which encrypts.
data "google_bigquery_default_service_account" "this" {
  count      = var.kms_key == null ? 0 : 1
  depends_on = [google_project_service.api]
}

locals {
  day      = 24 * 60 * 60 # in seconds
  location = coalesce(var.location, var.region)
  labels   = merge(var.labels, { application = var.name })

  network_project = coalesce(var.network_project, var.project_id)
  is_shared_vpc   = local.network_project != var.project_id
  subnetwork      = "https://www.googleapis.com/compute/v1/projects/${local.network_project}/regions/${var.region}/subnetworks/${var.subnetwork}"

  dataflow_agent = "serviceAccount:service-${data.google_project.this.number}@dataflow-service-producer-prod.iam.gserviceaccount.com"
  compute_agent  = "serviceAccount:service-${data.google_project.this.number}@compute-system.iam.gserviceaccount.com"

  apis = [
    "artifactregistry.googleapis.com",
    "bigquery.googleapis.com",
    "bigquerystorage.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "compute.googleapis.com",
    "dataflow.googleapis.com",
    "iam.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "storage.googleapis.com",
  ]
}

resource "google_project_service" "api" {
  for_each = toset(var.enable_apis ? local.apis : [])
  service  = each.value

  # Others in the project may use it as well.
  disable_on_destroy = false
}

# Pub/Sub's account of this project moves messages to the dead-letter topic. It is there when it was asked for.
resource "google_project_service_identity" "pubsub" {
  provider   = google-beta
  service    = "pubsub.googleapis.com"
  depends_on = [google_project_service.api]
}

# Artifact Registry's encrypts.
resource "google_project_service_identity" "artifact_registry" {
  count      = var.kms_key == null ? 0 : 1
  provider   = google-beta
  service    = "artifactregistry.googleapis.com"
  depends_on = [google_project_service.api]
}
