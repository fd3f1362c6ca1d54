package io.xmltobigquery.deadletter;

import io.xmltobigquery.load.WriteJsonLines;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Writes invalid records and refused rows, as JSON lines, to {@code rows/} in the dead letter, in
 * files named after the run.
 */
public final class KeepRows extends PTransform<PCollectionList<byte[]>, PCollection<String>> {

  private static final long serialVersionUID = 1L;

  private final String deadLetterDir;
  private final String runName;

  private KeepRows(String deadLetterDir, String runName) {
    this.deadLetterDir = deadLetterDir;
    this.runName = runName;
  }

  /**
   * Keeps them in a directory.
   *
   * @param deadLetterDir local or on any of Beam's file systems
   * @param runName unique, so that no run overwrites another's files
   */
  public static KeepRows in(String deadLetterDir, String runName) {
    return new KeepRows(deadLetterDir, runName);
  }

  /** Returns the names of the files, once they are there. */
  @Override
  public PCollection<String> expand(PCollectionList<byte[]> lines) {
    return lines
        .apply("All rows", Flatten.pCollections())
        .apply(
            "Name files",
            WithKeys.<String, byte[]>of(runName).withKeyType(TypeDescriptors.strings()))
        .apply("Write", WriteJsonLines.to(deadLetterDir + "rows/"));
  }
}
