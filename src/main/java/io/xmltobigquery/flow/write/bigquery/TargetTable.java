package io.xmltobigquery.flow.write.bigquery;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import io.xmltobigquery.flow.write.bigquery.wire.AddedColumns;
import io.xmltobigquery.flow.write.bigquery.wire.RowSchema;
import io.xmltobigquery.mapping.BigQuerySchema;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.TableColumns;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * A table that is written to.
 *
 * @param name without project and dataset
 * @param schema an array of fields, as JSON
 * @param properties what it has beside its columns when it is created: members of a {@link Table},
 *     as JSON
 * @param descriptor of its rows
 */
record TargetTable(String name, String schema, String properties, DescriptorProto descriptor)
    implements Serializable {

  /**
   * A table of the mapping.
   *
   * @param added what its rows have beside the mapping's columns
   */
  static TargetTable of(TableColumns columns, AddedColumns added) {
    return new TargetTable(
        columns.name(),
        BigQuerySchema.json(columns.mapping(), added.lineage()),
        BigQuerySchema.tableJson(columns.mapping()),
        RowSchema.descriptor(columns, added));
  }

  /** The columns of one table, which workers compile again. */
  static TableColumns columns(TableMapping table) {
    return CompiledMapping.of(new Mapping(List.of(table))).tables().get(0);
  }

  /** As it is created, but for its place. */
  Table table() {
    try {
      return GsonFactory.getDefaultInstance()
          .fromString(properties, Table.class)
          .setSchema(tableSchema());
    } catch (IOException e) {
      throw new IllegalArgumentException("no table: " + properties, e);
    }
  }

  TableSchema tableSchema() {
    return tableSchema(schema);
  }

  static TableSchema tableSchema(String fields) {
    try {
      return GsonFactory.getDefaultInstance()
          .fromString("{\"fields\":" + fields + "}", TableSchema.class);
    } catch (IOException e) {
      throw new IllegalArgumentException("no schema: " + fields, e);
    }
  }
}
