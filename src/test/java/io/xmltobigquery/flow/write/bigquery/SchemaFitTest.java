package io.xmltobigquery.flow.write.bigquery;

import static com.google.common.truth.Truth.assertThat;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import io.xmltobigquery.flow.write.bigquery.wire.AddedColumns;
import io.xmltobigquery.flow.write.bigquery.wire.TestRows;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryHelpers;
import org.junit.jupiter.api.Test;

final class SchemaFitTest {

  private static final String RECORD =
      """
      {'name': 'Ship', 'type': 'RECORD', 'mode': 'REPEATED', 'fields': [
        {'name': 'To', 'type': 'STRING'},
        {'name': 'Box', 'type': 'RECORD', 'fields': [{'name': 'Size', 'type': 'INT64'}]}]}
      """;

  private static List<String> problems(String rows, TableFieldSchema... table) {
    return problems(rows, false, table);
  }

  private static List<String> problems(String rows, boolean lineage, TableFieldSchema... table) {
    TableSchema there = new TableSchema();
    // An empty table has none.
    if (table.length > 0) {
      there.setFields(Arrays.asList(table));
    }
    return SchemaFit.problems(
        TargetTable.of(TestRows.table(rows), new AddedColumns(lineage, false)).tableSchema(),
        there);
  }

  private static TableFieldSchema column(String name, String type) {
    return new TableFieldSchema().setName(name).setType(type);
  }

  private static TableFieldSchema record(String name, TableFieldSchema... fields) {
    return column(name, "RECORD").setFields(Arrays.asList(fields));
  }

  @Test
  void aTableOfTheRowsOwnSchemaFits() {
    TableSchema schema =
        TargetTable.of(TestRows.table(RECORD), new AddedColumns(true, false)).tableSchema();
    String json = BigQueryHelpers.toJsonString(schema);

    assertThat(SchemaFit.problems(schema, BigQueryHelpers.fromJsonString(json, TableSchema.class)))
        .isEmpty();
  }

  @Test
  void theSchemaHasWhatTheMappingSays() {
    TableSchema schema =
        TargetTable.of(
                TestRows.table(
                    """
                    {'name': 's', 'type': 'STRING', 'mode': 'REQUIRED', 'maxLength': 9,
                     'description': 'd'},
                    {'name': 'n', 'type': 'NUMERIC', 'precision': 7, 'scale': 3}
                    """),
                AddedColumns.NONE)
            .tableSchema();

    assertThat(schema.getFields())
        .containsExactly(
            column("s", "STRING").setMode("REQUIRED").setMaxLength(9L).setDescription("d"),
            column("n", "NUMERIC").setMode("NULLABLE").setPrecision(7L).setScale(3L))
        .inOrder();
  }

  @Test
  void namesCaseOrderAliasesAndOtherColumnsDoNotMatter() {
    assertThat(
            problems(
                """
                {'name': 'a', 'type': 'INT64'}, {'name': 'b', 'type': 'FLOAT64'},
                {'name': 'c', 'type': 'BOOL'},
                {'name': 'd', 'type': 'RECORD', 'fields': [{'name': 'e', 'type': 'STRING'}]}
                """,
                column("more", "GEOGRAPHY"),
                column("D", "STRUCT").setFields(List.of(column("E", "STRING"))),
                column("C", "BOOLEAN"),
                column("B", "FLOAT"),
                column("A", "INTEGER"),
                column("many", "STRING").setMode("REPEATED")))
        .isEmpty();
  }

  @Test
  void narrowerColumnsFit() {
    assertThat(
            problems(
                "{'name': 's', 'type': 'STRING', 'maxLength': 9}, {'name': 'n', 'type': 'NUMERIC'}",
                column("s", "STRING").setMaxLength(3L),
                column("n", "NUMERIC").setPrecision(5L).setScale(2L)))
        .isEmpty();
  }

  @Test
  void aMissingColumnDoesNotFit() {
    assertThat(problems("{'name': 's', 'type': 'STRING', 'mode': 'REQUIRED'}"))
        .containsExactly("s is missing in the table: add it there, as REQUIRED STRING.");
    assertThat(
            problems(
                RECORD, record("ship", column("to", "STRING"), record("box")).setMode("REPEATED")))
        .containsExactly("Ship.Box.Size is missing in the table: add it there, as NULLABLE INT64.");
    assertThat(problems("{'name': 's', 'type': 'STRING'}", true, column("s", "STRING")))
        .containsExactly("_file is missing in the table: add it there, as NULLABLE RECORD.");
  }

  @Test
  void anotherTypeDoesNotFit() {
    assertThat(problems("{'name': 'n', 'type': 'NUMERIC'}", column("n", "BIGNUMERIC")))
        .containsExactly("n is BIGNUMERIC in the table and NUMERIC in the mapping.");
    assertThat(problems("{'name': 'n', 'type': 'INT64'}", column("n", "FLOAT")))
        .containsExactly("n is FLOAT64 in the table and INT64 in the mapping.");
    assertThat(problems(RECORD, column("Ship", "STRING")))
        .containsExactly("Ship is STRING in the table and RECORD in the mapping.");
  }

  @Test
  void anotherModeDoesNotFitUnlessTheTableAsksForLess() {
    String nullable = "{'name': 's', 'type': 'STRING'}";
    String required = "{'name': 's', 'type': 'STRING', 'mode': 'REQUIRED'}";
    String repeated = "{'name': 's', 'type': 'STRING', 'mode': 'REPEATED'}";
    TableFieldSchema column = column("s", "STRING");

    assertThat(problems(required, column)).isEmpty();
    assertThat(problems(nullable, column.clone().setMode("REQUIRED")))
        .containsExactly("s is REQUIRED in the table and NULLABLE in the mapping.");
    assertThat(problems(repeated, column.clone().setMode("REQUIRED")))
        .containsExactly("s is REQUIRED in the table and REPEATED in the mapping.");
    assertThat(problems(repeated, column))
        .containsExactly("s is NULLABLE in the table and REPEATED in the mapping.");
    assertThat(problems(required, column.clone().setMode("REPEATED")))
        .containsExactly("s is REPEATED in the table and REQUIRED in the mapping.");
  }

  @Test
  void aRequiredColumnThatTheMappingDoesNotGiveDoesNotFit() {
    assertThat(
            problems(
                RECORD,
                record(
                        "Ship",
                        column("To", "STRING"),
                        record("Box", column("Size", "INT64")),
                        column("Since", "DATE").setMode("REQUIRED"))
                    .setMode("REPEATED")))
        .containsExactly(
            "Ship.Since is REQUIRED in the table, and the mapping has no such column: make it"
                + " NULLABLE there or add it to the mapping.");
    assertThat(
            problems(
                "{'name': 's', 'type': 'STRING'}",
                column("s", "STRING"),
                column("t", "TIMESTAMP")
                    .setMode("REQUIRED")
                    .setDefaultValueExpression("CURRENT_TIMESTAMP()")))
        .isEmpty();
  }

  @Test
  void allProblemsAreFound() {
    assertThat(
            problems(
                "{'name': 'a', 'type': 'DATE'}, {'name': 'b', 'type': 'DATE'}",
                column("a", "STRING"),
                column("c", "STRING").setMode("REQUIRED")))
        .hasSize(3);
  }
}
