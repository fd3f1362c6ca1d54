package io.xmltobigquery.load.bigquery;

import com.google.api.services.bigquery.model.TableSchema;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import io.xmltobigquery.mapping.BigQuerySchema;
import io.xmltobigquery.mapping.TableColumns;
import java.io.Serializable;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryHelpers;

/**
 * A table that is written to.
 *
 * @param name without project and dataset
 * @param schema an array of fields, as JSON
 * @param descriptor of its rows
 */
public record TargetTable(String name, String schema, DescriptorProto descriptor)
    implements Serializable {

  /** A table of the mapping. */
  static TargetTable of(TableColumns columns, boolean lineage) {
    return new TargetTable(
        columns.name(),
        BigQuerySchema.json(columns.mapping(), lineage),
        RowSchema.descriptor(columns, lineage));
  }

  /** The schema as BigQuery's API has it. */
  public TableSchema tableSchema() {
    return tableSchema(schema);
  }

  static TableSchema tableSchema(String fields) {
    return BigQueryHelpers.fromJsonString("{\"fields\":" + fields + "}", TableSchema.class);
  }
}
