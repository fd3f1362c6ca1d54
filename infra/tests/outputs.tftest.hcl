mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "google-beta" {
  source = "./tests/mocks"
}

run "the_environment_is_what_the_readme_uses" {
  variables {
    image_tag       = "1.2.0"
    network_project = "host-project"
    network_tags    = ["dataflow", "no-internet"]
  }
  assert {
    condition     = output.environment == <<-EOT
      export BUILD_SERVICE_ACCOUNT='build@my-project.iam.gserviceaccount.com'
      export COMPOSER_SERVICE_ACCOUNT='composer@my-project.iam.gserviceaccount.com'
      export DATASET='xml_to_bigquery'
      export DEAD_LETTER_BUCKET='my-project-xml-to-bigquery-dead-letter'
      export IMAGES='europe-west1-docker.pkg.dev/my-project/xml-to-bigquery'
      export INPUT_BUCKET='my-project-xml-to-bigquery-input'
      export KMS_KEY=''
      export LAUNCHER_IMAGE='europe-west1-docker.pkg.dev/my-project/xml-to-bigquery/xml-to-bigquery-launcher:1.2.0'
      export NAME='xml-to-bigquery'
      export NETWORK_TAGS='dataflow;no-internet'
      export PROJECT='my-project'
      export REGION='europe-west1'
      export REJECTED_INPUT='delete'
      export REPOSITORY='xml-to-bigquery'
      export SDK_IMAGE='europe-west1-docker.pkg.dev/my-project/xml-to-bigquery/xml-to-bigquery-sdk:1.2.0'
      export STAGING_BUCKET='my-project-xml-to-bigquery-staging'
      export SUBNETWORK='https://www.googleapis.com/compute/v1/projects/host-project/regions/europe-west1/subnetworks/my-subnetwork'
      export SUBSCRIPTION='projects/my-project/subscriptions/xml-to-bigquery-notifications'
      export TEMPLATE='gs://my-project-xml-to-bigquery-staging/templates/xml-to-bigquery-1.2.0.json'
      export TOPIC='projects/my-project/topics/xml-to-bigquery-notifications'
      export WORKER_SERVICE_ACCOUNT='worker@my-project.iam.gserviceaccount.com'
    EOT
    error_message = "wrong:\n${output.environment}"
  }
}

run "the_environment_says_what_was_chosen" {
  variables {
    name                         = "invoices"
    kms_key                      = "projects/keys/locations/europe-west1/keyRings/r/cryptoKeys/k"
    delete_input                 = false
    create_build_service_account = false
  }
  assert {
    condition = alltrue([
      for line in [
        "NAME='invoices'", "KMS_KEY='projects/keys/locations/europe-west1/keyRings/r/cryptoKeys/k'",
        "REJECTED_INPUT='keep'", "BUILD_SERVICE_ACCOUNT=''",
      ] : strcontains(output.environment, "export ${line}\n")
    ])
    error_message = "wrong:\n${output.environment}"
  }
}

run "values_are_quoted_for_the_shell" {
  variables {
    kms_key = "projects/it's $(one)/locations/europe-west1/keyRings/r/cryptoKeys/k"
  }
  assert {
    condition     = strcontains(output.environment, "export KMS_KEY='projects/it'\\''s $(one)/")
    error_message = "Values aren't quoted for the shell:\n${output.environment}"
  }
}

run "the_launch_command_is_that_of_the_job" {
  variables {
    network_tags  = ["dataflow", "no-internet"]
    kms_key       = "projects/keys/locations/europe-west1/keyRings/r/cryptoKeys/k"
    labels        = { team = "data" }
    streaming_job = { machine_type = "n2-standard-2", launcher_machine_type = "n1-standard-1", max_workers = 7 }
  }
  assert {
    condition = output.launch_command == trimspace(<<-EOT
      gcloud dataflow flex-template run xml-to-bigquery \
        '--project=my-project' \
        '--region=europe-west1' \
        '--template-file-gcs-location=gs://my-project-xml-to-bigquery-staging/templates/xml-to-bigquery-1.0.0.json' \
        '--service-account-email=worker@my-project.iam.gserviceaccount.com' \
        '--temp-location=gs://my-project-xml-to-bigquery-staging/temp' \
        '--staging-location=gs://my-project-xml-to-bigquery-staging/staging' \
        '--subnetwork=https://www.googleapis.com/compute/v1/projects/my-project/regions/europe-west1/subnetworks/my-subnetwork' \
        '--disable-public-ips' \
        '--enable-streaming-engine' \
        '--max-workers=7' \
        '--additional-user-labels=application=xml-to-bigquery,team=data' \
        '--parameters=^~^deadLetterDir=gs://my-project-xml-to-bigquery-dead-letter/xml-to-bigquery~deduplicationWindow=8d~input=gs://my-project-xml-to-bigquery-input/incoming/**.xml~inputSubscription=projects/my-project/subscriptions/xml-to-bigquery-notifications~output=my-project:xml_to_bigquery~rejectedInput=delete' \
        '--network=my-network' \
        '--additional-experiments=use_network_tags=dataflow;no-internet,use_network_tags_for_flex_templates=dataflow;no-internet' \
        '--dataflow-kms-key=projects/keys/locations/europe-west1/keyRings/r/cryptoKeys/k' \
        '--worker-machine-type=n2-standard-2' \
        '--launcher-machine-type=n1-standard-1'
    EOT
    )
    error_message = "wrong:\n${output.launch_command}"
  }
}

run "the_shortest_launch_command_has_no_empty_flags" {
  variables {
    network_project = "host-project"
  }
  assert {
    condition     = strcontains(output.launch_command, "'--max-workers=10'")
    error_message = "Without a job of Terraform's, the command has no ceiling of workers:\n${output.launch_command}"
  }
  assert {
    condition     = !strcontains(output.launch_command, "--network=") && !strcontains(output.launch_command, "experiments") && !strcontains(output.launch_command, "=' ")
    error_message = "wrong:\n${output.launch_command}"
  }
}
