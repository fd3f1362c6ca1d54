locals {
  # By tag, as the images are: a new build touches nothing that runs, and the job changes when image_tag does.
  template  = "gs://${google_storage_bucket.staging.name}/templates/xml-to-bigquery-${var.image_tag}.json"
  images    = "${var.region}-docker.pkg.dev/${var.project_id}/${google_artifact_registry_repository.images.repository_id}"
  sdk_image = "${local.images}/xml-to-bigquery-sdk:${var.image_tag}"

  subscription_path = "projects/${var.project_id}/subscriptions/${google_pubsub_subscription.notifications.name}"
  streaming_parameters = merge(
    { input = "gs://${google_storage_bucket.input.name}/incoming/**.xml" },
    try(var.streaming_job.parameters, {}),
    {
      inputSubscription   = local.subscription_path
      output              = "${var.project_id}:${google_bigquery_dataset.this.dataset_id}"
      deadLetterDir       = "gs://${google_storage_bucket.dead_letter.name}/xml-to-bigquery"
      rejectedInput       = var.delete_input ? "delete" : "keep"
      deduplicationWindow = "${var.deduplication_window_days}d"
    },
  )

  temp_location    = "gs://${google_storage_bucket.staging.name}/temp"
  staging_location = "gs://${google_storage_bucket.staging.name}/staging"

  # Workers and launcher each have tags of their own.
  network_tags = join(";", var.network_tags)
  experiments = length(var.network_tags) == 0 ? [] : [
    "use_network_tags=${local.network_tags}",
    "use_network_tags_for_flex_templates=${local.network_tags}",
  ]

  # Dataflow's own ceiling is higher, and a backlog of many files would pay for it. That of the command, too, if
  # Terraform runs no job.
  max_workers = try(var.streaming_job.max_workers, 10)

  # A subnetwork implies its network. Naming that of a shared VPC takes rights on the whole host project.
  job_network = local.is_shared_vpc ? null : var.network
}

# A change of parameters or images updates the job in place, and its memory of what was loaded goes over. Another name,
# region or max_workers makes the provider drain the job and start a new one.
resource "google_dataflow_flex_template_job" "streaming" {
  count    = var.streaming_job == null ? 0 : 1
  provider = google-beta

  name                    = var.name
  region                  = var.region
  container_spec_gcs_path = local.template
  parameters              = local.streaming_parameters
  sdk_container_image     = local.sdk_image
  labels                  = local.labels

  service_account_email = google_service_account.worker.email
  temp_location         = local.temp_location
  staging_location      = local.staging_location
  kms_key_name          = var.kms_key

  network                = local.job_network
  subnetwork             = local.subnetwork
  ip_configuration       = "WORKER_IP_PRIVATE"
  additional_experiments = local.experiments

  # Without it the number of streams that write to a table couldn't follow the load.
  enable_streaming_engine = true
  machine_type            = var.streaming_job.machine_type
  launcher_machine_type   = var.streaming_job.launcher_machine_type
  max_workers             = local.max_workers

  # Cancelling would lose what was read and not finished.
  on_delete = "drain"

  lifecycle {
    precondition {
      condition = lookup(local.streaming_parameters, "lineage", "false") != "true" || alltrue([
        for table, schema in local.schemas : table == local.file_loads || strcontains(schema, "\"_file\"")
      ])
      error_message = "With lineage each table has a column _file; write the schemas again, with bin/xml-to-bigquery schema --lineage."
    }
  }

  # A job that starts without its rights, or before its tables are there, fails.
  depends_on = [
    google_artifact_registry_repository_iam_member.worker,
    google_bigquery_dataset_iam_member.worker,
    google_bigquery_table.table,
    google_compute_subnetwork_iam_member.network_user,
    google_kms_crypto_key_iam_member.agent,
    google_project_iam_member.agent,
    google_project_iam_member.this,
    google_pubsub_subscription_iam_member.worker,
    google_storage_bucket_iam_member.worker_dead_letter,
    google_storage_bucket_iam_member.worker_input,
    google_storage_bucket_iam_member.worker_staging,
  ]
}
