locals {
  schema_directory = coalesce(var.schema_directory, "${path.module}/schemas")
  schemas = {
    for file in fileset(local.schema_directory, "*.schema.json") :
    trimsuffix(file, ".schema.json") => file("${local.schema_directory}/${file}")
  }

  # What the mapping says of a table beside its columns; the variables win.
  of_mapping = {
    for table in keys(local.schemas) : table => jsondecode(
      fileexists("${local.schema_directory}/${table}.table.json") ? file("${local.schema_directory}/${table}.table.json") : "{}"
    )
  }

  # By the day that a file's outcome was known; most questions are of one outcome or of one file.
  file_loads = "file_loads"
  partitioning = merge(var.partitioning, {
    (local.file_loads) = { column = "finished", type = "DAY", expiration_days = var.file_loads_days }
  })

  # 0 milliseconds is never; null would leave what there was before.
  time_partitioning = merge(
    {
      for table, says in local.of_mapping : table => {
        type          = says.timePartitioning.type
        field         = try(says.timePartitioning.field, null)
        expiration_ms = try(tonumber(says.timePartitioning.expirationMs), 0)
      } if can(says.timePartitioning)
    },
    {
      for table, by in local.partitioning : table => {
        type          = by.type
        field         = by.column
        expiration_ms = coalesce(by.expiration_days, 0) * local.day * 1000
      }
    },
  )
  range_partitioning = {
    for table, says in local.of_mapping : table => says.rangePartitioning
    if can(says.rangePartitioning) && !contains(keys(local.partitioning), table)
  }
  primary_keys = {
    for table, says in local.of_mapping : table => says.tableConstraints.primaryKey.columns
    if can(says.tableConstraints.primaryKey)
  }
  clustering = merge(
    { for table, says in local.of_mapping : table => says.clustering.fields if can(says.clustering) },
    var.clustering,
    { (local.file_loads) = ["outcome", "uri"] },
  )

  # What people ask of file_loads; docs/RUNBOOK.md says how to ask without this module.
  views = {
    for file in fileset("${path.module}/queries", "*.sql") : trimsuffix(file, ".sql") => "${path.module}/queries/${file}"
  }
}

resource "google_bigquery_dataset" "this" {
  dataset_id                 = coalesce(var.dataset_id, replace(var.name, "-", "_"))
  description                = "What ${var.name} has loaded, and in ${local.file_loads} what became of each file."
  location                   = local.location
  delete_contents_on_destroy = !var.deletion_protection
  labels                     = local.labels

  dynamic "default_encryption_configuration" {
    for_each = var.kms_key[*]
    content {
      kms_key_name = default_encryption_configuration.value
    }
  }

  lifecycle {
    precondition {
      condition     = contains(keys(local.schemas), local.file_loads)
      error_message = "There is no ${local.file_loads}.schema.json in ${local.schema_directory}; write all schemas with bin/xml-to-bigquery schema --output=${local.schema_directory}."
    }
    precondition {
      condition     = length(setintersection(keys(local.views), keys(local.schemas))) == 0
      error_message = "The mapping has a table that is named as a view of this module: ${join(", ", setintersection(keys(local.views), keys(local.schemas)))}."
    }
    precondition {
      condition     = length(setsubtract(concat(keys(local.partitioning), keys(local.clustering)), keys(local.schemas))) == 0
      error_message = "partitioning or clustering names a table without a schema: there are ${join(", ", keys(local.schemas))}."
    }
    precondition {
      condition     = !contains(concat(keys(var.partitioning), keys(var.clustering)), local.file_loads)
      error_message = "${local.file_loads} is partitioned and clustered by this module; see file_loads_days."
    }
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}

# The job would create missing tables, partitioned and clustered as the mapping says, but not as the variables do. It
# changes none: after a change of the mapping, write the schemas again and apply.
resource "google_bigquery_table" "table" {
  #checkov:skip=CKV_GCP_80:tables have the dataset's key, see kms_key
  for_each            = local.schemas
  dataset_id          = google_bigquery_dataset.this.dataset_id
  table_id            = each.key
  description         = try(local.of_mapping[each.key].description, null)
  schema              = each.value
  clustering          = lookup(local.clustering, each.key, null)
  deletion_protection = var.deletion_protection
  labels              = local.labels

  dynamic "time_partitioning" {
    for_each = contains(keys(local.time_partitioning), each.key) ? [local.time_partitioning[each.key]] : []
    content {
      type          = time_partitioning.value.type
      field         = time_partitioning.value.field
      expiration_ms = time_partitioning.value.expiration_ms
    }
  }

  dynamic "table_constraints" {
    for_each = contains(keys(local.primary_keys), each.key) ? [local.primary_keys[each.key]] : []
    content {
      primary_key {
        columns = table_constraints.value
      }
    }
  }

  dynamic "range_partitioning" {
    for_each = contains(keys(local.range_partitioning), each.key) ? [local.range_partitioning[each.key]] : []
    content {
      field = range_partitioning.value.field
      range {
        start    = tonumber(range_partitioning.value.range.start)
        end      = tonumber(range_partitioning.value.range.end)
        interval = tonumber(range_partitioning.value.range.interval)
      }
    }
  }
}

resource "google_bigquery_table" "view" {
  #checkov:skip=CKV_GCP_80:a view has no data of its own
  #checkov:skip=CKV_GCP_121:a view can be made again
  for_each            = local.views
  dataset_id          = google_bigquery_dataset.this.dataset_id
  table_id            = each.key
  description         = trimprefix(split("\n", file(each.value))[0], "-- ")
  deletion_protection = false
  labels              = local.labels

  view {
    query          = templatefile(each.value, { dataset = "${google_bigquery_dataset.this.project}.${google_bigquery_dataset.this.dataset_id}" })
    use_legacy_sql = false
  }

  depends_on = [google_bigquery_table.table]
}
