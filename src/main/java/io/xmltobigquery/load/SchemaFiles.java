package io.xmltobigquery.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.audit.FileLoads;
import io.xmltobigquery.mapping.BigQuerySchema;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.storage.FileStore;
import java.io.IOException;

/** The BigQuery schemas of all tables, as {@code bq} and Terraform take them. */
public final class SchemaFiles {

  private SchemaFiles() {}

  /**
   * Writes {@code DIR/<table>.schema.json} for each table of a mapping, and for {@code file_loads}.
   *
   * @param directory with a slash at the end
   * @param lineage whether rows have the lineage column
   */
  public static void write(FileStore files, String directory, Mapping mapping, boolean lineage)
      throws IOException {
    for (TableMapping table : mapping.tables()) {
      write(files, directory, table.table(), BigQuerySchema.json(table, lineage));
    }
    write(files, directory, FileLoads.TABLE, FileLoads.schema());
  }

  private static void write(FileStore files, String directory, String table, String schema)
      throws IOException {
    files.write(directory + table + ".schema.json", out -> out.write(schema.getBytes(UTF_8)));
  }
}
