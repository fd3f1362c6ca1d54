package io.xmltobigquery.load;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * The JSON Lines files that an earlier run has left in the output directory. They must go before a
 * run, since its files needn't have the same numbers: what is in the directory afterwards must be
 * the rows of one run.
 */
public final class EarlierFiles {

  private EarlierFiles() {}

  /**
   * Deletes the files of some tables.
   *
   * @param directory with a slash at the end
   * @return how many there were
   */
  public static int delete(String directory, List<String> tables) throws IOException {
    Pattern names =
        Pattern.compile(
            "("
                + String.join("|", tables.stream().map(Pattern::quote).toList())
                + ")"
                + "-\\d{5}-of-\\d{5}\\.jsonl");
    MatchResult found = FileSystems.match(directory + "*.jsonl", EmptyMatchTreatment.ALLOW);
    List<ResourceId> files =
        found.metadata().stream()
            .map(Metadata::resourceId)
            .filter(file -> names.matcher(String.valueOf(file.getFilename())).matches())
            .toList();
    FileSystems.delete(files);
    return files.size();
  }
}
