resource "google_artifact_registry_repository" "images" {
  repository_id = var.name
  description   = "The launcher's and the workers' images."
  location      = var.region
  format        = "DOCKER"
  kms_key_name  = var.kms_key
  labels        = local.labels

  # A streaming job runs for months, and each worker that starts pulls the image by its tag: what it gets must be the
  # program that the job was launched with.
  docker_config {
    immutable_tags = true
  }

  # For the same reason nothing that has a tag is ever deleted by itself.
  cleanup_policies {
    id     = "delete-untagged"
    action = "DELETE"
    condition {
      tag_state  = "UNTAGGED"
      older_than = "${30 * local.day}s"
    }
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}
