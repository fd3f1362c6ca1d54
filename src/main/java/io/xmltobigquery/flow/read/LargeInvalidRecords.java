package io.xmltobigquery.flow.read;

import io.xmltobigquery.files.FileStore;
import java.io.IOException;
import java.io.Serializable;
import org.apache.beam.sdk.transforms.SimpleFunction;

/**
 * Keeps invalid records that are large: they go from the parser's memory right into a file for each
 * one, {@code PREFIX<digest of the file version>-<record>-invalid.jsonl}. Handed on as an element,
 * such a record would be in memory a dozen times. A chunk that is parsed again leaves its files as
 * they are: they would be the same.
 *
 * @param prefix how the names of the files begin, local or on Cloud Storage, for this run alone
 * @param lines makes the line of a record
 */
public record LargeInvalidRecords(String prefix, SimpleFunction<InvalidFileRecord, byte[]> lines)
    implements Serializable {

  /** In characters. */
  private static final int LARGE = 1 << 20;

  /** Keeps a record, unless it is small. */
  boolean keep(InvalidFileRecord invalid, FileStore files) throws IOException {
    if (invalid.record().xml().length() < LARGE) {
      return false;
    }
    byte[] line = lines.apply(invalid);
    files.write(
        prefix + invalid.file().digest() + "-" + invalid.record().number() + "-invalid.jsonl",
        out -> out.write(line));
    return true;
  }
}
