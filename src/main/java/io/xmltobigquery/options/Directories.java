package io.xmltobigquery.options;

import io.xmltobigquery.files.OwnFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.beam.sdk.io.FileSystems;
import org.jspecify.annotations.Nullable;

/**
 * The directories of a run, absolute, each with a slash at the end.
 *
 * @param runName unique, also where a user gives every job the same name
 * @param output where JSON Lines go, or nothing if rows go to BigQuery
 * @param accepted where files are moved to whose rows are safe, or nothing if they aren't moved
 */
public record Directories(
    String deadLetter,
    String temp,
    String runName,
    Optional<String> output,
    Optional<String> accepted) {

  public static Directories of(XmlToBigQueryOptions options) {
    String temp = tempLocation(options);
    if (temp == null) {
      temp = System.getProperty("java.io.tmpdir");
    }
    boolean intoBigQuery = DatasetName.parse(options.getOutput()).isPresent();
    return new Directories(
        directory(options.getDeadLetterDir()),
        directory(temp),
        options.getJobName() + "-" + UUID.randomUUID().toString().substring(0, 8),
        intoBigQuery ? Optional.empty() : Optional.of(directory(options.getOutput())),
        AcceptedInput.moveTarget(options).map(Directories::directory));
  }

  /** Where temporary files go, or null if the user doesn't say it. */
  public static @Nullable String tempLocation(XmlToBigQueryOptions options) {
    return Runner.of(options) == Runner.DATAFLOW
        ? OnDataflow.tempLocation(options)
        : options.getTempLocation();
  }

  /**
   * How the names of files with this run's held rows begin: a directory of its own would be left
   * behind.
   */
  public String heldPrefix() {
    return temp + runName + "-";
  }

  /**
   * What the job must not load. A backfill looks where its user says; a streaming job may be told
   * of everything in a bucket, and would move its own libraries to the dead letter.
   */
  public OwnFiles ownFiles(XmlToBigQueryOptions options) {
    List<String> own = new ArrayList<>(List.of(deadLetter));
    List<String> files = new ArrayList<>();
    accepted.ifPresent(own::add);
    if (XmlToBigQueryOptions.isStreaming(options)) {
      own.add(temp);
      Optional.ofNullable(OnDataflow.stagingLocation(options))
          .map(Directories::directory)
          .ifPresent(own::add);
      Optional.ofNullable(options.getMapping()).ifPresent(files::add);
    }
    return new OwnFiles(own, files, temp, output.orElse(""));
  }

  /** A directory's full name. */
  public static String directory(String name) {
    return FileSystems.matchNewResource(name, true).toString();
  }
}
