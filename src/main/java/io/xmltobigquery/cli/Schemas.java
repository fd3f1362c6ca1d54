package io.xmltobigquery.cli;

import io.xmltobigquery.check.OptionsCheck;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.flow.write.jsonl.SchemaFiles;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.options.Directories;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.io.IOException;
import java.util.Set;

/**
 * Writes the BigQuery schemas of a mapping's tables, for those who create the tables themselves.
 */
public final class Schemas {

  private Schemas() {}

  /**
   * Writes {@code OUTPUT/<table>.schema.json} for each table, {@code file_loads} among them, and
   * {@code OUTPUT/<table>.table.json} for those of the mapping.
   *
   * @param options free of problems, as {@link OptionsCheck#ofSchemas} sees it: only {@code
   *     --output} and {@code --lineage} count
   * @param mapping what it has read
   * @return the tables' names
   */
  public static Set<String> write(XmlToBigQueryOptions options, Mapping mapping)
      throws IOException {
    FileStore files = FileStore.of(options);
    String directory = Directories.directory(options.getOutput());
    SchemaFiles.writeTables(files, directory, mapping);
    return SchemaFiles.write(files, directory, mapping, options.getLineage());
  }
}
