locals {
  buckets = {
    input       = "${var.project_id}-${var.name}-input"
    staging     = "${var.project_id}-${var.name}-staging"
    dead_letter = "${var.project_id}-${var.name}-dead-letter"
  }
}

# What is to be loaded. Deleted objects can be restored for some days (soft delete).
resource "google_storage_bucket" "input" {
  #checkov:skip=CKV_GCP_62:Cloud Audit Logs tell who uses a bucket, and are a setting of the project
  name                        = local.buckets.input
  location                    = local.location
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = !var.deletion_protection
  labels                      = local.labels

  versioning {
    enabled = var.input_versions_days > 0
  }

  soft_delete_policy {
    retention_duration_seconds = var.soft_delete_days * local.day
  }

  dynamic "lifecycle_rule" {
    for_each = var.input_versions_days > 0 ? [var.input_versions_days] : []
    content {
      action {
        type = "Delete"
      }
      condition {
        with_state                 = "ARCHIVED"
        days_since_noncurrent_time = lifecycle_rule.value
      }
    }
  }

  # What uploads that were never finished leave.
  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age = 7
    }
  }

  dynamic "encryption" {
    for_each = var.kms_key[*]
    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}

# The job's own: temp/ has the rows of large files in work, staging/ the program as launched, templates/ the template.
resource "google_storage_bucket" "staging" {
  #checkov:skip=CKV_GCP_62:Cloud Audit Logs tell who uses a bucket, and are a setting of the project
  #checkov:skip=CKV_GCP_78:versions of temporary files would be stored, and paid, for nothing
  name                        = local.buckets.staging
  location                    = local.location
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = !var.deletion_protection
  labels                      = local.labels

  # The rows of every large file are written here and deleted again; with soft delete they are paid for as long.
  soft_delete_policy {
    retention_duration_seconds = var.staging_soft_delete_days * local.day
  }

  # Not staging/ as well: a streaming job's workers read from there whenever one starts, for as long as the job lives.
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age            = var.temp_days
      matches_prefix = ["temp/"]
    }
  }

  dynamic "encryption" {
    for_each = var.kms_key[*]
    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}

# With --rejectedInput=delete this has the only copy of a rejected file. The job may replace and
# delete objects here, for its reports and lines; so versions are kept.
resource "google_storage_bucket" "dead_letter" {
  #checkov:skip=CKV_GCP_62:Cloud Audit Logs tell who uses a bucket, and are a setting of the project
  name                        = local.buckets.dead_letter
  location                    = local.location
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = !var.deletion_protection
  labels                      = local.labels

  versioning {
    enabled = true
  }

  soft_delete_policy {
    retention_duration_seconds = var.soft_delete_days * local.day
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      with_state                 = "ARCHIVED"
      days_since_noncurrent_time = 30
    }
  }

  dynamic "lifecycle_rule" {
    for_each = var.dead_letter_days[*]
    content {
      action {
        type = "Delete"
      }
      condition {
        with_state = "LIVE"
        age        = lifecycle_rule.value
      }
    }
  }

  dynamic "encryption" {
    for_each = var.kms_key[*]
    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}
