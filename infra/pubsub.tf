# Cloud Storage tells of each new object; the job reads what the subscription keeps.

resource "google_pubsub_topic" "notifications" {
  name         = "${var.name}-notifications"
  kms_key_name = var.kms_key
  labels       = local.labels

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}

resource "google_storage_notification" "input" {
  bucket             = google_storage_bucket.input.name
  topic              = google_pubsub_topic.notifications.id
  event_types        = ["OBJECT_FINALIZE"]
  object_name_prefix = var.object_prefix == "" ? null : var.object_prefix

  # All that the job needs is in the attributes.
  payload_format = "NONE"

  depends_on = [google_pubsub_topic_iam_member.storage]
}

resource "google_pubsub_subscription" "notifications" {
  name   = "${var.name}-notifications"
  topic  = google_pubsub_topic.notifications.id
  labels = local.labels

  # Shorter than the job remembers files. Messages that were acknowledged aren't needed any more: what is to be loaded
  # again is told again, with bin/xml-to-bigquery notify.
  message_retention_duration = "${var.message_retention_days * local.day}s"

  # Dataflow acknowledges what it has committed, mostly within seconds, and asks for more time by itself. No retry
  # policy and no exactly-once delivery: Dataflow supports neither, and the job drops duplicates.
  ack_deadline_seconds = 60

  # Never: by default a subscription is deleted after 31 days without a reader.
  expiration_policy {
    ttl = ""
  }

  # Only if it is asked for. The job acknowledges each message, also one that is no notification (that goes to messages/
  # in the dead-letter bucket), so no message blocks the others, and none needs to be put aside: without this it is
  # tried until it is too old, and the alert of the backlog tells long before. What comes here has failed to reach a job
  # that can commit, again and again. Each time that a deadline passes counts as an attempt, such as when workers are
  # lost: so as many attempts as Pub/Sub allows. Files of these messages aren't loaded until somebody tells of them
  # again; an alert says that there are some.
  dynamic "dead_letter_policy" {
    for_each = google_pubsub_topic.undelivered
    content {
      dead_letter_topic     = dead_letter_policy.value.id
      max_delivery_attempts = 100
    }
  }
}

resource "google_pubsub_topic" "undelivered" {
  count        = var.dead_letter_topic ? 1 : 0
  name         = "${var.name}-undelivered"
  kms_key_name = var.kms_key
  labels       = local.labels

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}

# A topic without subscription would lose them.
resource "google_pubsub_subscription" "undelivered" {
  count                      = var.dead_letter_topic ? 1 : 0
  name                       = "${var.name}-undelivered"
  topic                      = google_pubsub_topic.undelivered[0].id
  message_retention_duration = "${31 * local.day}s"
  labels                     = local.labels

  expiration_policy {
    ttl = ""
  }
}
