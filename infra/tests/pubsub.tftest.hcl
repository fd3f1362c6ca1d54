mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "google-beta" {
  source = "./tests/mocks"
}

run "by_default" {
  assert {
    condition     = google_storage_notification.input.event_types == toset(["OBJECT_FINALIZE"])
    error_message = "Other events are notified."
  }
  assert {
    condition     = google_storage_notification.input.bucket == google_storage_bucket.input.name
    error_message = "Another bucket notifies."
  }
  assert {
    condition     = google_storage_notification.input.topic == "projects/my-project/topics/xml-to-bigquery-notifications"
    error_message = "Another topic is notified."
  }
  assert {
    condition     = google_storage_notification.input.object_name_prefix == null
    error_message = "Only some objects are notified."
  }

  assert {
    condition     = google_pubsub_topic_iam_member.storage.topic == google_pubsub_topic.notifications.name
    error_message = "Cloud Storage may publish to another topic."
  }
  assert {
    condition     = google_pubsub_topic_iam_member.storage.role == "roles/pubsub.publisher"
    error_message = "Cloud Storage's role on the topic is wrong: ${google_pubsub_topic_iam_member.storage.role}"
  }
  assert {
    condition     = google_pubsub_topic_iam_member.storage.member == "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com"
    error_message = "Not Cloud Storage may publish, but ${google_pubsub_topic_iam_member.storage.member}"
  }

  assert {
    condition     = google_pubsub_subscription.notifications.expiration_policy[0].ttl == ""
    error_message = "A subscription that nobody reads is deleted."
  }

  # Dataflow supports no dead-letter topics: what it tries again would be moved away, and its file not be loaded.
  assert {
    condition     = length(google_pubsub_subscription.notifications.dead_letter_policy) == 0
    error_message = "There is a policy without a topic."
  }
  assert {
    condition = length(concat(
      google_pubsub_topic.undelivered, google_pubsub_subscription.undelivered,
      google_pubsub_topic_iam_member.undelivered, google_pubsub_subscription_iam_member.undelivered,
    )) == 0
    error_message = "Something is left of the dead-letter topic."
  }
  assert {
    condition     = !contains(keys(google_monitoring_alert_policy.alert), "undelivered")
    error_message = "There is an alert of a topic that isn't there."
  }
}

run "notifications_can_be_of_a_prefix" {
  variables {
    object_prefix = "orders/"
  }
  assert {
    condition     = google_storage_notification.input.object_name_prefix == "orders/"
    error_message = "All objects are notified."
  }
}

run "messages_are_kept_for_less_than_the_job_remembers_files" {
  variables {
    streaming_job = {}
  }
  assert {
    condition     = google_pubsub_subscription.notifications.message_retention_duration == "604800s"
    error_message = "wrong: ${google_pubsub_subscription.notifications.message_retention_duration}"
  }
  assert {
    condition     = google_dataflow_flex_template_job.streaming[0].parameters.deduplicationWindow == "8d"
    error_message = "wrong: ${google_dataflow_flex_template_job.streaming[0].parameters.deduplicationWindow}"
  }
}

run "what_cannot_be_delivered_can_be_moved_away" {
  variables {
    dead_letter_topic = true
  }
  assert {
    condition     = google_pubsub_subscription.undelivered[0].expiration_policy[0].ttl == ""
    error_message = "A subscription that nobody reads is deleted."
  }
  assert {
    condition     = google_pubsub_subscription.notifications.dead_letter_policy[0].dead_letter_topic == google_pubsub_topic.undelivered[0].id
    error_message = "What can't be delivered goes to another topic."
  }
  assert {
    condition     = google_pubsub_subscription.notifications.dead_letter_policy[0].max_delivery_attempts == 100
    error_message = "Delivery is given up too early."
  }
  assert {
    condition     = google_pubsub_subscription.undelivered[0].topic == google_pubsub_topic.undelivered[0].id
    error_message = "Nobody keeps what can't be delivered."
  }
  assert {
    condition     = google_pubsub_subscription.undelivered[0].message_retention_duration == "2678400s"
    error_message = "What can't be delivered isn't kept for 31 days."
  }
  assert {
    condition = (
      google_pubsub_topic_iam_member.undelivered[0].topic == google_pubsub_topic.undelivered[0].name
      && google_pubsub_topic_iam_member.undelivered[0].role == "roles/pubsub.publisher"
      && google_pubsub_topic_iam_member.undelivered[0].member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
      && google_pubsub_subscription_iam_member.undelivered[0].subscription == google_pubsub_subscription.notifications.name
      && google_pubsub_subscription_iam_member.undelivered[0].role == "roles/pubsub.subscriber"
      && google_pubsub_subscription_iam_member.undelivered[0].member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    )
    error_message = "Pub/Sub may not move what can't be delivered."
  }
}

