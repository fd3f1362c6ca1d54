package io.xmltobigquery.deadletter;

import io.xmltobigquery.load.WriteJsonLines;
import io.xmltobigquery.parse.FileRecord;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

/** Writes invalid records to {@code rows/} in the dead letter, in files named after the job. */
public final class KeepInvalidRecords
    extends PTransform<PCollection<FileRecord>, PCollection<String>> {

  private static final long serialVersionUID = 1L;

  private final String deadLetterDir;
  private final String jobName;

  private KeepInvalidRecords(String deadLetterDir, String jobName) {
    this.deadLetterDir = deadLetterDir;
    this.jobName = jobName;
  }

  /**
   * Keeps them in a directory.
   *
   * @param deadLetterDir local or on any of Beam's file systems
   * @param jobName unique, so that no job overwrites another's files
   */
  public static KeepInvalidRecords in(String deadLetterDir, String jobName) {
    return new KeepInvalidRecords(deadLetterDir, jobName);
  }

  /** Returns the names of the files, once they are there. */
  @Override
  public PCollection<String> expand(PCollection<FileRecord> records) {
    return records
        .apply("Describe", MapElements.via(new InvalidRecordLines(jobName)))
        .apply("Write", WriteJsonLines.to(deadLetterDir + "rows/"));
  }
}
