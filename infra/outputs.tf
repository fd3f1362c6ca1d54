locals {
  environment = {
    PROJECT                  = var.project_id
    REGION                   = var.region
    NAME                     = var.name
    SUBNETWORK               = local.subnetwork
    NETWORK_TAGS             = local.network_tags
    INPUT_BUCKET             = google_storage_bucket.input.name
    STAGING_BUCKET           = google_storage_bucket.staging.name
    DEAD_LETTER_BUCKET       = google_storage_bucket.dead_letter.name
    DATASET                  = google_bigquery_dataset.this.dataset_id
    REPOSITORY               = google_artifact_registry_repository.images.repository_id
    SUBSCRIPTION             = local.subscription_path
    TOPIC                    = "projects/${var.project_id}/topics/${google_pubsub_topic.notifications.name}"
    WORKER_SERVICE_ACCOUNT   = google_service_account.worker.email
    COMPOSER_SERVICE_ACCOUNT = local.composer_email
    BUILD_SERVICE_ACCOUNT    = join("", google_service_account.build[*].email)
    KMS_KEY                  = join("", var.kms_key[*])
    REJECTED_INPUT           = local.streaming_parameters.rejectedInput
    IMAGES                   = local.images
    TEMPLATE                 = local.template
    LAUNCHER_IMAGE           = "${local.images}/xml-to-bigquery-launcher:${var.image_tag}"
    SDK_IMAGE                = local.sdk_image
  }

  # The same job as that of streaming_job.tf; the template itself names the workers' image.
  launch_flags = concat(
    [
      "--project=${var.project_id}",
      "--region=${var.region}",
      "--template-file-gcs-location=${local.template}",
      "--service-account-email=${google_service_account.worker.email}",
      "--temp-location=${local.temp_location}",
      "--staging-location=${local.staging_location}",
      "--subnetwork=${local.subnetwork}",
      "--disable-public-ips",
      "--enable-streaming-engine",
      "--max-workers=${local.max_workers}",
      "--additional-user-labels=${join(",", [for name, value in local.labels : "${name}=${value}"])}",
      # ^~^ makes ~ the separator, since commas may be in patterns.
      "--parameters=^~^${join("~", [for name, value in local.streaming_parameters : "${name}=${value}"])}",
    ],
    [for network in local.job_network[*] : "--network=${network}"],
    [for experiments in compact([join(",", local.experiments)]) : "--additional-experiments=${experiments}"],
    [for key in var.kms_key[*] : "--dataflow-kms-key=${key}"],
    [for type in try(var.streaming_job.machine_type, null)[*] : "--worker-machine-type=${type}"],
    [for type in try(var.streaming_job.launcher_machine_type, null)[*] : "--launcher-machine-type=${type}"],
  )
}

output "environment" {
  description = "What the commands of docs/DEPLOY.md use: eval \"$(terraform -chdir=infra output -raw environment)\"."
  value       = join("", [for name, value in local.environment : "export ${name}='${replace(value, "'", "'\\''")}'\n"])
}

output "launch_command" {
  description = "The command that launches the streaming job, for those who launch it by hand."
  value = join(" \\\n  ", concat(
    ["gcloud dataflow flex-template run ${var.name}"],
    [for flag in local.launch_flags : "'${replace(flag, "'", "'\\''")}'"],
  ))
}

output "grants_for_others" {
  description = "What the owners of the shared VPC and of the KMS key have to grant, if grant_on_network_and_key is false."
  value = concat(
    [for member in values(local.others_network_user) : {
      resource = local.subnetwork
      role     = local.network_user_role
      member   = member
    }],
    [for member in values(local.others_key_user) : {
      resource = var.kms_key
      role     = local.key_user_role
      member   = member
    }],
  )
  depends_on = [terraform_data.agents]
}
