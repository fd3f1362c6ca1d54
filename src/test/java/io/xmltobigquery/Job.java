package io.xmltobigquery;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.flink.SharedFlink;
import io.xmltobigquery.flow.write.Output;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.options.MappingFile;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * A whole job with directories of its own: in, out, dead and temp. It runs on embedded Flink, as
 * the command does: the DirectRunner takes a minute for 200 files.
 */
final class Job {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final Path directory;

  Job(Path directory) throws IOException {
    this.directory = directory;
    for (String name : List.of("in", "temp")) {
      Files.createDirectories(directory.resolve(name));
    }
  }

  Path file(String name, String content) throws IOException {
    return file(name, Documents.utf8(content));
  }

  Path file(String name, byte[] content) throws IOException {
    return Files.write(path("in/" + name), content);
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  /** Runs the job, over all files of {@code in} unless told otherwise. */
  void run(String... more) throws Exception {
    run(options(more));
  }

  /** Runs a job to its end. */
  static PipelineResult run(XmlToBigQueryOptions options) throws Exception {
    return SharedFlink.during(
        () -> {
          PipelineResult job = start(options);
          job.waitUntilFinish();
          return job;
        });
  }

  /** Starts a job. */
  static PipelineResult start(XmlToBigQueryOptions options) throws IOException, MappingException {
    Mapping mapping = MappingFile.read(FileStore.of(options), options.getMapping());
    return XmlToBigQuery.run(options, mapping);
  }

  /** Runs the job into another output than the options name. */
  void run(XmlToBigQueryOptions options, Mapping mapping, Output output) throws Exception {
    Pipeline pipeline = Pipeline.create(options);
    XmlToBigQuery.build(pipeline, options, mapping, output);
    var unused = SharedFlink.during(() -> pipeline.run().waitUntilFinish());
  }

  XmlToBigQueryOptions options(String... more) {
    List<String> arguments = new ArrayList<>();
    if (!has("--input=", more)) {
      arguments.add("--input=" + path("in") + "/*");
    }
    if (!has("--deadLetterDir=", more)) {
      arguments.add("--deadLetterDir=" + path("dead"));
    }
    if (!has("--runner=", more)) {
      arguments.addAll(
          List.of(
              "--runner=FlinkRunner", "--flinkMaster=" + SharedFlink.MASTER, "--parallelism=2"));
    }
    arguments.add("--output=" + path("out"));
    if (!has("--tempLocation=", more)) {
      arguments.add("--tempLocation=" + path("temp"));
    }
    arguments.addAll(Arrays.asList(more));
    return PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
        .as(XmlToBigQueryOptions.class);
  }

  private static boolean has(String option, String... arguments) {
    return Arrays.stream(arguments).anyMatch(argument -> argument.startsWith(option));
  }

  /** The rows of a table, in no order. */
  List<JsonNode> rows(String table) throws IOException {
    return jsonLines("out", table + "-\\d{5}-of-\\d{5}\\.jsonl");
  }

  /** The only row of {@code file_loads} about a file. */
  JsonNode fileLoad(Path file) throws IOException {
    return fileLoad(file.toString());
  }

  /** The only row of {@code file_loads} about a file. */
  JsonNode fileLoad(String uri) throws IOException {
    List<JsonNode> loads = new ArrayList<>(rows("file_loads"));
    loads.removeIf(load -> !load.get("uri").asText().equals(uri));
    if (loads.size() != 1) {
      throw new AssertionError(uri + " has " + loads.size() + " outcomes: " + loads);
    }
    return loads.get(0);
  }

  /** The lines of all files of a directory whose names match. */
  List<JsonNode> jsonLines(String subdirectory, String names) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (Path file : files(subdirectory)) {
      if (file.getFileName().toString().matches(names)) {
        for (String line : Files.readAllLines(file)) {
          lines.add(JSON.readTree(line));
        }
      }
    }
    return lines;
  }

  /** The text of all files of a table, its lines sorted. */
  String text(String table) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path file : files("out")) {
      if (file.getFileName().toString().startsWith(table + "-")) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines.stream().sorted().collect(Collectors.joining("\n"));
  }

  /** All files of a directory. */
  List<Path> files(String subdirectory) throws IOException {
    if (!Files.exists(path(subdirectory))) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(path(subdirectory))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
