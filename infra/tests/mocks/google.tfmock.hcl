# What the providers would fill in and other resources read. Without it a mock makes up random text.

override_data {
  target = data.google_project.this
  values = { number = "123456789012" }
}

override_resource {
  target = google_service_account.worker
  values = {
    name   = "projects/my-project/serviceAccounts/worker@my-project.iam.gserviceaccount.com"
    email  = "worker@my-project.iam.gserviceaccount.com"
    member = "serviceAccount:worker@my-project.iam.gserviceaccount.com"
  }
}

override_resource {
  target = google_service_account.composer
  values = {
    email  = "composer@my-project.iam.gserviceaccount.com"
    member = "serviceAccount:composer@my-project.iam.gserviceaccount.com"
  }
}

override_resource {
  target = google_service_account.build
  values = {
    name   = "projects/my-project/serviceAccounts/build@my-project.iam.gserviceaccount.com"
    email  = "build@my-project.iam.gserviceaccount.com"
    member = "serviceAccount:build@my-project.iam.gserviceaccount.com"
  }
}

override_resource {
  target = google_pubsub_topic.notifications
  values = { id = "projects/my-project/topics/xml-to-bigquery-notifications" }
}

override_resource {
  target = google_pubsub_topic.undelivered
  values = { id = "projects/my-project/topics/xml-to-bigquery-undelivered" }
}
