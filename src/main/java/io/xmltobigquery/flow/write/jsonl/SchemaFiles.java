package io.xmltobigquery.flow.write.jsonl;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.OwnFiles;
import io.xmltobigquery.mapping.BigQuerySchema;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.outcome.FileLoads;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The BigQuery schemas of all tables, as {@code bq} and Terraform take them. */
public final class SchemaFiles {

  private static final String TABLE = ".table.json";

  private SchemaFiles() {}

  /**
   * Writes {@code DIR/<table>.schema.json} for each table of a mapping, and for {@code file_loads}.
   *
   * @param directory with a slash at the end
   * @param lineage whether rows have the lineage column
   * @return the tables' names
   */
  public static Set<String> write(
      FileStore files, String directory, Mapping mapping, boolean lineage) throws IOException {
    Map<String, String> schemas = schemas(mapping, lineage);
    for (Map.Entry<String, String> schema : schemas.entrySet()) {
      files.replace(
          directory + schema.getKey() + OwnFiles.SCHEMA,
          out -> out.write(schema.getValue().getBytes(UTF_8)));
    }
    return schemas.keySet();
  }

  /**
   * Writes {@code DIR/<table>.table.json} for each table of a mapping: what it has beside its
   * columns, also where that is nothing, so that nothing old stays.
   *
   * @param directory with a slash at the end
   */
  public static void writeTables(FileStore files, String directory, Mapping mapping)
      throws IOException {
    for (TableMapping table : mapping.tables()) {
      files.replace(
          directory + table.table() + TABLE,
          out -> out.write(BigQuerySchema.tableJson(table).getBytes(UTF_8)));
    }
  }

  /** By table. */
  static Map<String, String> schemas(Mapping mapping, boolean lineage) throws IOException {
    Map<String, String> schemas = new LinkedHashMap<>();
    for (TableMapping table : mapping.tables()) {
      schemas.put(table.table(), BigQuerySchema.json(table, lineage));
    }
    schemas.put(FileLoads.TABLE, FileLoads.schema());
    return schemas;
  }
}
