package io.xmltobigquery.flink;

import static java.util.Comparator.comparing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A job on a {@link FlinkCluster}. */
public final class FlinkJob {

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final FlinkCluster cluster;
  private final String id;

  FlinkJob(FlinkCluster cluster, String id) {
    this.cluster = cluster;
    this.id = id;
  }

  /** Waits until all of its tasks run. */
  public void awaitRunning() throws Exception {
    await("all tasks run", () -> areAll(cluster.get("/jobs/" + id), "RUNNING"));
  }

  private static boolean areAll(JsonNode job, String state) {
    for (JsonNode vertex : job.get("vertices")) {
      if (!vertex.get("status").textValue().equals(state)) {
        return false;
      }
    }
    return job.get("state").textValue().equals(state);
  }

  /** Waits for a checkpoint that is completed after now. */
  public void awaitCheckpoint() throws Exception {
    long before = completedCheckpoints();
    await("another checkpoint is completed", () -> completedCheckpoints() > before);
  }

  /** Waits until the job has gone back to a checkpoint that often. */
  public void awaitRestores(long count) throws Exception {
    await("it was restored " + count + " times", () -> restores() >= count);
  }

  /** How often the job has gone back to a checkpoint. */
  public long restores() throws Exception {
    return checkpoints().at("/counts/restored").longValue();
  }

  public long completedCheckpoints() throws Exception {
    return checkpoints().at("/counts/completed").longValue();
  }

  /**
   * The latest completed checkpoint, for {@code --savepointPath}. The job manager needn't live: it
   * may have completed one that it told nobody of.
   */
  public String latestCheckpoint() throws IOException {
    try (Stream<Path> checkpoints = Files.list(cluster.checkpoints().resolve(id))) {
      return FlinkCluster.uri(
          checkpoints
              .filter(checkpoint -> Files.exists(checkpoint.resolve("_metadata")))
              .max(comparing(FlinkJob::number))
              .orElseThrow());
    }
  }

  /** Of a directory {@code chk-N}. */
  private static int number(Path checkpoint) {
    return Integer.parseInt(checkpoint.getFileName().toString().substring("chk-".length()));
  }

  private JsonNode checkpoints() throws Exception {
    return cluster.get("/jobs/" + id + "/checkpoints");
  }

  /** Waits until all of a backfill is done. */
  public void awaitFinished() throws Exception {
    await("the job is finished", () -> areAll(cluster.get("/jobs/" + id), "FINISHED"));
  }

  /**
   * How many workers have had work for a step.
   *
   * @param step a part of its name
   */
  public long workersOf(String step) throws Exception {
    for (JsonNode vertex : cluster.get("/jobs/" + id).get("vertices")) {
      if (vertex.get("name").textValue().contains(step)) {
        JsonNode subtasks =
            cluster
                .get("/jobs/" + id + "/vertices/" + vertex.get("id").textValue())
                .get("subtasks");
        return StreamSupport.stream(subtasks.spliterator(), false)
            .filter(subtask -> subtask.at("/metrics/read-records").longValue() > 0)
            .count();
      }
    }
    throw new IllegalArgumentException(step);
  }

  /** Ends the job and waits for its end. */
  public void cancel() throws Exception {
    cluster.patch("/jobs/" + id + "?mode=cancel");
    await(
        "the job is cancelled",
        () -> cluster.get("/jobs/" + id).get("state").textValue().equals("CANCELED"));
  }

  /** A job that fails begins again and again, so that nobody else would say why. */
  private void await(String what, Callable<Boolean> condition) throws Exception {
    try {
      Eventually.await(what, LIMIT, condition);
    } catch (AssertionError e) {
      String failure = cluster.get("/jobs/" + id + "/exceptions").path("root-exception").asText();
      throw new AssertionError(e.getMessage() + "; the job's last failure: " + failure, e);
    }
  }
}
