mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "google-beta" {
  source = "./tests/mocks"
}

run "by_default" {
  assert {
    condition     = length(google_dataflow_flex_template_job.streaming) == 0
    error_message = "There is a job, before there is a template."
  }

  assert {
    condition     = google_artifact_registry_repository.images.format == "DOCKER" && google_artifact_registry_repository.images.docker_config[0].immutable_tags
    error_message = "A tag can be moved: workers of one job would run two programs."
  }
  assert {
    condition     = [for policy in google_artifact_registry_repository.images.cleanup_policies : policy.condition[0].tag_state if policy.action == "DELETE"] == ["UNTAGGED"]
    error_message = "Tagged images are deleted."
  }
}

run "the_job_runs_the_template_with_private_addresses" {
  variables {
    network_tags  = ["dataflow", "no-internet"]
    streaming_job = {}
  }
  assert {
    condition     = google_dataflow_flex_template_job.streaming[0].ip_configuration == "WORKER_IP_PRIVATE"
    error_message = "The job has public addresses."
  }
  assert {
    condition     = google_dataflow_flex_template_job.streaming[0].container_spec_gcs_path == "gs://my-project-xml-to-bigquery-staging/templates/xml-to-bigquery-1.0.0.json"
    error_message = "wrong: ${google_dataflow_flex_template_job.streaming[0].container_spec_gcs_path}"
  }
  assert {
    condition     = google_dataflow_flex_template_job.streaming[0].sdk_container_image == "europe-west1-docker.pkg.dev/my-project/xml-to-bigquery/xml-to-bigquery-sdk:1.0.0"
    error_message = "wrong: ${google_dataflow_flex_template_job.streaming[0].sdk_container_image}"
  }
  assert {
    condition     = google_dataflow_flex_template_job.streaming[0].service_account_email == "worker@my-project.iam.gserviceaccount.com"
    error_message = "It runs as somebody else."
  }
  assert {
    condition     = google_dataflow_flex_template_job.streaming[0].additional_experiments == toset(["use_network_tags=dataflow;no-internet", "use_network_tags_for_flex_templates=dataflow;no-internet"])
    error_message = "Workers or launcher lack the network tags."
  }
  assert {
    condition     = google_dataflow_flex_template_job.streaming[0].enable_streaming_engine && google_dataflow_flex_template_job.streaming[0].on_delete == "drain"
    error_message = "It isn't drained, or has no Streaming Engine."
  }
  assert {
    condition = (
      google_dataflow_flex_template_job.streaming[0].temp_location == "gs://my-project-xml-to-bigquery-staging/temp"
      && google_dataflow_flex_template_job.streaming[0].staging_location == "gs://my-project-xml-to-bigquery-staging/staging"
    )
    error_message = "Its directories are wrong."
  }
}

run "for_a_streaming_job" {
  variables {
    streaming_job = {}
  }
  assert {
    condition = google_dataflow_flex_template_job.streaming[0].parameters == tomap({
      input               = "gs://my-project-xml-to-bigquery-input/incoming/**.xml"
      inputSubscription   = "projects/my-project/subscriptions/xml-to-bigquery-notifications"
      output              = "my-project:xml_to_bigquery"
      deadLetterDir       = "gs://my-project-xml-to-bigquery-dead-letter/xml-to-bigquery"
      rejectedInput       = "delete"
      deduplicationWindow = "8d"
    })
    error_message = "The job's parameters aren't the resources of this module: ${jsonencode(google_dataflow_flex_template_job.streaming[0].parameters)}"
  }

  assert {
    condition     = google_dataflow_flex_template_job.streaming[0].max_workers == 10
    error_message = "Nothing limits the workers."
  }

  assert {
    condition     = length(google_dataflow_flex_template_job.streaming[0].additional_experiments) == 0
    error_message = "Without network tags there are experiments."
  }

  assert {
    condition = (
      google_dataflow_flex_template_job.streaming[0].network == "my-network"
      && google_dataflow_flex_template_job.streaming[0].subnetwork == "https://www.googleapis.com/compute/v1/projects/my-project/regions/europe-west1/subnetworks/my-subnetwork"
    )
    error_message = "The job runs in another network or subnetwork."
  }
}

run "a_new_tag_is_another_template_and_other_images" {
  variables {
    image_tag     = "1.1.0"
    streaming_job = {}
  }
  assert {
    condition = (
      google_dataflow_flex_template_job.streaming[0].container_spec_gcs_path == "gs://my-project-xml-to-bigquery-staging/templates/xml-to-bigquery-1.1.0.json"
      && endswith(google_dataflow_flex_template_job.streaming[0].sdk_container_image, "/xml-to-bigquery-sdk:1.1.0")
    )
    error_message = "The job would run what was built before."
  }
}

run "others_can_be_given" {
  variables {
    streaming_job = {
      machine_type          = "n2-standard-2"
      launcher_machine_type = "n1-standard-1"
      max_workers           = 7
      parameters            = { reconcileInterval = "1h", input = "gs://elsewhere/*.xml" }
    }
  }
  assert {
    condition = (
      google_dataflow_flex_template_job.streaming[0].parameters.reconcileInterval == "1h"
      && google_dataflow_flex_template_job.streaming[0].parameters.input == "gs://elsewhere/*.xml"
      && google_dataflow_flex_template_job.streaming[0].machine_type == "n2-standard-2"
      && google_dataflow_flex_template_job.streaming[0].launcher_machine_type == "n1-standard-1"
      && google_dataflow_flex_template_job.streaming[0].max_workers == 7
    )
    error_message = "They aren't the job's."
  }
}

run "of_a_shared_vpc_only_the_subnetwork_is_named" {
  variables {
    network_project = "host-project"
    streaming_job   = {}
  }
  assert {
    # Of the resource, the provider itself fills it in.
    condition     = local.job_network == null
    error_message = "The network takes rights on the whole host project."
  }
  assert {
    condition     = google_dataflow_flex_template_job.streaming[0].subnetwork == "https://www.googleapis.com/compute/v1/projects/host-project/regions/europe-west1/subnetworks/my-subnetwork"
    error_message = "It runs elsewhere."
  }
}

run "lineage_needs_a_column" {
  command = plan
  variables {
    streaming_job = { parameters = { lineage = "true" } }
  }
  expect_failures = [google_dataflow_flex_template_job.streaming]
}
