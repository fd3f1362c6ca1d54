package io.xmltobigquery;

import org.apache.beam.sdk.io.FileSystems;

/**
 * The directories of a job, absolute and with a slash at the end.
 *
 * @param staging of this job alone, under {@code tempLocation}
 */
record Directories(String output, String deadLetter, String staging) {

  static Directories of(XmlToBigQueryOptions options) {
    String deadLetter = directory(options.getDeadLetterDir());
    String temp =
        options.getTempLocation() == null
            ? System.getProperty("java.io.tmpdir")
            : options.getTempLocation();
    return new Directories(
        directory(options.getOutput()), deadLetter, directory(temp) + options.getJobName() + "/");
  }

  /** A directory's full name. */
  static String directory(String name) {
    return FileSystems.matchNewResource(name, true).toString();
  }
}
