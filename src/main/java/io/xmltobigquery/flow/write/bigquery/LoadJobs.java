package io.xmltobigquery.flow.write.bigquery;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.FileContent;
import com.google.api.client.http.HttpStatusCodes;
import com.google.api.services.bigquery.Bigquery;
import com.google.api.services.bigquery.model.ErrorProto;
import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobConfiguration;
import com.google.api.services.bigquery.model.JobConfigurationLoad;
import com.google.api.services.bigquery.model.JobReference;
import com.google.api.services.bigquery.model.JobStatus;
import io.xmltobigquery.files.FileStore.Content;
import io.xmltobigquery.options.DatasetName;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.jspecify.annotations.Nullable;

/**
 * Loads rows by load jobs, each all or nothing. BigQuery runs one job of a name and no other, ever:
 * <a href="https://cloud.google.com/bigquery/docs/running-jobs#generate-jobid">job IDs</a>. So a
 * load that is asked for again is the same load.
 */
public final class LoadJobs {

  private static final int FIRST_PAUSE_MILLIS = 500;
  private static final int LONGEST_PAUSE_MILLIS = 10_000;
  private static final String INVALID = "invalid";

  private final DatasetName dataset;
  private final Bigquery client;
  private final @Nullable String location;

  private LoadJobs(DatasetName dataset, Bigquery client, @Nullable String location) {
    this.dataset = dataset;
    this.client = client;
    this.location = location;
  }

  /**
   * Jobs that load into a dataset.
   *
   * @throws IOException if the dataset can't be reached
   */
  public static LoadJobs into(DatasetName dataset, BigQueryOptions options) throws IOException {
    Bigquery client = PrepareTables.client(options);
    try {
      return new LoadJobs(
          dataset,
          client,
          client.datasets().get(dataset.project(), dataset.dataset()).execute().getLocation());
    } catch (IOException e) {
      throw failure("the dataset " + dataset + " can't be reached", e);
    }
  }

  /**
   * Why a job has loaded nothing.
   *
   * @param isOfRows whether it is about some of the rows
   */
  public record Failure(String message, boolean isOfRows) {}

  /** Where the dataset is, and so the jobs. */
  public @Nullable String location() {
    return location;
  }

  /**
   * Loads rows into a table that is there, and waits for the end.
   *
   * @param name of the job; letters, digits, "-" and "_"
   * @param rows as lines of JSON
   * @return null if they are there
   * @throws IOException if it isn't known what became of them; then it is to be asked again
   */
  public @Nullable Failure load(String name, String table, Content rows) throws IOException {
    Job job = find(name);
    if (job == null) {
      job = start(name, table, rows);
    }
    int pause = FIRST_PAUSE_MILLIS;
    while (!"DONE".equals(job.getStatus().getState())) {
      pause(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      job = find(name);
      if (job == null) {
        throw new IOException("BigQuery has lost the load job " + name + "; repeat this");
      }
    }
    return failure(job.getStatus());
  }

  private @Nullable Job find(String name) throws IOException {
    try {
      return client.jobs().get(dataset.project(), name).setLocation(location).execute();
    } catch (GoogleJsonResponseException e) {
      if (e.getStatusCode() == HttpStatusCodes.STATUS_CODE_NOT_FOUND) {
        return null;
      }
      throw failure("the load job " + name + " can't be looked up", e);
    } catch (IOException e) {
      throw failure("the load job " + name + " can't be looked up", e);
    }
  }

  private Job start(String name, String table, Content rows) throws IOException {
    Job job =
        new Job()
            .setJobReference(
                new JobReference()
                    .setProjectId(dataset.project())
                    .setJobId(name)
                    .setLocation(location))
            .setConfiguration(
                new JobConfiguration()
                    .setLoad(
                        new JobConfigurationLoad()
                            .setDestinationTable(dataset.table(table))
                            .setSourceFormat("NEWLINE_DELIMITED_JSON")
                            .setCreateDisposition("CREATE_NEVER")
                            .setWriteDisposition("WRITE_APPEND")));
    // The client sends a part once more if that fails, and has to go back for it.
    Path file = Files.createTempFile("xml-to-bigquery-replay", ".jsonl");
    try {
      try (OutputStream out = Files.newOutputStream(file)) {
        rows.writeTo(out);
      }
      return client
          .jobs()
          .insert(
              dataset.project(), job, new FileContent("application/octet-stream", file.toFile()))
          .execute();
    } catch (GoogleJsonResponseException e) {
      Job other = e.getStatusCode() == HttpStatusCodes.STATUS_CODE_CONFLICT ? find(name) : null;
      if (other != null) {
        return other; // An answer got lost, and the job was there.
      }
      throw failure("rows of " + table + " can't be loaded", e);
    } catch (IOException e) {
      throw failure("rows of " + table + " can't be loaded", e);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static @Nullable Failure failure(JobStatus status) {
    ErrorProto result = status.getErrorResult();
    if (result == null) {
      return null;
    }
    List<ErrorProto> errors = status.getErrors() == null ? List.of() : status.getErrors();
    String details =
        errors.stream()
            .map(ErrorProto::getMessage)
            .filter(message -> message != null && !message.equals(result.getMessage()))
            .findFirst()
            .map(message -> " (" + message + ")")
            .orElse("");
    return new Failure(result.getMessage() + details, INVALID.equals(result.getReason()));
  }

  private static IOException failure(String what, IOException e) {
    String message =
        e instanceof GoogleJsonResponseException answer && answer.getDetails() != null
            ? answer.getDetails().getMessage()
            : e.getMessage();
    return new IOException("--output: " + what + ": " + message, e);
  }

  private static void pause(int millis) throws InterruptedIOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a load job");
    }
  }
}
