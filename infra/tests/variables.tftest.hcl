# What is refused, and by which variable. Each run has wrong values for many variables, and fails unless each of these
# refuses its own. A validation that looks at another variable isn't tried where that one is wrong.

mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "google-beta" {
  source = "./tests/mocks"
}

run "what_google_cloud_refuses" {
  command = plan
  variables {
    project_id               = "123456789012"                                               # A project by its number.
    region                   = "europe-west1-b"                                             # A zone.
    name                     = "Xml_To_BigQuery"                                            # Buckets can't have it.
    dataset_id               = "xml-to-bigquery"                                            # A hyphen.
    subnetwork               = "projects/p/regions/r/subnetworks/s"                         # A link.
    network_tags             = ["two words"]                                                # A blank.
    soft_delete_days         = 3                                                            # Less than Cloud Storage takes.
    staging_soft_delete_days = 91                                                           # More than Cloud Storage takes.
    message_retention_days   = 32                                                           # Longer than Pub/Sub keeps messages.
    clustering               = { orders = ["a", "b", "c", "d", "e"] }                       # Five columns.
    partitioning             = { orders = { type = "WEEK" } }                               # By week.
    composer_service_account = "serviceAccount:composer@my-project.iam.gserviceaccount.com" # A member, not an address.
    operators                = ["me@example.com"]                                           # Without its kind.
    notification_channels    = ["team@example.com"]                                         # A channel by its address.
  }
  expect_failures = [
    var.project_id,
    var.region,
    var.name,
    var.dataset_id,
    var.subnetwork,
    var.network_tags,
    var.soft_delete_days,
    var.staging_soft_delete_days,
    var.message_retention_days,
    var.clustering,
    var.partitioning,
    var.composer_service_account,
    var.operators,
    var.notification_channels,
  ]
}

run "what_would_do_harm" {
  command = plan
  variables {
    kms_key = "projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1" # A key with its version.

    name                      = "xml-to-bigquery-of-production"     # Too long for buckets.
    input_versions_days       = 0.5                                 # Half a day.
    temp_days                 = 1                                   # A job may still need its files.
    dead_letter_days          = 0                                   # Deleted at once.
    deduplication_window_days = 8.5                                 # A fraction.
    uploaders                 = ["allUsers"]                        # Everybody.
    image_tag                 = "latest"                            # A tag that moves.
    streaming_job             = { parameters = { debug = "true" } } # No parameter of the template.
    alert_minutes             = { backlog = 0 }                     # An alert at once.
  }
  expect_failures = [
    var.kms_key,
    var.name,
    var.input_versions_days,
    var.temp_days,
    var.dead_letter_days,
    var.deduplication_window_days,
    var.uploaders,
    var.image_tag,
    var.streaming_job,
    var.alert_minutes,
  ]
}

run "what_other_variables_forbid" {
  command = plan
  variables {
    kms_key                   = "projects/p/locations/europe-west3/keyRings/r/cryptoKeys/k" # In another region.
    deduplication_window_days = 7                                                           # As long as messages are kept.
    streaming_job             = { parameters = { output = "p:d" } }                         # Another variable decides it.
  }
  expect_failures = [
    var.kms_key,
    var.deduplication_window_days,
    var.streaming_job,
  ]
}

run "what_a_multi_region_a_window_or_a_backlog_forbids" {
  command = plan
  variables {
    streaming_job   = { max_workers = 0 } # Nobody works it off.
    location        = "EU"
    kms_key         = "projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k" # Of the region, for a multi-region.
    file_loads_days = 8                                                           # Outcomes are forgotten before files.
  }
  expect_failures = [
    var.streaming_job,
    var.kms_key,
    var.file_loads_days,
  ]
}
