# Names of metrics are those of src/main/java/io/xmltobigquery/outcome/Metrics.java. Dataflow shows counters as
# job/user_counter with their name in metric_name, and of a distribution NAME_MIN, NAME_MAX, NAME_MEAN and NAME_COUNT.

locals {
  # A regular expression for the whole name. NAME.* would also find another deployment, NAME-2.
  job_names     = "${var.name}(-backfill-.+)?"
  subscriptions = "${var.name}-(notifications|undelivered)"

  # What a query of each kind looks at, to be followed by labels and }.
  counter     = "dataflow_googleapis_com:job_user_counter{${local.of_our_jobs}"
  of_our_jobs = "monitored_resource=\"dataflow_job\",job_name=~\"${local.job_names}\""
  pubsub      = "pubsub_googleapis_com:subscription"
  of_pubsub   = "monitored_resource=\"pubsub_subscription\",subscription_id"

  # A series is the total of one job, and begins with the first bad thing, which PromQL's increase() doesn't see.
  bad_counters  = "files-rejected|invalid-records-.+|refused-rows-.+|notifications-malformed"
  bad_things    = "${local.counter},metric_name=~\"${local.bad_counters}\"}"
  bad_until_now = "sum by (job_name, job_id) (${local.bad_things})"
  bad_before    = "(sum by (job_name, job_id) (${local.bad_things} offset 10m) or 0 * ${local.bad_until_now})"

  alerts = merge(
    {
      dead_letter = {
        title   = "the dead letter grows"
        query   = "${local.bad_until_now} - ${local.bad_before} > 0"
        seconds = 0
        advice  = <<-EOT
          Files were rejected, or records, rows or messages kept. Look into gs://${google_storage_bucket.dead_letter.name},
          and into ${local.file_loads} for the reasons; docs/RUNBOOK.md, "The dead letter", says how to load them again.
        EOT
      }
      backlog = {
        title   = "notifications wait too long"
        query   = "max by (subscription_id) (${local.pubsub}_oldest_unacked_message_age{${local.of_pubsub}=\"${google_pubsub_subscription.notifications.name}\"}) > ${var.alert_minutes.backlog * 60}"
        seconds = 300
        advice  = <<-EOT
          A notification has waited for more than ${var.alert_minutes.backlog} minutes. Does the streaming job run, and has
          it enough workers? After ${var.message_retention_days} days notifications are lost.
        EOT
      }
      job_failed = {
        title   = "a job failed"
        query   = "max by (job_name, job_id) (dataflow_googleapis_com:job_is_failed{${local.of_our_jobs}}) > 0"
        seconds = 0
        advice  = <<-EOT
          The job's own log says why. docs/RUNBOOK.md has what a job that failed leaves behind, and how to go on.
        EOT
      }
      system_lag = {
        title   = "a job lags behind"
        query   = "max by (job_name, job_id) (dataflow_googleapis_com:job_system_lag{${local.of_our_jobs}}) > ${var.alert_minutes.lag * 60}"
        seconds = 300
        advice  = <<-EOT
          Something has been in work, or waited for it, for more than ${var.alert_minutes.lag} minutes. A very large file
          takes that long; else look into the job's log for what it tries again and again, and at its workers.
        EOT
      }
    },
    { for subscription in google_pubsub_subscription.undelivered : "undelivered" => {
      title   = "notifications couldn't be delivered"
      query   = "max by (subscription_id) (${local.pubsub}_num_undelivered_messages{${local.of_pubsub}=\"${subscription.name}\"}) > 0"
      seconds = 0
      advice  = <<-EOT
        Pub/Sub has given up on them, and their files aren't loaded. Find out why the job didn't take them, pull them from
        ${subscription.name} to see which files they tell of, and tell the job again: bin/xml-to-bigquery notify.
      EOT
    } },
  )

  # Title, how values of one name are put together, names.
  counter_charts = [
    ["Files by outcome", "sum", "files-(accepted|rejected|missing|superseded|left-out)"],
    ["Rejected files by reason", "sum", "files-rejected-.+"],
    ["Rows by table", "sum", "rows-.+"],
    ["Rows and records in the dead letter", "sum", "(refused-rows|invalid-records|parent-invalid)-.+"],
    ["What mappings leave out", "sum", "skipped-outside-records|skipped-in-.+|texts-with-elements-.+|items-left-out-.+"],
    ["Notifications, and files found without", "sum", "notifications-.+|files-without-notification"],
    ["Seconds from upload to accepted", "max", "seconds-to-accepted_(MEAN|MAX)"],
    ["Bytes of files", "sum", "file-bytes"],
    ["Bytes of held rows", "sum", "held-bytes"],
  ]

  # Title, what lines are by, metric.
  other_charts = [
    ["Age of the oldest notification in seconds", "subscription_id", "${local.pubsub}_oldest_unacked_message_age{${local.of_pubsub}=~\"${local.subscriptions}\"}"],
    ["Notifications that wait", "subscription_id", "${local.pubsub}_num_undelivered_messages{${local.of_pubsub}=~\"${local.subscriptions}\"}"],
    ["System lag in seconds", "job_name", "dataflow_googleapis_com:job_system_lag{${local.of_our_jobs}}"],
    ["Virtual processors", "job_name", "dataflow_googleapis_com:job_current_num_vcpus{${local.of_our_jobs}}"],
  ]

  charts = concat(
    [for chart in local.counter_charts : {
      title = chart[0]
      query = "${chart[1]} by (metric_name) (${local.counter},metric_name=~\"${chart[2]}\"})"
    }],
    [for chart in local.other_charts : {
      title = chart[0]
      query = "max by (${chart[1]}) (${chart[2]})"
    }],
  )
}

resource "google_monitoring_alert_policy" "alert" {
  for_each     = var.create_alerts ? local.alerts : {}
  display_name = "${var.name}: ${each.value.title}"
  combiner     = "OR"
  user_labels  = local.labels

  conditions {
    display_name = each.value.title
    condition_prometheus_query_language {
      query               = each.value.query
      duration            = "${each.value.seconds}s"
      evaluation_interval = "60s"

      # Before the first job there are none of its metrics.
      disable_metric_validation = true
    }
  }

  documentation {
    content   = trimspace(each.value.advice)
    mime_type = "text/markdown"
  }

  notification_channels = var.notification_channels
  depends_on            = [google_project_service.api]
}

resource "google_monitoring_dashboard" "this" {
  count = var.create_dashboard ? 1 : 0
  dashboard_json = jsonencode({
    displayName = var.name
    mosaicLayout = {
      columns = 12
      tiles = [for i, chart in local.charts : {
        xPos   = i % 2 * 6
        yPos   = floor(i / 2) * 4
        width  = 6
        height = 4
        widget = {
          title = chart.title
          xyChart = {
            dataSets = [{ plotType = "LINE", timeSeriesQuery = { prometheusQuery = chart.query } }]
          }
        }
      }]
    }
  })
  depends_on = [google_project_service.api]
}
