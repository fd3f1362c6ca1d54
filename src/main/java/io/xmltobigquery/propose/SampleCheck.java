package io.xmltobigquery.propose;

import io.xmltobigquery.explore.LeftOut;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.trial.Trial;
import io.xmltobigquery.xml.Limits;
import java.io.IOException;
import java.util.List;

/**
 * How many of the samples a load would take.
 *
 * @param accepted how many are good
 * @param rows how many rows they would make, of all tables
 * @param rejected the others, by name
 */
public record SampleCheck(long accepted, long rows, List<LeftOut> rejected) {

  public SampleCheck {
    rejected = List.copyOf(rejected);
  }

  /**
   * Reads files by a mapping.
   *
   * @throws IOException if one can't be read
   */
  public static SampleCheck of(Mapping mapping, List<FileVersion> files, FileStore store)
      throws IOException {
    Trial.Settings settings =
        new Trial.Settings(new Limits(Limits.DEFAULT_MAX_RECORD_BYTES), false, false, false);
    return of(Trial.of(mapping, files, store, settings));
  }

  static SampleCheck of(Trial trial) {
    return new SampleCheck(trial.accepted(), trial.rows(), trial.rejected());
  }
}
