package io.xmltobigquery;

import java.util.UUID;
import org.apache.beam.sdk.io.FileSystems;

/**
 * The directories of a run, absolute.
 *
 * @param deadLetter with a slash at the end
 * @param runName unique, also where a user gives every job the same name
 * @param stagingPrefix how the names of this run's temporary files begin, under {@code
 *     tempLocation}: a directory of its own would be left behind
 */
record Directories(String deadLetter, String runName, String stagingPrefix) {

  static Directories of(XmlToBigQueryOptions options) {
    String temp =
        OnDataflow.is(options) ? OnDataflow.tempLocation(options) : options.getTempLocation();
    if (temp == null) {
      temp = System.getProperty("java.io.tmpdir");
    }
    String runName = options.getJobName() + "-" + UUID.randomUUID().toString().substring(0, 8);
    return new Directories(
        directory(options.getDeadLetterDir()), runName, directory(temp) + runName + "-");
  }

  /** A directory's full name. */
  static String directory(String name) {
    return FileSystems.matchNewResource(name, true).toString();
  }
}
