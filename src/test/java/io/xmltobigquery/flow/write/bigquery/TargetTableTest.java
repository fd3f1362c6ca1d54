package io.xmltobigquery.flow.write.bigquery;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import io.xmltobigquery.flow.write.bigquery.wire.AddedColumns;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.rows.CompiledMapping;
import org.junit.jupiter.api.Test;

final class TargetTableTest {

  @Test
  void aTableIsCreatedWithWhatTheMappingSaysToBigQuery() throws MappingException {
    Table table =
        table(
            """
            "description": "all of them", "clustering": {"fields": ["tag", "n"]},
            "timePartitioning": {"type": "MONTH", "field": "d", "expirationMs": 86400000},
            "fields": [
              {"name": "d", "type": "DATE", "defaultValueExpression": "CURRENT_DATE()"},
              {"name": "n", "type": "NUMERIC", "roundingMode": "ROUND_HALF_EVEN"},
              {"name": "tag", "type": "STRING", "collation": "und:ci", "policyTags": {"names": ["t"]}}]
            """);

    assertThat(table.getDescription()).isEqualTo("all of them");
    assertThat(table.getTimePartitioning().getType()).isEqualTo("MONTH");
    assertThat(table.getTimePartitioning().getField()).isEqualTo("d");
    assertThat(table.getTimePartitioning().getExpirationMs()).isEqualTo(86_400_000);
    assertThat(table.getRangePartitioning()).isNull();
    assertThat(table.getClustering().getFields()).containsExactly("tag", "n").inOrder();
    assertThat(field(table, 0).getDefaultValueExpression()).isEqualTo("CURRENT_DATE()");
    assertThat(field(table, 1).getRoundingMode()).isEqualTo("ROUND_HALF_EVEN");
    assertThat(field(table, 2).getCollation()).isEqualTo("und:ci");
    assertThat(field(table, 2).getPolicyTags().getNames()).containsExactly("t");
  }

  @Test
  void rangesHaveTheirBounds() throws MappingException {
    Table table =
        table(
            """
            "rangePartitioning": {"field": "n", "range": {"start": "-5", "end": 10, "interval": 5}},
            "fields": [{"name": "n", "type": "INT64"}]
            """);

    assertThat(table.getRangePartitioning().getField()).isEqualTo("n");
    assertThat(table.getRangePartitioning().getRange().getStart()).isEqualTo(-5);
    assertThat(table.getRangePartitioning().getRange().getEnd()).isEqualTo(10);
    assertThat(table.getRangePartitioning().getRange().getInterval()).isEqualTo(5);
  }

  private static TableFieldSchema field(Table table, int index) {
    return table.getSchema().getFields().get(index);
  }

  private static Table table(String keys) throws MappingException {
    String json = "{\"tables\": [{\"table\": \"t\", \"record\": \"/r/i\", %s}]}".formatted(keys);
    return TargetTable.of(
            CompiledMapping.of(MappingReader.read(json.getBytes(UTF_8))).tables().get(0),
            AddedColumns.NONE)
        .table();
  }
}
