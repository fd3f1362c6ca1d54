# What is refused, and by which variable.

mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "google-beta" {
  source = "./tests/mocks"
}

run "a_project_by_number" {
  command = plan
  variables {
    project_id = "123456789012"
  }
  expect_failures = [var.project_id]
}

run "a_zone_is_no_region" {
  command = plan
  variables {
    region = "europe-west1-b"
  }
  expect_failures = [var.region]
}

run "a_name_that_buckets_cannot_have" {
  command = plan
  variables {
    name = "Xml_To_BigQuery"
  }
  expect_failures = [var.name]
}

run "a_name_too_long_for_buckets" {
  command = plan
  variables {
    name = "xml-to-bigquery-of-production"
  }
  expect_failures = [var.name]
}

run "a_dataset_with_a_hyphen" {
  command = plan
  variables {
    dataset_id = "xml-to-bigquery"
  }
  expect_failures = [var.dataset_id]
}

run "a_subnetwork_by_its_link" {
  command = plan
  variables {
    subnetwork = "projects/p/regions/r/subnetworks/s"
  }
  expect_failures = [var.subnetwork]
}

run "a_network_tag_with_blanks" {
  command = plan
  variables {
    network_tags = ["two words"]
  }
  expect_failures = [var.network_tags]
}

run "a_key_with_its_version" {
  command = plan
  variables {
    kms_key = "projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1"
  }
  expect_failures = [var.kms_key]
}

run "a_key_in_another_region" {
  command = plan
  variables {
    kms_key = "projects/p/locations/europe-west3/keyRings/r/cryptoKeys/k"
  }
  expect_failures = [var.kms_key]
}

run "a_key_of_the_region_for_a_multi_region" {
  command = plan
  variables {
    location = "EU"
    kms_key  = "projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k"
  }
  expect_failures = [var.kms_key]
}

run "half_a_day_of_versions" {
  command = plan
  variables {
    input_versions_days = 0.5
  }
  expect_failures = [var.input_versions_days]
}

run "temporary_files_of_one_day" {
  command = plan
  variables {
    temp_days = 1
  }
  expect_failures = [var.temp_days]
}

run "a_dead_letter_of_no_day" {
  command = plan
  variables {
    dead_letter_days = 0
  }
  expect_failures = [var.dead_letter_days]
}

run "messages_kept_longer_than_can_be" {
  command = plan
  variables {
    message_retention_days = 32
  }
  expect_failures = [var.message_retention_days]
}

run "a_window_as_long_as_messages_are_kept" {
  command = plan
  variables {
    deduplication_window_days = 7
  }
  expect_failures = [var.deduplication_window_days]
}

run "a_window_with_a_fraction" {
  command = plan
  variables {
    deduplication_window_days = 8.5
  }
  expect_failures = [var.deduplication_window_days]
}

run "clustering_by_five_columns" {
  command = plan
  variables {
    clustering = { orders = ["a", "b", "c", "d", "e"] }
  }
  expect_failures = [var.clustering]
}

run "partitioning_by_week" {
  command = plan
  variables {
    partitioning = { orders = { type = "WEEK" } }
  }
  expect_failures = [var.partitioning]
}

run "outcomes_forgotten_before_files" {
  command = plan
  variables {
    file_loads_days = 8
  }
  expect_failures = [var.file_loads_days]
}

run "an_account_that_is_none" {
  command = plan
  variables {
    composer_service_account = "serviceAccount:composer@my-project.iam.gserviceaccount.com"
  }
  expect_failures = [var.composer_service_account]
}

run "an_operator_without_its_kind" {
  command = plan
  variables {
    operators = ["me@example.com"]
  }
  expect_failures = [var.operators]
}

run "everybody_may_upload" {
  command = plan
  variables {
    uploaders = ["allUsers"]
  }
  expect_failures = [var.uploaders]
}

run "a_tag_that_moves" {
  command = plan
  variables {
    image_tag = "latest"
  }
  expect_failures = [var.image_tag]
}

run "a_parameter_that_is_none" {
  command = plan
  variables {
    streaming_job = { parameters = { debug = "true" } }
  }
  expect_failures = [var.streaming_job]
}

run "a_parameter_that_others_decide" {
  command = plan
  variables {
    streaming_job = { parameters = { output = "p:d" } }
  }
  expect_failures = [var.streaming_job]
}

run "a_channel_by_its_address" {
  command = plan
  variables {
    notification_channels = ["team@example.com"]
  }
  expect_failures = [var.notification_channels]
}

run "an_alert_at_once" {
  command = plan
  variables {
    alert_minutes = { backlog = 0 }
  }
  expect_failures = [var.alert_minutes]
}
