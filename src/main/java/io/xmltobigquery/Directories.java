package io.xmltobigquery;

import org.apache.beam.sdk.io.FileSystems;

/**
 * The directories of a job, absolute, those of output and dead letter with a slash at the end.
 *
 * @param stagingPrefix how the names of this job's temporary files begin, under {@code
 *     tempLocation}: a directory of its own would be left behind
 */
record Directories(String output, String deadLetter, String stagingPrefix) {

  static Directories of(XmlToBigQueryOptions options) {
    String deadLetter = directory(options.getDeadLetterDir());
    String temp =
        options.getTempLocation() == null
            ? System.getProperty("java.io.tmpdir")
            : options.getTempLocation();
    return new Directories(
        directory(options.getOutput()), deadLetter, directory(temp) + options.getJobName() + "-");
  }

  /** A directory's full name. */
  static String directory(String name) {
    return FileSystems.matchNewResource(name, true).toString();
  }
}
