package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.storage.Blob;
import io.xmltobigquery.localstack.LocalStack;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.oracle.DomOracle;
import io.xmltobigquery.oracle.OracleRecord;
import io.xmltobigquery.oracle.OracleRejection;
import io.xmltobigquery.xml.RandomDocument;
import io.xmltobigquery.xml.RandomDocuments;
import io.xmltobigquery.xml.RandomMappings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Generated documents of generated mappings, loaded by a backfill and by a streaming job, as they
 * are and compressed, small ones and some of many chunks: each load has the oracle's rows, all of
 * them once and in their order, or is rejected as the others of its document are.
 *
 * <p>{@code -Ddifferential.rounds=20} loads twenty times as many, {@code -Ddifferential.seed=7}
 * others.
 */
class DifferentialIT {

  private static final int ROUNDS = Integer.getInteger("differential.rounds", 1);
  private static final long SEED = Long.getLong("differential.seed", 1);

  private static final int MAPPINGS = 12;
  private static final int DOCUMENTS = 150;

  /** Documents of several megabytes, so of several chunks. */
  private static final int LARGE_DOCUMENTS = 4;

  /** See {@code JsonRowWriter}. */
  private static final long MOST_EXACT = (1L << 53) - 1;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  @RegisterExtension final LocalStack stack = new LocalStack();

  @TempDir Path dir;

  /**
   * A document and what becomes of it.
   *
   * @param rows those that the oracle reads, each with its table, or null if it rejects the
   *     document
   */
  private record Expected(String description, @Nullable List<String> rows) {}

  /** What a job has made of a file: its rows by the numbers of their records. */
  private static final class Loaded {
    final Map<Long, String> rows = new TreeMap<>();
    final List<JsonNode> outcomes = new ArrayList<>();
  }

  @Test
  void backfillAndStreamingJobLoadWhatTheOracleReads() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      loadAll(round, SEED * 1_000_003 + round * 1_000L);
    }
  }

  private void loadAll(int round, long seed) throws Exception {
    Random random = new Random(seed);
    List<List<String>> tables = new ArrayList<>();
    for (int i = 0; i < MAPPINGS; i++) {
      tables.add(new RandomMappings(random).tables("root" + i));
    }
    List<String> allTables = tables.stream().flatMap(List::stream).toList();
    Mapping mapping = RandomMappings.mapping(allTables);
    Path mappingFile = dir.resolve("mapping" + round + ".json");
    Files.writeString(mappingFile, RandomMappings.document(allTables).replace('\'', '"'));

    String subscription = stack.pubsub().subscribeToUploads();
    String input = "round" + round;
    Map<String, Expected> expected = new HashMap<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      List<String> ownTables = tables.get(i % MAPPINGS);
      RandomDocument document =
          new RandomDocuments(RandomMappings.mapping(ownTables), seed + i)
              .next(i < LARGE_DOCUMENTS ? 8_000 : 30);
      byte[] bytes = document.bytes();
      Expected outcome = expected(seed + i, ownTables, document, mapping);
      for (byte[] content : List.of(bytes, Documents.gzip(bytes))) {
        Blob object = stack.upload(input + "/" + expected.size(), content);
        expected.put("gs://" + object.getBucket() + "/" + object.getName(), outcome);
      }
    }

    List<String> options =
        List.of(
            "--input=" + stack.input() + "/" + input + "/*",
            "--mapping=" + mappingFile,
            "--chunkSizeMb=1",
            "--lineage=true",
            "--rejectedInput=keep");
    Map<String, Loaded> backfilled = backfill(options, mapping, round);
    Map<String, Loaded> streamed = stream(subscription, options, mapping, expected, round);

    check(expected, backfilled, streamed);
    System.out.printf(
        "Differential: %d loads from seed %d, %d of them good%n",
        2 * expected.size(),
        seed,
        2 * expected.values().stream().filter(outcome -> outcome.rows() != null).count());
  }

  private static Expected expected(
      long seed, List<String> tables, RandomDocument document, Mapping mapping) {
    String text = document.toString();
    String description =
        "seed %d, %s%n%s"
            .formatted(
                seed,
                RandomMappings.document(tables),
                text.length() > 100_000 ? text.substring(0, 100_000) + "…" : text);
    try {
      List<String> rows = new ArrayList<>();
      for (OracleRecord record : DomOracle.read(document.textInXml10(), mapping)) {
        rows.add(record.table() + " " + inJsonLines(record.row()));
      }
      return new Expected(description, rows);
    } catch (OracleRejection e) {
      return new Expected(description, null);
    }
  }

  /** What JSON has no numbers for is a string. */
  private static JsonNode inJsonLines(JsonNode value) {
    if (value instanceof ObjectNode object) {
      ObjectNode copy = JSON.objectNode();
      object
          .properties()
          .forEach(member -> copy.set(member.getKey(), inJsonLines(member.getValue())));
      return copy;
    }
    if (value instanceof ArrayNode array) {
      ArrayNode copy = JSON.arrayNode();
      array.forEach(element -> copy.add(inJsonLines(element)));
      return copy;
    }
    boolean exact =
        value.isDouble()
            ? Double.isFinite(value.doubleValue())
            : !value.isNumber() || Math.abs(value.longValue()) <= MOST_EXACT;
    return exact ? value : JSON.textNode(value.asText());
  }

  private Map<String, Loaded> backfill(List<String> options, Mapping mapping, int round)
      throws Exception {
    Job job = new Job(dir.resolve("backfill" + round));
    List<String> all = new ArrayList<>(options);
    all.addAll(stack.options());
    all.add("--deadLetterDir=" + stack.deadLetter() + "/backfill" + round);
    job.run(all.toArray(new String[0]));
    return loaded(Tables.in(job.path("out")), mapping);
  }

  private Map<String, Loaded> stream(
      String subscription,
      List<String> options,
      Mapping mapping,
      Map<String, Expected> expected,
      int round)
      throws Exception {
    Path output = dir.resolve("streaming" + round);
    Tables tables = Tables.in(output);
    List<String> all = new ArrayList<>(options);
    all.add("--output=" + output);
    long rows =
        expected.values().stream()
            .mapToLong(outcome -> outcome.rows() == null ? 0 : outcome.rows().size())
            .sum();
    try (StreamingJob job =
        StreamingJob.start(
            stack, dir.resolve("checkpoints" + round), subscription, all.toArray(new String[0]))) {
      job.await(
          "all files have outcomes and their rows",
          () -> tables.count("file_loads") >= expected.size() && count(tables, mapping) >= rows);
    }
    return loaded(tables, mapping);
  }

  private static long count(Tables tables, Mapping mapping) throws IOException {
    long count = 0;
    for (TableMapping table : mapping.tables()) {
      count += tables.count(table.table());
    }
    return count;
  }

  /** By the files' names. */
  private static Map<String, Loaded> loaded(Tables tables, Mapping mapping) throws IOException {
    Map<String, Loaded> loaded = new HashMap<>();
    for (TableMapping table : mapping.tables()) {
      tables.read(
          table.table(),
          row -> {
            JsonNode origin = row.remove("_file");
            String before =
                loaded
                    .computeIfAbsent(origin.get("uri").textValue(), unused -> new Loaded())
                    .rows
                    .put(origin.get("record").longValue(), table.table() + " " + row);
            assertWithMessage("the row of %s before", origin).that(before).isNull();
          });
    }
    tables.read(
        "file_loads",
        load ->
            loaded
                .computeIfAbsent(load.get("uri").textValue(), unused -> new Loaded())
                .outcomes
                .add(load.without(List.of("uri", "generation", "size", "started", "finished"))));
    return loaded;
  }

  private static void check(
      Map<String, Expected> expected,
      Map<String, Loaded> backfilled,
      Map<String, Loaded> streamed) {
    assertThat(backfilled.keySet()).isEqualTo(expected.keySet());
    assertThat(streamed.keySet()).isEqualTo(expected.keySet());
    Map<Expected, JsonNode> outcomes = new HashMap<>();
    expected.forEach(
        (uri, document) -> {
          for (Loaded load : List.of(backfilled.get(uri), streamed.get(uri))) {
            List<String> rows = List.copyOf(load.rows.values());
            assertWithMessage("rows of %s, %s", uri, document.description())
                .that(rows)
                .isEqualTo(document.rows() == null ? List.of() : document.rows());
            assertWithMessage("outcomes of %s, %s", uri, document.description())
                .that(load.outcomes)
                .hasSize(1);
            JsonNode outcome = load.outcomes.get(0);
            assertWithMessage("outcome of %s, %s", uri, document.description())
                .that(outcome.get("outcome").textValue())
                .isEqualTo(document.rows() == null ? "REJECTED" : "ACCEPTED");
            // The place in an uncompressed file, and the same for each of its loads.
            outcomes.putIfAbsent(document, outcome);
            assertWithMessage("outcome of %s, %s", uri, document.description())
                .that(outcome)
                .isEqualTo(outcomes.get(document));
          }
        });
  }
}
