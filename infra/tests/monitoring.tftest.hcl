mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "google-beta" {
  source = "./tests/mocks"
}

run "what_can_go_wrong_has_an_alert" {
  variables {
    notification_channels = ["projects/my-project/notificationChannels/1"]
    dead_letter_topic     = true
  }
  assert {
    condition     = toset(keys(google_monitoring_alert_policy.alert)) == toset(["dead_letter", "backlog", "job_failed", "system_lag", "undelivered"])
    error_message = "wrong: ${join(", ", keys(google_monitoring_alert_policy.alert))}"
  }
  assert {
    condition = alltrue([
      for alert in google_monitoring_alert_policy.alert : alert.notification_channels == tolist(["projects/my-project/notificationChannels/1"])
    ])
    error_message = "Nobody is told."
  }
  assert {
    condition = strcontains(
      google_monitoring_alert_policy.alert["backlog"].conditions[0].condition_prometheus_query_language[0].query,
      "subscription_id=\"xml-to-bigquery-notifications\"}) > 600",
    )
    error_message = "The alert of the backlog isn't for the subscription, or not after 10 minutes."
  }
}

run "thresholds_can_be_set" {
  variables {
    alert_minutes = { backlog = 30, lag = 60 }
  }
  assert {
    condition     = endswith(google_monitoring_alert_policy.alert["backlog"].conditions[0].condition_prometheus_query_language[0].query, " > 1800")
    error_message = "That of the backlog isn't."
  }
  assert {
    condition     = endswith(google_monitoring_alert_policy.alert["system_lag"].conditions[0].condition_prometheus_query_language[0].query, " > 3600")
    error_message = "That of the lag isn't."
  }
}

run "jobs_are_found_by_their_names" {
  variables {
    name              = "invoices"
    streaming_job     = {}
    dead_letter_topic = true
  }
  assert {
    condition = alltrue([
      for name in ["dead_letter", "job_failed", "system_lag"] :
      strcontains(google_monitoring_alert_policy.alert[name].conditions[0].condition_prometheus_query_language[0].query, "job_name=~\"invoices(-backfill-.+)?\"")
    ])
    error_message = "An alert looks for other jobs."
  }
  assert {
    condition = alltrue([
      for name in [google_dataflow_flex_template_job.streaming[0].name, "invoices-backfill-20261124-120000"] :
      can(regex("^(${local.job_names})$", name))
    ])
    error_message = "Our jobs aren't found."
  }
  assert {
    condition     = !can(regex("^(${local.job_names})$", "invoices-2"))
    error_message = "Jobs of a deployment invoices-2 are found."
  }
  assert {
    condition = (
      can(regex("^(${local.subscriptions})$", google_pubsub_subscription.notifications.name))
      && can(regex("^(${local.subscriptions})$", google_pubsub_subscription.undelivered[0].name))
      && !can(regex("^(${local.subscriptions})$", "invoices-2-notifications"))
    )
    error_message = "The dashboard shows other subscriptions."
  }
}

run "the_dashboard_has_no_gaps" {
  assert {
    condition     = jsondecode(google_monitoring_dashboard.this[0].dashboard_json).mosaicLayout.columns == 12
    error_message = "It has other columns."
  }
  assert {
    condition = (
      length(distinct([for tile in jsondecode(google_monitoring_dashboard.this[0].dashboard_json).mosaicLayout.tiles : "${tile.xPos} ${tile.yPos}"])) == length(local.charts)
      && max([for tile in jsondecode(google_monitoring_dashboard.this[0].dashboard_json).mosaicLayout.tiles : tile.yPos + tile.height]...) == ceil(length(local.charts) / 2) * 4
    )
    error_message = "Charts are above each other, or far from each other."
  }
}

run "alerts_and_dashboard_can_be_left_out" {
  variables {
    create_alerts    = false
    create_dashboard = false
  }
  assert {
    condition     = length(google_monitoring_alert_policy.alert) == 0 && length(google_monitoring_dashboard.this) == 0
    error_message = "They aren't."
  }
}
