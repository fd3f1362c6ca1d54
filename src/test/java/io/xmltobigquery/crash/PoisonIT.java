package io.xmltobigquery.crash;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.RowError;
import com.google.cloud.bigquery.storage.v1.RowError.RowErrorCode;
import com.google.cloud.storage.Blob;
import com.google.common.primitives.Bytes;
import io.grpc.Status.Code;
import io.xmltobigquery.Documents;
import io.xmltobigquery.crash.Command.Ended;
import io.xmltobigquery.localstack.FaultyGrpcProxy;
import io.xmltobigquery.localstack.FaultyGrpcProxy.Fault;
import io.xmltobigquery.localstack.LocalPubsub;
import io.xmltobigquery.localstack.LocalStack;
import io.xmltobigquery.outcome.Outcome;
import io.xmltobigquery.xml.RejectionReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Single bad things, each between good files, in one streaming job in the command's own heap, which
 * may not begin again. The good files are loaded, the job lives, and each bad thing is named: in
 * {@code file_loads}, beside its copy in {@code files/}, in {@code rows/}, or in {@code messages/}.
 * All inputs are harmless to other software.
 */
class PoisonIT {

  private static final JsonMapper JSON = new JsonMapper();

  /** Makes BigQuery refuse a row, by the proxy. */
  private static final String MARK = "refuse this row";

  /** What a request takes is a little less than 10,000,000 bytes. */
  private static final int JUST_FITS = 9_990_000;

  private static final int MANY = 20_000;

  /** A quiet machine needs a third of it. */
  private static final Duration LIMIT = Duration.ofMinutes(7);

  private static final String MAPPING =
      """
      {"tables": [
        {"table": "items", "record": "/r/item", "fields": [
          {"name": "id", "type": "STRING", "mode": "REQUIRED", "source": "@id"},
          {"name": "text", "type": "STRING"},
          {"name": "raw", "type": "BYTES"},
          {"name": "day", "type": "DATE"},
          {"name": "price", "type": "NUMERIC"},
          {"name": "lines", "type": "RECORD", "mode": "REPEATED", "source": "l", "fields": [
            {"name": "a_number_with_a_long_name_that_every_line_repeats_in_json", "type": "INT64",
             "source": "v"}]}]},
        {"table": "tiny", "record": "/r/c", "fields": [{"name": "v", "type": "STRING", "source": "@v"}]}]}
      """;

  @RegisterExtension final LocalStack stack = new LocalStack();

  @TempDir Path dir;

  /**
   * What becomes of an object.
   *
   * @param reason why it is rejected, or null if it isn't
   * @param loaded the ids of its rows that are loaded
   * @param kept the reason of the only line that {@code rows/} has of it, or null for none
   */
  private record Fate(
      Set<Outcome> outcomes,
      @Nullable RejectionReason reason,
      Set<String> loaded,
      @Nullable String kept) {

    static Fate accepted(String... ids) {
      return new Fate(Set.of(Outcome.ACCEPTED), null, Set.of(ids), null);
    }

    static Fate rejected(RejectionReason reason) {
      return new Fate(Set.of(Outcome.REJECTED), reason, Set.of(), null);
    }

    /** Loaded but for one row. */
    static Fate kept(String reason, String... ids) {
      return new Fate(Set.of(Outcome.ACCEPTED), null, Set.of(ids), reason);
    }
  }

  /** Uploads something bad, between good files. */
  @FunctionalInterface
  private interface Poison {
    void upload() throws IOException;
  }

  /** What was uploaded, by {@code uri#generation}. */
  private final Map<String, Fate> fates = new TreeMap<>();

  /** What {@code rows/} and {@code messages/} have, by the name of the file, without the rows. */
  private final Map<String, List<JsonNode>> kept = new TreeMap<>();

  private int good;
  private int records;
  private int messages;
  private final Instant started = Instant.now();

  @Test
  void nothingBadEndsTheJobOrHidesOthers() throws Exception {
    Path mapping = Files.writeString(dir.resolve("mapping.json"), MAPPING);
    LocalPubsub pubsub = stack.pubsub();
    String subscription = pubsub.subscribeToUploads();
    try (FaultyGrpcProxy proxy = FaultyGrpcProxy.before(stack)) {
      Fault refusal = proxy.on("AppendRows").holding(MARK.getBytes(UTF_8)).answer(rowRefused());
      Map<String, String> environment = new TreeMap<>(stack.environment());
      environment.put("LOCAL_STACK_REDIRECT", System.getProperty(LocalStack.REDIRECT));
      // The heap is the command's own; compiling with full effort doesn't pay in so short a time.
      environment.put("JAVA_OPTS", "-XX:TieredStopAtLevel=1");
      List<String> arguments = new ArrayList<>(stack.options());
      arguments.addAll(
          List.of(
              "--inputSubscription=" + subscription,
              "--input=" + stack.input() + "/in/**",
              "--output=" + stack.output(),
              "--deadLetterDir=" + stack.deadLetter(),
              "--mapping=" + mapping,
              "--onInvalidRecord=dead-letter",
              "--rejectedInput=keep",
              "--numberOfExecutionRetries=0"));
      Iterator<Poison> poisons = poisons(pubsub).iterator();

      Ended job =
          new Command(dir, environment, arguments)
              .runAndKill(
                  () -> {
                    if (!isAllThere()) {
                      return false;
                    }
                    if (poisons.hasNext()) {
                      poisons.next().upload();
                      return false;
                    }
                    return true;
                  });

      assertWithMessage("the job has ended: %s", job.messages()).that(job.status()).isEqualTo(137);
      assertThat(refusal.count()).isEqualTo(1);
    }
    assertFates();
  }

  private static AppendRowsResponse rowRefused() {
    return AppendRowsResponse.newBuilder()
        .setError(
            com.google.rpc.Status.newBuilder()
                .setCode(Code.INVALID_ARGUMENT.value())
                .setMessage("injected"))
        .addRowErrors(
            RowError.newBuilder().setIndex(0).setCode(RowErrorCode.FIELDS_ERROR).setMessage("no"))
        .build();
  }

  /**
   * Each is uploaded when the one before it has become what it has to. What is large and loaded
   * comes alone: so many rows of 10 MB at once, each several times in memory, are no single thing.
   */
  private List<Poison> poisons(LocalPubsub pubsub) {
    return List.of(
        () -> {
          uploadMalformed();
          uploadNames();
          publishBadMessages(pubsub);
        },
        () -> {
          poison(
              "record-of-22-mb",
              item("record-of-22-mb", text(22_000_000)),
              Fate.rejected(RejectionReason.LIMIT_EXCEEDED));
          poison(
              "many-values",
              item("many-values", lines(600_000)),
              Fate.rejected(RejectionReason.LIMIT_EXCEEDED));
          records += MANY;
          poison("many-records", "<c/>".repeat(MANY), Fate.accepted());
        },
        () -> {
          poison("text-of-11-mb", item("11-mb", text(11_000_000)), Fate.kept("REFUSED"));
          poison("bytes-of-11-mb", item("11-mb-bytes", raw(11_000_000)), Fate.kept("REFUSED"));
          poison("just-too-large", item("just-too-large", text(10_000_000)), Fate.kept("REFUSED"));
        },
        () -> poison("just-fits", item("just-fits", text(JUST_FITS)), Fate.accepted("just-fits")),
        () ->
            poison(
                "two-large-ones",
                item("large-1", text(9_000_000)) + item("large-2", text(9_000_000)),
                Fate.accepted("large-1", "large-2")),
        () ->
            poison(
                "refused",
                item("refused", "<text>" + MARK + "x".repeat(9_900_000) + "</text>"),
                Fate.kept("REFUSED")),
        () ->
            poison(
                "invalid-15-mb",
                item("invalid-15-mb", text(15_000_000) + "<day>2024-02-30</day>"),
                Fate.kept("INVALID_VALUE")));
  }

  private void uploadMalformed() {
    poison(
        "overflow",
        item("overflow", "<price>1e40</price>") + item("after-overflow", ""),
        Fate.kept("INVALID_VALUE", "after-overflow"));

    // Documents that aren't.
    poison(
        "deep",
        "<item id='x'>" + "<d>".repeat(2_000),
        Fate.rejected(RejectionReason.LIMIT_EXCEEDED));
    poison(
        "attribute-of-2-mb",
        "<item id='" + "i".repeat(2_000_000) + "'/>",
        Fate.rejected(RejectionReason.LIMIT_EXCEEDED));
    poison(
        "2000-attributes",
        "<item "
            + IntStream.range(0, 2_000)
                .mapToObj(i -> "a" + i + "='' ")
                .collect(Collectors.joining())
            + "/>",
        Fate.rejected(RejectionReason.LIMIT_EXCEEDED));
    poison("nul", item("nul", "<text>\0</text>"), Fate.rejected(RejectionReason.NOT_WELL_FORMED));
    poison("empty", new byte[0], null, Fate.rejected(RejectionReason.EMPTY_FILE));
    poison("three-bytes", "<r>".getBytes(UTF_8), null, Fate.rejected(RejectionReason.TRUNCATED));
    poison(
        "unknown-encoding",
        document("").replace("<r>", "<?xml version='1.0' encoding='x-none'?><r>").getBytes(UTF_8),
        null,
        Fate.rejected(RejectionReason.INVALID_ENCODING));
    byte[] utf16 = ("\uFEFF" + document(item("utf16", ""))).getBytes(UTF_16BE);
    poison(
        "odd-utf16",
        Arrays.copyOf(utf16, utf16.length - 1),
        null,
        Fate.rejected(RejectionReason.TRUNCATED));
    poison(
        "entity",
        ("<!DOCTYPE r [<!ENTITY e 'x'>]>" + document(item("entity", "<text>&e;</text>")))
            .getBytes(UTF_8),
        null,
        Fate.rejected(RejectionReason.UNKNOWN_ENTITY));
    byte[] gzip = Documents.gzip(document(item("gzip", "")).getBytes(UTF_8));
    poison(
        "cut.gz",
        Arrays.copyOf(gzip, gzip.length - 10),
        null,
        Fate.rejected(RejectionReason.CORRUPT_GZIP));
    poison(
        "garbage.gz",
        Bytes.concat(gzip, "garbage".getBytes(UTF_8)),
        null,
        Fate.rejected(RejectionReason.CORRUPT_GZIP));
    poison(
        "lying-header",
        document(item("lying", "")).getBytes(UTF_8),
        "gzip",
        Fate.accepted("lying"));
  }

  private void uploadNames() {
    String longest =
        "n".repeat(1_024 - stack.input().length() - "/in/".length() + "gs://landing/".length());
    for (String name :
        List.of(longest, "a[1]*?{b}", "a b#1%41'\"\\", "x.held", "rows/run-00000-of-00001.jsonl")) {
      String id = "name-" + fates.size();
      poison(name, item(id, ""), Fate.accepted(id));
    }
    Blob replaced = stack.upload("in/replaced", document(item("old", "")).getBytes(UTF_8));
    fates.put(
        id(replaced),
        new Fate(Set.of(Outcome.ACCEPTED, Outcome.SUPERSEDED), null, Set.of("old"), null));
    poison("replaced", item("new", ""), Fate.accepted("new"));
    Blob deleted = stack.upload("in/deleted", document(item("deleted", "")).getBytes(UTF_8));
    deleted.delete();
    fates.put(id(deleted), new Fate(Set.of(Outcome.MISSING), null, Set.of(), null));
  }

  private void publishBadMessages(LocalPubsub pubsub) throws IOException {
    Map<String, String> attributes =
        Map.of(
            "eventType",
            "OBJECT_FINALIZE",
            "bucketId",
            "landing",
            "objectId",
            "in/x",
            "objectGeneration",
            "7");
    Map<String, String> noNumber = new TreeMap<>(attributes);
    noNumber.put("objectGeneration", "seven");
    Map<String, String> tooLarge = new TreeMap<>(attributes);
    tooLarge.put("objectGeneration", "9".repeat(30));
    Map<String, String> noBucket = new TreeMap<>(attributes);
    noBucket.put("bucketId", "b".repeat(1_024));
    List<Map<String, String>> bad = List.of(Map.of(), noNumber, tooLarge, noBucket);
    for (Map<String, String> message : bad) {
      pubsub.publishUpload(message, "no JSON".getBytes(UTF_8));
    }
    Map<String, String> oddTime = new TreeMap<>(attributes);
    oddTime.put("eventTime", "yesterday");
    pubsub.publishUpload(oddTime, new byte[0]);
    messages += bad.size();
  }

  private void poison(String name, String items, Fate fate) {
    poison(name, document(items).getBytes(UTF_8), null, fate);
  }

  private void poison(String name, byte[] content, @Nullable String encoding, Fate fate) {
    uploadGood();
    fates.put(id(stack.upload("in/" + name, content, encoding)), fate);
    uploadGood();
  }

  private void uploadGood() {
    String id = "good-" + good++;
    byte[] document = document(item(id, text(1_000))).getBytes(UTF_8);
    fates.put(id(stack.upload("in/good/" + id + ".xml", document)), Fate.accepted(id));
  }

  private static String id(Blob object) {
    return "gs://" + object.getBucket() + "/" + object.getName() + "#" + object.getGeneration();
  }

  private static String id(JsonNode load) {
    return load.get("uri").textValue() + "#" + load.get("generation").asText();
  }

  private static String document(String items) {
    return "<r>" + items + "</r>";
  }

  private static String item(String id, String content) {
    return "<item id='" + id + "'>" + content + "</item>";
  }

  private static String text(int length) {
    return "<text>" + "x".repeat(length) + "</text>";
  }

  private static String raw(int bytes) {
    return "<raw>" + Base64.getEncoder().encodeToString(new byte[bytes]) + "</raw>";
  }

  private static String lines(int count) {
    return "<l><v>123456789012345678</v></l>".repeat(count);
  }

  private boolean isAllThere() throws Exception {
    Thread.sleep(1_000); // Each look is several queries.
    List<String> missing = missing();
    if (Duration.between(started, Instant.now()).compareTo(LIMIT) > 0) {
      throw new AssertionError(
          "missing: "
              + missing
              + "; the job says: "
              + Files.readString(dir.resolve("messages.txt")));
    }
    return missing.isEmpty();
  }

  /** What isn't there yet; empty at the end. */
  private List<String> missing() throws IOException {
    if (!stack.bigQuery().tables().contains("file_loads")) {
      return List.of("all");
    }
    Set<String> missing = new TreeSet<>(fates.keySet());
    stack.bigQuery().rows("file_loads", load -> missing.remove(id(load)));
    fates.values().stream()
        .filter(fate -> fate.outcomes().size() == 1)
        .forEach(fate -> missing.addAll(fate.loaded()));
    missing.removeAll(ids());
    Set<String> notKept = new TreeSet<>();
    fates.forEach(
        (file, fate) -> {
          if (fate.kept() != null) {
            notKept.add(file + " in rows/");
          }
        });
    lines("rows/").forEach(line -> notKept.remove(id(line) + " in rows/"));
    missing.addAll(notKept);
    int found = lines("messages/").size();
    if (found < messages) {
      missing.add(messages - found + " messages");
    }
    String count = "SELECT COUNT(*) AS n FROM " + table("tiny");
    int tiny = stack.bigQuery().query(count).get(0).get("n").asInt();
    if (tiny < records) {
      missing.add(records - tiny + " tiny rows");
    }
    return List.copyOf(missing);
  }

  private List<String> ids() throws IOException {
    return stack.bigQuery().query("SELECT id FROM " + table("items")).stream()
        .map(row -> row.get("id").textValue())
        .toList();
  }

  private String table(String name) {
    return stack.bigQuery().dataset() + "." + name;
  }

  private List<JsonNode> lines(String directory) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String name : stack.names("dead-letter")) {
      if (name.startsWith(directory)) {
        if (!kept.containsKey(name)) {
          kept.put(name, linesOf(name));
        }
        lines.addAll(kept.get(name));
      }
    }
    return lines;
  }

  private List<JsonNode> linesOf(String name) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : new String(stack.content("dead-letter", name), UTF_8).lines().toList()) {
      ObjectNode kept = (ObjectNode) JSON.readTree(line);
      lines.add(kept.without(List.of("row", "xml")));
    }
    return lines;
  }

  private void assertFates() throws IOException {
    Map<String, ObjectNode> loads = new TreeMap<>();
    stack.bigQuery().rows("file_loads", load -> assertThat(loads.put(id(load), load)).isNull());
    assertThat(loads.keySet()).isEqualTo(fates.keySet());
    Map<String, String> reasons = new TreeMap<>();
    for (JsonNode line : lines("rows/")) {
      assertThat(line.get("message").textValue().length()).isLessThan(1_000);
      assertThat(reasons.put(id(line), line.get("reason").textValue())).isNull();
    }
    Set<String> ids = new TreeSet<>();
    Set<String> maybe = new TreeSet<>();
    for (Map.Entry<String, Fate> entry : fates.entrySet()) {
      Fate fate = entry.getValue();
      JsonNode load = loads.get(entry.getKey());
      assertWithMessage("%s", load)
          .that(Outcome.valueOf(load.get("outcome").textValue()))
          .isIn(fate.outcomes());
      assertWithMessage("%s", load)
          .that(load.path("reason").textValue())
          .isEqualTo(fate.reason() == null ? null : fate.reason().name());
      assertWithMessage(entry.getKey()).that(reasons.get(entry.getKey())).isEqualTo(fate.kept());
      (fate.outcomes().size() == 1 ? ids : maybe).addAll(fate.loaded());
    }
    List<String> found = new ArrayList<>(ids());
    found.removeAll(maybe);
    assertThat(found).containsExactlyElementsIn(ids);
    assertThat(lines("messages/")).hasSize(messages);
  }
}
