package io.xmltobigquery.flow.write.jsonl;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.OwnFiles;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.outcome.FileLoads;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * The directory that a run's JSON Lines go to. It holds the rows of one run: the next one replaces
 * them, unless they may be all that is left of its files.
 */
final class OutputDirectory {

  private static final String ONLY_COPY_TEXT =
      """
      The files that the rows in this directory are from are deleted, or moved away, once they are
      loaded (--acceptedInput). So no run replaces these rows. To use the directory again, move its
      .jsonl files away.
      """;

  private final FileStore files;
  private final String directory;
  private final Mapping mapping;
  private final boolean lineage;

  /**
   * @param directory with a slash at the end, and no glob characters
   * @param lineage whether rows have the lineage column
   */
  OutputDirectory(FileStore files, String directory, Mapping mapping, boolean lineage) {
    this.files = files;
    this.directory = directory;
    this.mapping = mapping;
    this.lineage = lineage;
  }

  /**
   * Looks whether a run may replace what is there.
   *
   * <p>A run clears no file away before all of its {@code file_loads} are there; so without them,
   * the next run finds all files again.
   *
   * @throws IOException if the rows may be all that is left of their files
   */
  void check() throws IOException {
    if (files.exists(onlyCopy()) && !linesOf(List.of(FileLoads.TABLE)).isEmpty()) {
      throw new IOException(
          "--output: "
              + directory
              + " has rows of a run that clears its input away, so they may be the only copy; move the .jsonl files away, or name another directory");
    }
  }

  /**
   * Makes the directory ready for a run: deletes the JSON Lines of an earlier one, since theirs
   * needn't have the same numbers, and what a killed one has left; and writes the tables' BigQuery
   * schemas.
   *
   * @param clearsInput whether the run deletes files whose rows are safe, or moves them away
   * @throws IOException as {@link #check} says
   */
  void prepare(boolean clearsInput) throws IOException {
    check();
    Set<String> tables = SchemaFiles.schemas(mapping, lineage).keySet();
    FileSystems.delete(linesOf(tables.stream().map(Pattern::quote).toList()));
    FileSystems.delete(match(WriteJsonLines.TEMPORARY_FILES));
    if (clearsInput) {
      files.replace(onlyCopy(), out -> out.write(ONLY_COPY_TEXT.getBytes(UTF_8)));
    } else if (files.exists(onlyCopy())) {
      files.delete(files.find(onlyCopy()));
    }
    SchemaFiles.write(files, directory, mapping, lineage);
  }

  private String onlyCopy() {
    return directory + OwnFiles.ONLY_COPY;
  }

  private List<ResourceId> linesOf(List<String> tables) throws IOException {
    Pattern names =
        Pattern.compile(
            "(" + String.join("|", tables) + ")-\\d{5}-of-\\d{5}" + Pattern.quote(OwnFiles.LINES));
    return match("*" + OwnFiles.LINES).stream()
        .filter(file -> names.matcher(String.valueOf(file.getFilename())).matches())
        .toList();
  }

  private List<ResourceId> match(String pattern) throws IOException {
    return FileSystems.match(directory + pattern, EmptyMatchTreatment.ALLOW).metadata().stream()
        .map(Metadata::resourceId)
        .toList();
  }
}
