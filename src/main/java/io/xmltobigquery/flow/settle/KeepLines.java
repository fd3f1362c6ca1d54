package io.xmltobigquery.flow.settle;

import io.xmltobigquery.flow.write.jsonl.WriteJsonLines;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Writes what is bad but no file, as JSON lines, to files named after the run: invalid records and
 * refused rows to {@code rows/} in the dead letter, messages that are no notifications to {@code
 * messages/}.
 */
public final class KeepLines extends PTransform<PCollectionList<byte[]>, PCollection<String>> {

  private static final long serialVersionUID = 1L;

  private final String directory;
  private final String runName;

  private KeepLines(String directory, String runName) {
    this.directory = directory;
    this.runName = runName;
  }

  /**
   * Keeps invalid records and refused rows.
   *
   * @param deadLetterDir a directory with a slash at the end, local or on Cloud Storage
   * @param runName unique, so that no run overwrites another's files
   */
  public static KeepLines ofRows(String deadLetterDir, String runName) {
    return new KeepLines(deadLetterDir + DeadLetter.ROWS, runName);
  }

  /** Keeps messages that are no notifications; otherwise the same. */
  public static KeepLines ofMessages(String deadLetterDir, String runName) {
    return new KeepLines(deadLetterDir + DeadLetter.MESSAGES, runName);
  }

  /** Returns the names of the files, once they are there. */
  @Override
  public PCollection<String> expand(PCollectionList<byte[]> lines) {
    return lines
        .apply("All lines", Flatten.pCollections())
        .apply(
            "Name files",
            WithKeys.<String, byte[]>of(runName).withKeyType(TypeDescriptors.strings()))
        .apply("Write", WriteJsonLines.to(directory));
  }
}
