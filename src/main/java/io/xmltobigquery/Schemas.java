package io.xmltobigquery;

import io.xmltobigquery.audit.FileLoads;
import io.xmltobigquery.load.SchemaFiles;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.storage.FileStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
  public static List<String> write(XmlToBigQueryOptions options)
      throws IOException, MappingException {
    FileStore files = FileStore.of(options);
    Mapping mapping = MappingFile.read(files, options.getMapping());
    String directory = Directories.directory(options.getOutput());
    SchemaFiles.write(files, directory, mapping, options.getLineage());
    List<String> tables = new ArrayList<>();
    mapping.tables().stream().map(TableMapping::table).forEach(tables::add);
    tables.add(FileLoads.TABLE);
    return tables;
  }
}
