package io.xmltobigquery.load;

import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.storage.FileStore;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.ResourceId;

/** The directory that a run's JSON Lines go to. */
final class OutputDirectory {

  private OutputDirectory() {}

  /**
   * Makes the directory ready for a run: deletes the JSON Lines of an earlier one, since theirs
   * needn't have the same numbers and what is there afterwards must be the rows of one run; and
   * writes the tables' BigQuery schemas.
   *
   * @param directory with a slash at the end, and no glob characters
   * @param lineage whether rows have the lineage column
   */
  static void prepare(FileStore files, String directory, Mapping mapping, boolean lineage)
      throws IOException {
    Set<String> tables = SchemaFiles.schemas(mapping, lineage).keySet();
    FileSystems.delete(linesOf(directory, tables.stream().map(Pattern::quote).toList()));
    SchemaFiles.write(files, directory, mapping, lineage);
  }

  private static List<ResourceId> linesOf(String directory, List<String> tables)
      throws IOException {
    Pattern names = Pattern.compile("(" + String.join("|", tables) + ")-\\d{5}-of-\\d{5}\\.jsonl");
    return FileSystems.match(directory + "*.jsonl", EmptyMatchTreatment.ALLOW).metadata().stream()
        .map(Metadata::resourceId)
        .filter(file -> names.matcher(String.valueOf(file.getFilename())).matches())
        .toList();
  }
}
