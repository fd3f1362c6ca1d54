package io.xmltobigquery.deadletter;

import io.xmltobigquery.load.WriteJsonLines;
import io.xmltobigquery.parse.FileRecord;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

/** Writes invalid records to {@code rows/} in the dead letter, in files named after the run. */
public final class KeepInvalidRecords
    extends PTransform<PCollection<FileRecord>, PCollection<String>> {

  private static final long serialVersionUID = 1L;

  private final String deadLetterDir;
  private final String runName;

  private KeepInvalidRecords(String deadLetterDir, String runName) {
    this.deadLetterDir = deadLetterDir;
    this.runName = runName;
  }

  /**
   * Keeps them in a directory.
   *
   * @param deadLetterDir local or on any of Beam's file systems
   * @param runName unique, so that no run overwrites another's files
   */
  public static KeepInvalidRecords in(String deadLetterDir, String runName) {
    return new KeepInvalidRecords(deadLetterDir, runName);
  }

  /** Returns the names of the files, once they are there. */
  @Override
  public PCollection<String> expand(PCollection<FileRecord> records) {
    return records
        .apply("Describe", MapElements.via(new InvalidRecordLines(runName)))
        .apply("Write", WriteJsonLines.to(deadLetterDir + "rows/"));
  }
}
