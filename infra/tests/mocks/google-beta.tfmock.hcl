override_resource {
  target = google_project_service_identity.pubsub
  values = { member = "serviceAccount:pubsub-agent" }
}

override_resource {
  target = google_project_service_identity.artifact_registry
  values = { member = "serviceAccount:registry-agent" }
}
