# Names of metrics are those of src/main/java/io/xmltobigquery/audit/Metrics.java. Dataflow shows counters as
# job/user_counter with their name in metric_name, and of a distribution NAME_MIN, NAME_MAX, NAME_MEAN and NAME_COUNT.

locals {
  jobs         = "monitored_resource=\"dataflow_job\",job_name=~\"${var.name}.*\""
  counter      = "dataflow_googleapis_com:job_user_counter"
  subscription = "monitored_resource=\"pubsub_subscription\",subscription_id"

  # Each series is the total of one job, and begins when there is something to count, so that the first bad file is no
  # increase to PromQL's increase().
  bad_things = "sum by (job_name, job_id) (${local.counter}{${local.jobs},metric_name=~\"files-rejected|invalid-records-.+|refused-rows-.+|notifications-malformed\"}"
  bad_things_grow = join(" ", [
    "${local.bad_things}) - (${local.bad_things} offset 10m) or 0 * ${local.bad_things})) > 0",
  ])

  alerts = merge(
    {
      dead_letter = {
        title   = "the dead letter grows"
        advice  = "Files were rejected, or records, rows or messages kept. Look into gs://${google_storage_bucket.dead_letter.name}, and into ${local.file_loads} for the reasons; docs/RUNBOOK.md, \"The dead letter\", says how to load them again."
        query   = local.bad_things_grow
        seconds = 0
      }
      backlog = {
        title   = "notifications wait too long"
        advice  = "A notification has waited for more than ${var.alert_minutes.backlog} minutes. Does the streaming job run, and has it enough workers? After ${var.message_retention_days} days notifications are lost."
        query   = "max by (subscription_id) (pubsub_googleapis_com:subscription_oldest_unacked_message_age{${local.subscription}=\"${google_pubsub_subscription.notifications.name}\"}) > ${var.alert_minutes.backlog * 60}"
        seconds = 300
      }
      job_failed = {
        title   = "a job failed"
        advice  = "The job's own log says why. docs/RUNBOOK.md has what a job that failed leaves behind, and how to go on."
        query   = "max by (job_name, job_id) (dataflow_googleapis_com:job_is_failed{${local.jobs}}) > 0"
        seconds = 0
      }
      system_lag = {
        title   = "a job lags behind"
        advice  = "Something has been in work, or waited for it, for more than ${var.alert_minutes.lag} minutes. A very large file takes that long; else look at the job's log for what it tries again and again, and at its workers."
        query   = "max by (job_name, job_id) (dataflow_googleapis_com:job_system_lag{${local.jobs}}) > ${var.alert_minutes.lag * 60}"
        seconds = 300
      }
    },
    { for subscription in google_pubsub_subscription.undelivered : "undelivered" => {
      title   = "notifications couldn't be delivered"
      advice  = "Pub/Sub has given up on them, and their files aren't loaded. Find out why the job didn't take them, pull them from ${subscription.name} to see which files they tell of, and tell the job once more: bin/xml-to-bigquery notify."
      query   = "max by (subscription_id) (pubsub_googleapis_com:subscription_num_undelivered_messages{${local.subscription}=\"${subscription.name}\"}) > 0"
      seconds = 0
    } },
  )

  # A chart's lines are named after the labels that they are by.
  charts = [
    { title = "Files by outcome", query = "sum by (metric_name) (${local.counter}{${local.jobs},metric_name=~\"files-(accepted|rejected|missing|superseded)\"})" },
    { title = "Rejected files by reason", query = "sum by (metric_name) (${local.counter}{${local.jobs},metric_name=~\"files-rejected-.+\"})" },
    { title = "Rows by table", query = "sum by (metric_name) (${local.counter}{${local.jobs},metric_name=~\"rows-.+\"})" },
    { title = "Rows and records in the dead letter", query = "sum by (metric_name) (${local.counter}{${local.jobs},metric_name=~\"(refused-rows|invalid-records)-.+\"})" },
    { title = "Notifications, and files found without", query = "sum by (metric_name) (${local.counter}{${local.jobs},metric_name=~\"notifications-.+|files-without-notification\"})" },
    { title = "Seconds from upload to accepted", query = "max by (metric_name) (${local.counter}{${local.jobs},metric_name=~\"seconds-to-accepted_(MEAN|MAX)\"})" },
    { title = "Bytes of files", query = "sum by (job_name) (${local.counter}{${local.jobs},metric_name=\"file-bytes\"})" },
    { title = "Bytes of chunks", query = "max by (metric_name) (${local.counter}{${local.jobs},metric_name=~\"chunk-bytes_(MEAN|MAX)\"})" },
    { title = "Age of the oldest notification, in seconds", query = "max by (subscription_id) (pubsub_googleapis_com:subscription_oldest_unacked_message_age{${local.subscription}=~\"${var.name}-.*\"})" },
    { title = "Notifications that wait", query = "max by (subscription_id) (pubsub_googleapis_com:subscription_num_undelivered_messages{${local.subscription}=~\"${var.name}-.*\"})" },
    { title = "System lag, in seconds", query = "max by (job_name) (dataflow_googleapis_com:job_system_lag{${local.jobs}})" },
    { title = "Virtual processors", query = "sum by (job_name) (dataflow_googleapis_com:job_current_num_vcpus{${local.jobs}})" },
  ]
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
    content   = each.value.advice
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
