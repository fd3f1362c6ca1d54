mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "google-beta" {
  source = "./tests/mocks"
}

run "by_default" {
  assert {
    condition = alltrue([
      for bucket in [google_storage_bucket.input, google_storage_bucket.staging, google_storage_bucket.dead_letter] :
      bucket.public_access_prevention == "enforced" && bucket.uniform_bucket_level_access
    ])
    error_message = "A bucket can be made public."
  }

  assert {
    condition     = google_storage_bucket.input.name == "my-project-xml-to-bigquery-input"
    error_message = "The input bucket has another name: ${google_storage_bucket.input.name}"
  }
  assert {
    condition     = google_storage_bucket.staging.name == "my-project-xml-to-bigquery-staging"
    error_message = "The staging bucket has another name: ${google_storage_bucket.staging.name}"
  }
  assert {
    condition     = google_storage_bucket.dead_letter.name == "my-project-xml-to-bigquery-dead-letter"
    error_message = "The dead-letter bucket has another name: ${google_storage_bucket.dead_letter.name}"
  }
  assert {
    condition = toset([
      google_storage_bucket.input.location, google_storage_bucket.staging.location,
      google_storage_bucket.dead_letter.location, google_bigquery_dataset.this.location,
    ]) == toset(["europe-west1"])
    error_message = "Buckets and dataset aren't in one location."
  }

  assert {
    condition     = length(google_storage_bucket.staging.lifecycle_rule) == 1
    error_message = "The staging bucket has more than the rule for temp/."
  }
  assert {
    condition     = one(google_storage_bucket.staging.lifecycle_rule[0].condition).matches_prefix == tolist(["temp/"])
    error_message = "The staging bucket's rule isn't for temp/: the program of a running job would be deleted."
  }
  assert {
    condition     = one(google_storage_bucket.staging.lifecycle_rule[0].condition).age == 14
    error_message = "Temporary files aren't deleted after 14 days."
  }
  assert {
    condition     = endswith(local.temp_location, "/temp") && endswith(local.staging_location, "/staging")
    error_message = "The job's directories aren't those of the staging bucket's rule."
  }
  assert {
    condition     = google_storage_bucket.staging.soft_delete_policy[0].retention_duration_seconds == 0
    error_message = "Deleted temporary files are kept, and paid."
  }
  assert {
    condition = toset([
      google_storage_bucket.input.soft_delete_policy[0].retention_duration_seconds,
      google_storage_bucket.dead_letter.soft_delete_policy[0].retention_duration_seconds,
    ]) == toset([604800])
    error_message = "Deleted input, or dead letter, can't be restored for a week."
  }

  assert {
    condition = alltrue([
      for rule in google_storage_bucket.dead_letter.lifecycle_rule : one(rule.condition).with_state == "ARCHIVED"
    ])
    error_message = "A rule deletes live objects of the dead letter."
  }
  assert {
    condition     = google_storage_bucket.dead_letter.versioning[0].enabled
    error_message = "A replaced object of the dead letter is lost."
  }

  assert {
    condition     = !google_storage_bucket.input.versioning[0].enabled
    error_message = "Versions of input are kept."
  }
  assert {
    condition = alltrue([
      for rule in google_storage_bucket.input.lifecycle_rule : one(rule.action).type == "AbortIncompleteMultipartUpload"
    ])
    error_message = "A rule deletes input."
  }

  assert {
    condition = !anytrue([
      google_storage_bucket.input.force_destroy, google_storage_bucket.staging.force_destroy,
      google_storage_bucket.dead_letter.force_destroy, google_bigquery_dataset.this.delete_contents_on_destroy,
    ])
    error_message = "terraform destroy deletes data."
  }
  assert {
    condition     = alltrue([for table in google_bigquery_table.table : table.deletion_protection])
    error_message = "terraform deletes tables."
  }
}

run "the_dead_letter_can_be_deleted_by_age" {
  variables {
    dead_letter_days = 90
  }
  assert {
    condition = contains([
      for rule in google_storage_bucket.dead_letter.lifecycle_rule :
      one(rule.condition).age if one(rule.condition).with_state == "LIVE"
    ], 90)
    error_message = "No rule deletes after 90 days."
  }
}

# An organization's policy may allow some numbers only.
run "soft_delete_can_be_as_a_policy_wants_it" {
  variables {
    soft_delete_days         = 30
    staging_soft_delete_days = 7
  }
  assert {
    condition = (
      google_storage_bucket.input.soft_delete_policy[0].retention_duration_seconds == 2592000
      && google_storage_bucket.dead_letter.soft_delete_policy[0].retention_duration_seconds == 2592000
      && google_storage_bucket.staging.soft_delete_policy[0].retention_duration_seconds == 604800
    )
    error_message = "A bucket keeps deleted objects for another time."
  }
}

run "input_can_have_versions_for_some_days" {
  variables {
    input_versions_days = 5
  }
  assert {
    condition     = google_storage_bucket.input.versioning[0].enabled
    error_message = "Versions aren't kept."
  }
  assert {
    condition = anytrue([
      for rule in google_storage_bucket.input.lifecycle_rule :
      one(rule.action).type == "Delete" && one(rule.condition).with_state == "ARCHIVED" && one(rule.condition).days_since_noncurrent_time == 5
    ])
    error_message = "Versions aren't deleted after 5 days."
  }
}

run "an_environment_can_be_made_to_come_and_go" {
  variables {
    deletion_protection = false
  }
  assert {
    condition = alltrue([
      google_storage_bucket.input.force_destroy, google_storage_bucket.staging.force_destroy,
      google_storage_bucket.dead_letter.force_destroy, google_bigquery_dataset.this.delete_contents_on_destroy,
    ])
    error_message = "terraform destroy fails where there is data."
  }
  assert {
    condition     = !anytrue([for table in google_bigquery_table.table : table.deletion_protection])
    error_message = "terraform destroy fails for tables."
  }
}

run "everything_can_be_in_a_multi_region" {
  variables {
    location = "EU"
  }
  assert {
    condition = toset([
      google_storage_bucket.input.location, google_storage_bucket.staging.location,
      google_storage_bucket.dead_letter.location, google_bigquery_dataset.this.location,
    ]) == toset(["EU"])
    error_message = "Buckets and dataset aren't in EU."
  }
}

run "everything_has_the_labels" {
  variables {
    labels            = { team = "data" }
    streaming_job     = {}
    dead_letter_topic = true
  }
  assert {
    condition = alltrue([
      for labels in concat(
        [
          google_storage_bucket.input.labels, google_storage_bucket.staging.labels,
          google_storage_bucket.dead_letter.labels, google_pubsub_topic.notifications.labels,
          google_pubsub_topic.undelivered[0].labels, google_pubsub_subscription.notifications.labels,
          google_pubsub_subscription.undelivered[0].labels, google_bigquery_dataset.this.labels,
          google_artifact_registry_repository.images.labels, google_dataflow_flex_template_job.streaming[0].labels,
        ],
        [for table in google_bigquery_table.table : table.labels],
        [for alert in google_monitoring_alert_policy.alert : alert.user_labels],
      ) : labels == tomap({ team = "data", application = "xml-to-bigquery" })
    ])
    error_message = "Something lacks labels."
  }
}
