mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "google-beta" {
  source = "./tests/mocks"
}

run "by_default" {
  # Each role that is granted for the whole project. Roles of storage, BigQuery and Pub/Sub are never among them.
  assert {
    condition = { for grant in google_project_iam_member.this : grant.role => grant.member } == {
      "roles/composer.worker"    = "serviceAccount:composer@my-project.iam.gserviceaccount.com"
      "roles/dataflow.developer" = "serviceAccount:composer@my-project.iam.gserviceaccount.com"
      "roles/dataflow.worker"    = "serviceAccount:worker@my-project.iam.gserviceaccount.com"
      "roles/logging.logWriter"  = "serviceAccount:build@my-project.iam.gserviceaccount.com"
    }
    error_message = "Roles on the project are others, or for others: ${join(", ", values(google_project_iam_member.this)[*].role)}"
  }

  # Google grants these to agents that it makes itself, and not to those that project.tf asks for.
  assert {
    condition = { for grant in google_project_iam_member.agent : grant.role => grant.member } == {
      "roles/artifactregistry.serviceAgent" = "serviceAccount:service-123456789012@gcp-sa-artifactregistry.iam.gserviceaccount.com"
      "roles/dataflow.serviceAgent"         = "serviceAccount:service-123456789012@dataflow-service-producer-prod.iam.gserviceaccount.com"
      "roles/pubsub.serviceAgent"           = "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    }
    error_message = "Google's agents lack their roles: without Dataflow's no job starts."
  }
  # A service that project.tf makes an agent for has its role.
  assert {
    condition     = toset([for grant in google_project_iam_member.agent : split(".", trimprefix(grant.role, "roles/"))[0]]) == toset(keys(google_project_service_identity.agent))
    error_message = "An agent is made that nobody grants its role to."
  }

  assert {
    condition = (
      google_storage_bucket_iam_member.worker_input.bucket == google_storage_bucket.input.name
      && google_storage_bucket_iam_member.worker_input.role == "roles/storage.objectUser"
      && google_storage_bucket_iam_member.worker_staging.bucket == google_storage_bucket.staging.name
      && google_storage_bucket_iam_member.worker_staging.role == "roles/storage.objectUser"
      && google_storage_bucket_iam_member.worker_dead_letter.bucket == google_storage_bucket.dead_letter.name
      && google_storage_bucket_iam_member.worker_dead_letter.role == "roles/storage.objectUser"
    )
    error_message = "The worker's roles on the buckets are wrong."
  }
  assert {
    condition = (
      google_bigquery_dataset_iam_member.worker.dataset_id == google_bigquery_dataset.this.dataset_id
      && google_bigquery_dataset_iam_member.worker.role == "roles/bigquery.dataEditor"
    )
    error_message = "The worker's role on the dataset is wrong."
  }
  assert {
    condition     = toset(values(google_pubsub_subscription_iam_member.worker)[*].role) == toset(["roles/pubsub.subscriber", "roles/pubsub.viewer"])
    error_message = "The worker's roles on the subscription are wrong."
  }
  assert {
    condition     = alltrue([for grant in google_pubsub_subscription_iam_member.worker : grant.subscription == google_pubsub_subscription.notifications.name])
    error_message = "The worker's roles are on another subscription."
  }
  assert {
    condition = (
      google_artifact_registry_repository_iam_member.worker.repository == google_artifact_registry_repository.images.name
      && google_artifact_registry_repository_iam_member.worker.role == "roles/artifactregistry.reader"
    )
    error_message = "The worker's role on the images is wrong."
  }
  assert {
    condition = toset(concat(
      values(google_pubsub_subscription_iam_member.worker)[*].member,
      [
        google_storage_bucket_iam_member.worker_input.member, google_storage_bucket_iam_member.worker_staging.member,
        google_storage_bucket_iam_member.worker_dead_letter.member, google_bigquery_dataset_iam_member.worker.member,
        google_artifact_registry_repository_iam_member.worker.member,
      ],
    )) == toset(["serviceAccount:worker@my-project.iam.gserviceaccount.com"])
    error_message = "Somebody else has the worker's rights."
  }

  assert {
    condition = (
      google_service_account_iam_member.launcher_as_worker["composer"].service_account_id == google_service_account.worker.name
      && google_service_account_iam_member.launcher_as_worker["composer"].role == "roles/iam.serviceAccountUser"
      && google_service_account_iam_member.launcher_as_worker["composer"].member == "serviceAccount:composer@my-project.iam.gserviceaccount.com"
    )
    error_message = "Composer may not act as the worker."
  }
  assert {
    condition = (
      google_storage_bucket_iam_member.launcher_template["composer"].bucket == google_storage_bucket.staging.name
      && google_storage_bucket_iam_member.launcher_template["composer"].role == "roles/storage.objectViewer"
      && google_storage_bucket_iam_member.launcher_template["composer"].member == "serviceAccount:composer@my-project.iam.gserviceaccount.com"
    )
    error_message = "Composer may not read the template."
  }
  assert {
    condition     = google_storage_bucket_iam_member.launcher_template["composer"].condition[0].expression == "resource.name.startsWith(\"projects/_/buckets/my-project-xml-to-bigquery-staging/objects/templates/\")"
    error_message = "Composer may read more than the template."
  }

  assert {
    condition = (
      keys(google_service_account_iam_member.launcher_as_worker) == ["composer"]
      && keys(google_storage_bucket_iam_member.launcher_template) == ["composer"]
      && length(google_service_account_iam_member.operator_impersonates_worker) == 0
      && length(google_service_account_iam_member.operator_as_build) == 0
      && length(google_pubsub_topic_iam_member.operator) == 0
      && length(google_storage_bucket_iam_member.operator_input) == 0
      && length(google_storage_bucket_iam_member.operator_dead_letter) == 0
      && length(google_bigquery_dataset_iam_member.operator) == 0
      && length(google_storage_bucket_iam_member.uploader) == 0
    )
    error_message = "Without operators and uploaders, not only Composer launches, builds or uploads."
  }

  assert {
    condition     = { for name, grant in google_project_iam_member.this : name => grant.role if grant.member == "serviceAccount:build@my-project.iam.gserviceaccount.com" } == { build_logs = "roles/logging.logWriter" }
    error_message = "A build has other roles on the project."
  }
  assert {
    condition     = google_artifact_registry_repository_iam_member.build[0].role == "roles/artifactregistry.writer"
    error_message = "A build may not push images."
  }
  assert {
    condition     = google_storage_bucket_iam_member.build_template[0].role == "roles/storage.objectUser" && strcontains(google_storage_bucket_iam_member.build_template[0].condition[0].expression, "-staging/objects/templates/\"")
    error_message = "A build may not write the template, or more than that."
  }
  assert {
    condition     = google_storage_bucket_iam_member.build_source[0].role == "roles/storage.objectViewer" && strcontains(google_storage_bucket_iam_member.build_source[0].condition[0].expression, "-staging/objects/source/\"")
    error_message = "A build may not read its source, or more than that."
  }

  assert {
    condition     = length(google_compute_subnetwork_iam_member.network_user) == 0 && length(output.grants_for_others) == 0
    error_message = "On the project's own network Dataflow's account gets a right that it has already."
  }

  assert {
    condition     = length(google_kms_crypto_key_iam_member.agent) == 0 && length(google_storage_bucket.input.encryption) == 0 && google_pubsub_topic.notifications.kms_key_name == null
    error_message = "There is a key, or a grant on one, though none was given."
  }

  assert {
    condition     = toset(keys(google_project_service.api)) == toset(local.apis) && !anytrue([for api in google_project_service.api : api.disable_on_destroy])
    error_message = "APIs aren't switched on, or are switched off by terraform destroy."
  }
}

run "the_worker_can_be_kept_from_deleting_input" {
  variables {
    delete_input  = false
    streaming_job = {}
  }
  assert {
    condition     = google_storage_bucket_iam_member.worker_input.role == "roles/storage.objectViewer"
    error_message = "It may delete."
  }
  assert {
    condition     = google_dataflow_flex_template_job.streaming[0].parameters.rejectedInput == "keep"
    error_message = "The job would try to delete."
  }
}

run "operators_may_look_launch_and_build" {
  variables {
    operators = ["group:operators@example.com"]
  }
  assert {
    condition     = toset([for grant in google_project_iam_member.this : grant.role if grant.member == "group:operators@example.com"]) == toset(["roles/dataflow.developer", "roles/bigquery.jobUser"])
    error_message = "On the project they may do more than launching and asking, or not that."
  }
  assert {
    condition = (
      google_service_account_iam_member.launcher_as_worker["group:operators@example.com"].service_account_id == google_service_account.worker.name
      && google_service_account_iam_member.launcher_as_worker["group:operators@example.com"].role == "roles/iam.serviceAccountUser"
      && google_service_account_iam_member.operator_impersonates_worker["group:operators@example.com"].service_account_id == google_service_account.worker.name
      && google_service_account_iam_member.operator_impersonates_worker["group:operators@example.com"].role == "roles/iam.serviceAccountTokenCreator"
    )
    error_message = "They may not launch jobs as the worker, or not look as it."
  }
  assert {
    condition = (
      google_service_account_iam_member.operator_as_build["group:operators@example.com"].service_account_id == google_service_account.build[0].name
      && google_service_account_iam_member.operator_as_build["group:operators@example.com"].role == "roles/iam.serviceAccountUser"
    )
    error_message = "They may not submit builds."
  }
  assert {
    condition = (
      google_storage_bucket_iam_member.launcher_template["group:operators@example.com"].role == "roles/storage.objectViewer"
      && google_storage_bucket_iam_member.launcher_template["group:operators@example.com"].condition[0].expression == "resource.name.startsWith(\"projects/_/buckets/my-project-xml-to-bigquery-staging/objects/templates/\")"
    )
    error_message = "They may not read the template, or more than that."
  }
  # The runbook has them do this.
  assert {
    condition = (
      google_pubsub_topic_iam_member.operator["group:operators@example.com"].topic == google_pubsub_topic.notifications.name
      && google_pubsub_topic_iam_member.operator["group:operators@example.com"].role == "roles/pubsub.publisher"
      && google_storage_bucket_iam_member.operator_input["group:operators@example.com"].bucket == google_storage_bucket.input.name
      && google_storage_bucket_iam_member.operator_input["group:operators@example.com"].role == "roles/storage.objectViewer"
    )
    error_message = "They may not tell the job of objects, or do more with them."
  }
  assert {
    condition = (
      google_bigquery_dataset_iam_member.operator["group:operators@example.com"].dataset_id == google_bigquery_dataset.this.dataset_id
      && google_bigquery_dataset_iam_member.operator["group:operators@example.com"].role == "roles/bigquery.dataViewer"
      && google_storage_bucket_iam_member.operator_dead_letter["group:operators@example.com"].bucket == google_storage_bucket.dead_letter.name
      && google_storage_bucket_iam_member.operator_dead_letter["group:operators@example.com"].role == "roles/storage.objectViewer"
    )
    error_message = "They may not query the tables or look into the dead letter, or may change them."
  }
}

run "uploaders_may_add_input_and_nothing_else" {
  variables {
    uploaders = ["serviceAccount:shop@other-project.iam.gserviceaccount.com"]
  }
  assert {
    condition = [for grant in google_storage_bucket_iam_member.uploader : {
      bucket = grant.bucket, role = grant.role, member = grant.member
      }] == [{
      bucket = google_storage_bucket.input.name, role = "roles/storage.objectCreator"
      member = "serviceAccount:shop@other-project.iam.gserviceaccount.com"
    }]
    error_message = "They may not, or do more."
  }
}

run "an_environment_that_is_there_keeps_its_account" {
  variables {
    composer_service_account = "airflow@other-project.iam.gserviceaccount.com"
  }
  assert {
    condition     = length(google_service_account.composer) == 0
    error_message = "An account is made."
  }
  assert {
    condition = { for name, grant in google_project_iam_member.this : grant.role => grant.member if name != "build_logs" } == {
      "roles/dataflow.developer" = "serviceAccount:airflow@other-project.iam.gserviceaccount.com"
      "roles/dataflow.worker"    = "serviceAccount:worker@my-project.iam.gserviceaccount.com"
    }
    error_message = "It gets more than it needs to launch jobs."
  }
  assert {
    condition     = google_service_account_iam_member.launcher_as_worker["composer"].member == "serviceAccount:airflow@other-project.iam.gserviceaccount.com"
    error_message = "It may not act as the worker."
  }
  assert {
    condition     = strcontains(output.environment, "export COMPOSER_SERVICE_ACCOUNT='airflow@other-project.iam.gserviceaccount.com'\n")
    error_message = "The environment names another."
  }
}

run "images_can_be_built_elsewhere" {
  variables {
    create_build_service_account = false
    operators                    = ["group:operators@example.com"]
  }
  assert {
    condition = (
      length(google_service_account.build) == 0 && length(google_service_account_iam_member.operator_as_build) == 0
      && !contains(keys(google_project_iam_member.this), "build_logs")
    )
    error_message = "There is an account for builds."
  }
}

run "on_a_shared_vpc_dataflow_may_use_the_subnetwork" {
  variables {
    network_project = "host-project"
  }
  assert {
    condition = [for grant in google_compute_subnetwork_iam_member.network_user : {
      project = grant.project, region = grant.region, subnetwork = grant.subnetwork, role = grant.role, member = grant.member
      }] == [{
      project = "host-project", region = "europe-west1", subnetwork = "my-subnetwork", role = "roles/compute.networkUser"
      member  = "serviceAccount:service-123456789012@dataflow-service-producer-prod.iam.gserviceaccount.com"
    }]
    error_message = "Dataflow may not use it, or may do more."
  }
}

run "a_key_is_used_by_all_and_granted_to_the_services" {
  variables {
    kms_key           = "projects/keys/locations/europe-west1/keyRings/r/cryptoKeys/k"
    streaming_job     = {}
    dead_letter_topic = true
  }
  assert {
    condition = toset([
      google_storage_bucket.input.encryption[0].default_kms_key_name,
      google_storage_bucket.staging.encryption[0].default_kms_key_name,
      google_storage_bucket.dead_letter.encryption[0].default_kms_key_name,
      google_pubsub_topic.notifications.kms_key_name,
      google_pubsub_topic.undelivered[0].kms_key_name,
      google_bigquery_dataset.this.default_encryption_configuration[0].kms_key_name,
      google_artifact_registry_repository.images.kms_key_name,
      google_dataflow_flex_template_job.streaming[0].kms_key_name,
    ]) == toset(["projects/keys/locations/europe-west1/keyRings/r/cryptoKeys/k"])
    error_message = "Something isn't encrypted with it."
  }
  assert {
    condition = toset([for grant in google_kms_crypto_key_iam_member.agent : grant.member]) == toset([
      "serviceAccount:bq-123456789012@bigquery-encryption.iam.gserviceaccount.com",
      "serviceAccount:service-123456789012@gcp-sa-artifactregistry.iam.gserviceaccount.com",
      "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com",
      "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com",
      "serviceAccount:service-123456789012@dataflow-service-producer-prod.iam.gserviceaccount.com",
      "serviceAccount:service-123456789012@compute-system.iam.gserviceaccount.com",
    ])
    error_message = "A service may not use it, or somebody else may."
  }
  assert {
    condition     = alltrue([for grant in google_kms_crypto_key_iam_member.agent : grant.role == "roles/cloudkms.cryptoKeyEncrypterDecrypter" && grant.crypto_key_id == var.kms_key])
    error_message = "The grants are others."
  }
}

run "what_others_own_is_left_to_them" {
  variables {
    network_project          = "host-project"
    kms_key                  = "projects/keys/locations/europe-west1/keyRings/r/cryptoKeys/k"
    grant_on_network_and_key = false
  }
  assert {
    condition     = length(google_compute_subnetwork_iam_member.network_user) == 0 && length(google_kms_crypto_key_iam_member.agent) == 0
    error_message = "Something is granted."
  }
  assert {
    condition = contains(output.grants_for_others, {
      resource = "https://www.googleapis.com/compute/v1/projects/host-project/regions/europe-west1/subnetworks/my-subnetwork"
      role     = "roles/compute.networkUser"
      member   = "serviceAccount:service-123456789012@dataflow-service-producer-prod.iam.gserviceaccount.com"
    })
    error_message = "Its owner isn't told of the subnetwork."
  }
  assert {
    condition     = length([for grant in output.grants_for_others : grant if grant.resource == var.kms_key]) == 6
    error_message = "Its owner isn't told of the key."
  }
}

# Of what isn't applied nothing is known, but this is.
run "a_plan_says_what_others_have_to_grant" {
  command = plan
  variables {
    network_project          = "host-project"
    kms_key                  = "projects/keys/locations/europe-west1/keyRings/r/cryptoKeys/k"
    grant_on_network_and_key = false
  }
  assert {
    condition     = length(distinct([for grant in output.grants_for_others : "${grant.resource} ${grant.role} ${grant.member}"])) == 7
    error_message = "It doesn't."
  }
}

run "the_agents_can_be_made_before_anything_else" {
  plan_options {
    target = [terraform_data.agents]
  }
  variables {
    network_project          = "host-project"
    kms_key                  = "projects/keys/locations/europe-west1/keyRings/r/cryptoKeys/k"
    grant_on_network_and_key = false
  }
  assert {
    condition     = toset(keys(google_project_service_identity.agent)) == toset(["artifactregistry", "dataflow", "pubsub"])
    error_message = "Not all agents are made."
  }
  assert {
    condition     = toset(keys(google_project_service.api)) == toset(local.apis)
    error_message = "The APIs aren't switched on."
  }
  assert {
    condition     = length(output.grants_for_others) == 7
    error_message = "Nobody is told what to grant them."
  }
}

run "apis_can_be_left_to_others" {
  variables {
    enable_apis = false
  }
  assert {
    condition     = length(google_project_service.api) == 0
    error_message = "They aren't."
  }
}
