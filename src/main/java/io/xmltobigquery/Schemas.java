package io.xmltobigquery;

import io.xmltobigquery.load.SchemaFiles;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.storage.FileStore;
import java.io.IOException;
import java.util.Set;

/**
 * Writes the BigQuery schemas of a mapping's tables, for those who create the tables themselves.
 */
public final class Schemas {

  private Schemas() {}

  /**
   * Writes {@code OUTPUT/<table>.schema.json} for each table, {@code file_loads} among them.
   *
   * @param options free of problems, as {@link OptionsCheck#problemsOfSchemas} sees it: only {@code
   *     --output}, {@code --mapping} and {@code --lineage} count
   * @return the tables' names
   */
  public static Set<String> write(XmlToBigQueryOptions options)
      throws IOException, MappingException {
    FileStore files = FileStore.of(options);
    Mapping mapping = MappingFile.read(files, options.getMapping());
    return SchemaFiles.write(
        files, Directories.directory(options.getOutput()), mapping, options.getLineage());
  }
}
