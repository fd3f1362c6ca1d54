mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "google-beta" {
  source = "./tests/mocks"
}

run "by_default" {
  assert {
    condition     = toset(keys(google_bigquery_table.table)) == toset(["customers", "orders", "file_loads"])
    error_message = "There are other tables than customers, orders and file_loads: ${join(", ", keys(google_bigquery_table.table))}"
  }
  assert {
    condition = alltrue([
      for name, table in google_bigquery_table.table :
      table.table_id == name && jsondecode(table.schema) == jsondecode(file("schemas/${name}.schema.json"))
    ])
    error_message = "A table hasn't the schema of its file."
  }
  assert {
    condition     = alltrue([for table in google_bigquery_table.table : table.dataset_id == "xml_to_bigquery"])
    error_message = "A table is in another dataset."
  }

  assert {
    condition = (
      google_bigquery_table.table["file_loads"].time_partitioning[0].field == "finished"
      && google_bigquery_table.table["file_loads"].time_partitioning[0].type == "DAY"
    )
    error_message = "file_loads isn't partitioned by the day of finished."
  }
  assert {
    condition     = google_bigquery_table.table["file_loads"].clustering == tolist(["outcome", "uri"])
    error_message = "file_loads isn't clustered by outcome and uri."
  }
  assert {
    condition     = google_bigquery_table.table["file_loads"].time_partitioning[0].expiration_ms == 0
    error_message = "Rows of file_loads are deleted."
  }
  assert {
    condition = length(setsubtract(
      concat(["finished"], google_bigquery_table.table["file_loads"].clustering),
      jsondecode(google_bigquery_table.table["file_loads"].schema)[*].name,
    )) == 0
    error_message = "file_loads lacks a column that it is partitioned or clustered by."
  }

  assert {
    condition = alltrue([
      for name, table in google_bigquery_table.table :
      length(table.time_partitioning) == 0 && table.clustering == null if name != "file_loads"
    ])
    error_message = "A data table is partitioned or clustered."
  }
}

run "people_can_ask_file_loads" {
  command = plan
  assert {
    condition = toset(keys(google_bigquery_table.view)) == toset([
      "file_loads_today", "file_loads_waiting", "file_loads_invalid_records", "file_loads_never_filled", "file_loads_mappings",
    ])
    error_message = "There are other views: ${join(", ", keys(google_bigquery_table.view))}"
  }
  assert {
    condition = alltrue([
      for name, view in google_bigquery_table.view :
      view.dataset_id == "xml_to_bigquery" && view.view[0].use_legacy_sql == false && !view.deletion_protection
    ])
    error_message = "A view isn't in the dataset, or can't be made again."
  }
  assert {
    condition = alltrue([
      for view in google_bigquery_table.view :
      strcontains(view.view[0].query, ".xml_to_bigquery.file_loads`") && !strcontains(view.view[0].query, "dataset}")
    ])
    error_message = "A view doesn't ask file_loads of the dataset."
  }
}

run "rows_of_file_loads_can_be_deleted_by_age" {
  variables {
    file_loads_days = 400
  }
  assert {
    condition     = google_bigquery_table.table["file_loads"].time_partitioning[0].expiration_ms == 34560000000
    error_message = "They aren't deleted after 400 days."
  }
}

run "data_tables_can_be_partitioned_and_clustered" {
  variables {
    clustering   = { orders = ["CustomerID", "EmployeeID"] }
    partitioning = { orders = { type = "MONTH", expiration_days = 10 } }
  }
  assert {
    condition     = google_bigquery_table.table["orders"].clustering == tolist(["CustomerID", "EmployeeID"])
    error_message = "orders isn't clustered."
  }
  assert {
    condition = (
      google_bigquery_table.table["orders"].time_partitioning[0].type == "MONTH"
      && google_bigquery_table.table["orders"].time_partitioning[0].field == null
      && google_bigquery_table.table["orders"].time_partitioning[0].expiration_ms == 864000000
    )
    error_message = "orders isn't partitioned."
  }
  assert {
    condition     = length(google_bigquery_table.table["customers"].time_partitioning) == 0
    error_message = "customers is partitioned."
  }
}

# Their ranges, columns and descriptions are those of the mapping, which "schema" has written.
run "the_mapping_can_say_how_tables_are_partitioned_and_clustered" {
  variables {
    schema_directory = "tests/schemas"
    clustering       = { items = ["n"] }
    partitioning     = { visits = { type = "YEAR" } }
  }
  assert {
    condition = (
      google_bigquery_table.table["items"].description == "What is sold."
      && google_bigquery_table.table["items"].time_partitioning[0].type == "MONTH"
      && google_bigquery_table.table["items"].time_partitioning[0].field == "day"
      && google_bigquery_table.table["items"].time_partitioning[0].expiration_ms == 86400000
    )
    error_message = "items isn't made as the mapping says."
  }
  assert {
    condition = (
      google_bigquery_table.table["items"].table_constraints[0].primary_key[0].columns == tolist(["n"])
      && length(google_bigquery_table.table["visits"].table_constraints) == 0
    )
    error_message = "items hasn't the primary key of the mapping, or another table has one."
  }
  assert {
    condition     = google_bigquery_table.table["items"].clustering == tolist(["n"])
    error_message = "The variable doesn't win."
  }
  assert {
    condition = (
      google_bigquery_table.table["numbers"].range_partitioning[0].field == "n"
      && google_bigquery_table.table["numbers"].range_partitioning[0].range[0].start == -5
      && google_bigquery_table.table["numbers"].range_partitioning[0].range[0].end == 10
      && google_bigquery_table.table["numbers"].range_partitioning[0].range[0].interval == 5
      && google_bigquery_table.table["numbers"].clustering == tolist(["n", "name"])
    )
    error_message = "numbers isn't made as the mapping says."
  }
  assert {
    condition = (
      google_bigquery_table.table["visits"].time_partitioning[0].type == "YEAR"
      && length(google_bigquery_table.table["visits"].range_partitioning) == 0
    )
    error_message = "visits is partitioned by range, though a variable says by time."
  }
}

run "another_dataset_can_be_named" {
  variables {
    dataset_id = "sales"
  }
  assert {
    condition     = google_bigquery_dataset.this.dataset_id == "sales" && google_bigquery_table.table["orders"].dataset_id == "sales"
    error_message = "The dataset isn't sales."
  }
}

run "a_table_without_schema_is_told" {
  command = plan
  variables {
    clustering = { invoices = ["id"] }
  }
  expect_failures = [google_bigquery_dataset.this]
}

run "file_loads_is_not_to_be_changed" {
  command = plan
  variables {
    partitioning = { file_loads = {} }
  }
  expect_failures = [google_bigquery_dataset.this]
}

run "a_directory_without_schemas_is_told" {
  command = plan
  variables {
    schema_directory = "tests"
  }
  expect_failures = [google_bigquery_dataset.this]
}
