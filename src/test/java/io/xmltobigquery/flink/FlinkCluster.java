package io.xmltobigquery.flink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.xmltobigquery.localstack.LocalStack;
import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A standalone Flink cluster: a job manager and task managers, each a process of its own that can
 * be killed. It is made of the libraries that the build has put into {@code target/lib}, and has
 * the program and its tests on its class path, so that a job needs to bring nothing along. Logs and
 * checkpoints are in {@code target/flink-…}. All processes end with this JVM, even if that is
 * killed.
 */
public final class FlinkCluster implements AutoCloseable {

  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Each can take a whole job of that parallelism when the others are gone. */
  private static final int SLOTS = 2;

  private static final String TEMPORARY = "tmp";
  private static final String JOB_MANAGER = "jobmanager";
  private static final String TASK_MANAGER = "taskmanager-";

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path directory;
  private final int restPort;

  /** By name; the job manager is one of them. */
  private final Map<String, Process> processes = new TreeMap<>();

  private int taskManagersStarted;

  private FlinkCluster(Path directory, int restPort) {
    this.directory = directory;
    this.restPort = restPort;
  }

  /** Starts a cluster and waits until it takes jobs. */
  public static FlinkCluster start(int taskManagers) throws Exception {
    Path directory = Files.createTempDirectory(Files.createDirectories(TARGET), "flink-");
    Files.createDirectory(directory.resolve(TEMPORARY));
    List<Integer> ports = freePorts(2);
    FlinkCluster cluster = new FlinkCluster(directory, ports.get(0));
    Files.writeString(
        directory.resolve("config.yaml"), configuration(directory, cluster.restPort, ports.get(1)));
    try {
      cluster.startJobManager();
      for (int i = 0; i < taskManagers; i++) {
        cluster.startTaskManager();
      }
      cluster.awaitTaskManagers();
    } catch (Throwable e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  private static String configuration(Path directory, int restPort, int rpcPort) {
    return """
        rest.address: 127.0.0.1
        rest.bind-address: 127.0.0.1
        rest.port: %d
        jobmanager.rpc.address: 127.0.0.1
        jobmanager.bind-host: 127.0.0.1
        jobmanager.rpc.port: %d
        taskmanager.host: 127.0.0.1
        taskmanager.bind-host: 127.0.0.1
        taskmanager.numberOfTaskSlots: %d
        taskmanager.cpu.cores: %d
        # Started without Flink's scripts, a task manager has no default for any of these.
        taskmanager.memory.task.heap.size: 640m
        taskmanager.memory.task.off-heap.size: 128m
        taskmanager.memory.framework.heap.size: 128m
        taskmanager.memory.framework.off-heap.size: 128m
        taskmanager.memory.managed.size: 16m
        taskmanager.memory.network.min: 128m
        taskmanager.memory.network.max: 128m
        taskmanager.memory.jvm-metaspace.size: 256m
        taskmanager.memory.jvm-overhead.min: 64m
        taskmanager.memory.jvm-overhead.max: 64m
        # A killed task manager is missed in seconds, not in most of a minute.
        heartbeat.interval: 1000
        heartbeat.timeout: 6000
        restart-strategy.type: fixed-delay
        restart-strategy.fixed-delay.attempts: 1000000
        restart-strategy.fixed-delay.delay: 1 s
        cluster.evenly-spread-out-slots: true
        state.backend.type: hashmap
        state.checkpoints.dir: "%s"
        """
        .formatted(restPort, rpcPort, SLOTS, SLOTS, uri(checkpoints(directory)));
  }

  /** As Flink wants it, which takes a blank for a blank and doesn't know %20. */
  static String uri(Path path) {
    return "file://" + path;
  }

  /** {@code --flinkMaster}. */
  public String master() {
    return "127.0.0.1:" + restPort;
  }

  /** Where the logs are. */
  public Path directory() {
    return directory;
  }

  /** Where each job has a directory with its checkpoints. */
  Path checkpoints() {
    return checkpoints(directory);
  }

  private static Path checkpoints(Path directory) {
    return directory.resolve("checkpoints");
  }

  /** Kills a task manager that has work to do, as {@code kill -9} does, and starts another. */
  public void killTaskManager(Random random) throws Exception {
    List<String> busy = new ArrayList<>();
    for (JsonNode taskManager : get("/taskmanagers").get("taskmanagers")) {
      String name = taskManager.get("id").textValue();
      boolean isBusy = taskManager.get("freeSlots").intValue() < SLOTS;
      // Of one that was killed, the job manager may not know it yet.
      if (isBusy && processes.containsKey(name)) {
        busy.add(name);
      }
    }
    busy.sort(null);
    kill(busy.get(random.nextInt(busy.size())));
    startTaskManager();
  }

  /** Kills the job manager and starts another, which knows nothing of the job. */
  public void killJobManager() throws Exception {
    kill(JOB_MANAGER);
    startJobManager();
    awaitTaskManagers();
  }

  /** The job that runs. There must be one, and no other. */
  public FlinkJob job() throws Exception {
    List<String> running = new ArrayList<>();
    for (JsonNode job : get("/jobs").get("jobs")) {
      if (!List.of("FINISHED", "FAILED", "CANCELED").contains(job.get("status").textValue())) {
        running.add(job.get("id").textValue());
      }
    }
    if (running.size() != 1) {
      throw new IllegalStateException(running.size() + " jobs are running");
    }
    return new FlinkJob(this, running.get(0));
  }

  JsonNode get(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).build());
  }

  JsonNode patch(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).method("PATCH", BodyPublishers.noBody()).build());
  }

  private URI uri(String path) {
    return URI.create("http://" + master() + path);
  }

  private JsonNode send(HttpRequest request) throws Exception {
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(request.uri() + ": " + response.body());
    }
    return JSON.readTree(response.body());
  }

  private void awaitTaskManagers() throws Exception {
    Eventually.await(
        "all task managers are there; logs: " + directory,
        LIMIT,
        () -> {
          for (Map.Entry<String, Process> process : processes.entrySet()) {
            if (!process.getValue().isAlive()) {
              throw new IOException(process.getKey() + " has ended; logs: " + directory);
            }
          }
          try {
            return get("/overview").get("taskmanagers").intValue() == processes.size() - 1;
          } catch (IOException e) {
            return false; // It may answer already, that it can't answer yet.
          }
        });
  }

  private void startJobManager() throws IOException {
    start(JOB_MANAGER, "-Xmx256m", JOB_MANAGER);
  }

  private void startTaskManager() throws IOException {
    taskManagersStarted++;
    String name = TASK_MANAGER + taskManagersStarted;
    start(name, "-Xmx768m", "taskmanager", "-Dtaskmanager.resource-id=" + name);
  }

  private void start(String name, String heap, String role, String... arguments)
      throws IOException {
    String classPath =
        String.join(
            File.pathSeparator,
            TARGET.resolve("xml-to-bigquery.jar").toString(),
            TARGET.resolve("lib").resolve("*").toString(),
            TARGET.resolve("xml-to-bigquery-local-stack.jar").toString(),
            TARGET.resolve("test-classes").toString());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            heap,
            "-XX:+UseSerialGC",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            // Most of what such a process does it does for the first time.
            "-XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=" + directory.resolve(TEMPORARY),
            "-D" + LocalStack.REDIRECT + "=" + System.getProperty(LocalStack.REDIRECT, ""),
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
            "-cp",
            classPath,
            FlinkProcess.class.getName(),
            role,
            "--configDir",
            directory.toString()));
    command.addAll(List.of(arguments));
    // A killed one has a successor that goes on in its log.
    ProcessBuilder.Redirect log =
        ProcessBuilder.Redirect.appendTo(directory.resolve(name + ".log").toFile());
    processes.put(
        name, new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start());
  }

  private void kill(String name) {
    Process process = processes.remove(name);
    if (process == null) {
      throw new IllegalArgumentException(name);
    }
    process.destroyForcibly();
    process.onExit().orTimeout(1, TimeUnit.MINUTES).join();
  }

  /** Ends all processes. */
  @Override
  public void close() {
    List.copyOf(processes.keySet()).forEach(this::kill);
  }

  /**
   * None that the system itself would give: while a job manager is dead, any connection might be
   * given its port.
   */
  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      while (sockets.size() < count) {
        int port = ThreadLocalRandom.current().nextInt(20_000, 32_768);
        try {
          sockets.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
        } catch (BindException e) {
          // Somebody has it: the next one.
        }
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }
}
