package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.storage.Blob;
import io.xmltobigquery.benchmark.GenerateOrders;
import io.xmltobigquery.benchmark.GenerateOrders.Counts;
import io.xmltobigquery.localstack.LocalStack;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.oracle.OracleTables;
import io.xmltobigquery.outcome.Outcome;
import io.xmltobigquery.xml.RejectionReason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The file versions that a test uploads, and what must have become of each of them: its outcome,
 * its rows, its place in the dead letter. Every good document is another one.
 */
final class Uploads {

  private static final int LEAST_BYTES = 3_000;
  private static final int MOST_BYTES = 60_000;
  private static final JsonMapper JSON = new JsonMapper();

  private final LocalStack stack;
  private final Random random = new Random(7);
  private final Mapping mapping = MappingReader.defaultMapping();

  /** By {@code uri#generation}. */
  private final Map<String, Version> versions = new LinkedHashMap<>();

  private final Set<String> unwanted = new TreeSet<>();

  Uploads(LocalStack stack) {
    this.stack = stack;
  }

  /**
   * A version that was uploaded.
   *
   * @param name from the test's directory on
   * @param document what is in it, uncompressed
   * @param outcomes what may become of it
   * @param counts of the document, if it is good
   * @param reason to reject it, if it is bad
   */
  private record Version(
      String name,
      String generation,
      Content document,
      Set<Outcome> outcomes,
      @Nullable Counts counts,
      @Nullable RejectionReason reason) {}

  private interface Content {
    InputStream open() throws IOException;
  }

  /** A good document. */
  private record Generated(ByteArrayOutputStream document, Counts counts) {
    byte[] bytes() {
      return document.toByteArray();
    }
  }

  private Generated generate(int bytes) {
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    try {
      Counts counts = GenerateOrders.writeTo(document, bytes, random.nextLong());
      return new Generated(document, counts);
    } catch (IOException e) {
      throw new AssertionError("memory can always be written", e);
    }
  }

  private Generated generate() {
    return generate(random.nextInt(LEAST_BYTES, MOST_BYTES));
  }

  /** Uploads a small good file. */
  Blob good(String name) {
    return good(name, random.nextInt(LEAST_BYTES, MOST_BYTES));
  }

  /** Uploads a good file of that size. */
  Blob good(String name, int bytes) {
    Generated document = generate(bytes);
    return good(name, document, document.bytes(), null);
  }

  /**
   * Uploads a good file that is too large for memory.
   *
   * @param document that is kept until the end of the test
   */
  Blob good(String name, Path document, Counts counts) throws IOException {
    Blob object = stack.upload(name, document);
    add(name, object, () -> Files.newInputStream(document), Set.of(Outcome.ACCEPTED), counts, null);
    return object;
  }

  /**
   * Uploads a good file, compressed.
   *
   * @param contentEncoding what its header says of that, or null for nothing
   */
  Blob compressed(String name, int bytes, @Nullable String contentEncoding) {
    Generated document = generate(bytes);
    return good(name, document, Documents.gzip(document.bytes()), contentEncoding);
  }

  private Blob good(
      String name, Generated document, byte[] stored, @Nullable String contentEncoding) {
    Blob object = stack.upload(name, stored, contentEncoding);
    add(name, object, document, Set.of(Outcome.ACCEPTED));
    return object;
  }

  private void add(String name, Blob object, Generated document, Set<Outcome> outcomes) {
    Content content = () -> new ByteArrayInputStream(document.bytes());
    add(name, object, content, outcomes, document.counts(), null);
  }

  /** Uploads two good files under one name, one right after the other. */
  void overwritten(String name) {
    Generated first = generate();
    Generated second = generate();
    Blob before = stack.upload(name, first.bytes());
    Blob after = stack.upload(name, second.bytes());
    add(name, before, first, Set.of(Outcome.ACCEPTED, Outcome.SUPERSEDED));
    add(name, after, second, Set.of(Outcome.ACCEPTED));
  }

  /** Uploads a good file and right after it a bad one under its name, which is then deleted. */
  void overwrittenByBad(String name) {
    Generated first = generate();
    Blob before = stack.upload(name, first.bytes());
    bad(name, RejectionReason.NOT_XML, Documents.utf8("no XML"));
    add(name, before, first, Set.of(Outcome.ACCEPTED, Outcome.SUPERSEDED, Outcome.MISSING));
  }

  /** Uploads a file that is rejected. */
  void bad(String name, RejectionReason reason, byte[] content) {
    Blob object = stack.upload(name, content);
    Set<Outcome> rejected = Set.of(Outcome.REJECTED);
    add(name, object, () -> new ByteArrayInputStream(content), rejected, null, reason);
  }

  /** Uploads a file whose end is missing, but only after that many bytes. */
  void truncated(String name, int bytes) {
    byte[] document = generate(bytes).bytes();
    bad(name, RejectionReason.TRUNCATED, Arrays.copyOf(document, document.length - 20));
  }

  /** Uploads what isn't wanted: it stays as it is. */
  void unwanted(String name, byte[] content) {
    var unused = stack.upload(name, content);
    unwanted.add(name);
  }

  private void add(
      String name,
      Blob object,
      Content document,
      Set<Outcome> outcomes,
      @Nullable Counts counts,
      @Nullable RejectionReason reason) {
    String generation = object.getGeneration().toString();
    Version version = new Version(name, generation, document, outcomes, counts, reason);
    versions.put(id(version), version);
  }

  /** Bad files of many kinds, the same at each call. */
  Map<RejectionReason, byte[]> badDocuments() {
    byte[] good = generate(LEAST_BYTES).bytes();
    String orders = Documents.orders(3);
    byte[] wrongEncoding = Documents.utf8(orders);
    wrongEncoding[wrongEncoding.length / 2] = (byte) 0xFF;
    Map<RejectionReason, byte[]> documents = new TreeMap<>();
    documents.put(RejectionReason.EMPTY_FILE, new byte[0]);
    documents.put(RejectionReason.NOT_XML, Documents.utf8("{\"json\": true}"));
    documents.put(RejectionReason.TRUNCATED, Arrays.copyOf(good, good.length - 20));
    documents.put(RejectionReason.NOT_WELL_FORMED, replace(orders, "</ShipCity>", "</City>"));
    documents.put(RejectionReason.INVALID_ENCODING, wrongEncoding);
    documents.put(
        RejectionReason.CORRUPT_GZIP, Arrays.copyOf(Documents.gzip(good), good.length / 10));
    documents.put(RejectionReason.NO_SECTION, Documents.utf8("<Root/>"));
    documents.put(RejectionReason.UNKNOWN_ELEMENT, replace(orders, "<ShipVia>", "<By/><ShipVia>"));
    documents.put(RejectionReason.MISSING_FIELD, replace(orders, "<EmployeeID>3</EmployeeID>", ""));
    documents.put(
        RejectionReason.INVALID_VALUE, replace(orders, "<Freight>3.35<", "<Freight>much<"));
    return documents;
  }

  private static byte[] replace(String document, String from, String to) {
    assertThat(document).contains(from);
    return Documents.utf8(document.replace(from, to));
  }

  /** How many versions were uploaded. */
  int count() {
    return versions.size();
  }

  /**
   * Whether each version has an outcome, and the tables as many rows as those say. In BigQuery, an
   * outcome may be seen before the rows.
   */
  boolean areLoaded(Tables tables) throws IOException {
    // Tests ask this again and again, and most of the answers are "no".
    if (tables.count("file_loads") < versions.size()) {
      return false;
    }
    Set<String> found = new TreeSet<>();
    Map<String, Long> rows = new TreeMap<>();
    for (ObjectNode load : tables.rows("file_loads")) {
      found.add(id(load));
      for (JsonNode table : load.path("tables")) {
        rows.merge(table.get("table").textValue(), table.get("rows").longValue(), Long::sum);
      }
    }
    if (!found.containsAll(versions.keySet())) {
      return false;
    }
    for (Map.Entry<String, Long> table : rows.entrySet()) {
      if (tables.count(table.getKey()) < table.getValue()) {
        return false;
      }
    }
    return true;
  }

  /** Compares all that a job has left with what it should be. */
  void assertLoaded(Tables tables) throws Exception {
    Map<String, ObjectNode> loads = new HashMap<>();
    for (ObjectNode load : tables.rows("file_loads")) {
      assertWithMessage("%s has two outcomes", id(load)).that(loads.put(id(load), load)).isNull();
    }
    assertThat(loads.keySet()).isEqualTo(versions.keySet());
    OracleTables expected = new OracleTables(mapping);
    Set<String> kept = new TreeSet<>();
    for (Map.Entry<String, Version> entry : versions.entrySet()) {
      Version version = entry.getValue();
      ObjectNode load = loads.get(entry.getKey());
      Outcome outcome = Outcome.valueOf(load.get("outcome").textValue());
      assertWithMessage("%s", load).that(outcome).isIn(version.outcomes());
      switch (outcome) {
        case ACCEPTED -> {
          assertCounts(load, version.counts());
          try (InputStream document = version.document().open()) {
            expected.expectLarge(document);
          }
        }
        case REJECTED -> {
          assertThat(load.get("reason").textValue()).isEqualTo(version.reason().name());
          String copy = "files/landing/" + ownName() + version.name() + "#" + version.generation();
          kept.addAll(List.of(copy, copy + ".error.json"));
          assertKept(version, copy);
        }
        case MISSING, SUPERSEDED -> {}
        case LEFT_OUT -> throw new AssertionError("in no archive: " + load);
      }
    }
    for (TableMapping table : mapping.tables()) {
      tables.read(table.table(), expected.table(table.table())::found);
      expected.table(table.table()).assertSame();
    }
    Set<String> files = new TreeSet<>(stack.names("dead-letter"));
    files.removeIf(name -> !name.startsWith("files/"));
    assertThat(files).isEqualTo(kept);
    assertThat(stack.names("staging")).isEmpty();
  }

  /** The names of the objects that are there in the end: rejected ones are deleted. */
  Set<String> remaining() {
    Set<String> names = new TreeSet<>(unwanted);
    versions.values().forEach(version -> names.add(version.name()));
    versions.values().stream()
        .filter(version -> version.reason() != null)
        .forEach(version -> names.remove(version.name()));
    return names;
  }

  private static void assertCounts(ObjectNode load, Counts counts) {
    Map<String, Long> rows = new HashMap<>();
    for (JsonNode table : load.get("tables")) {
      rows.put(table.get("table").textValue(), table.get("rows").longValue());
      assertThat(table.get("invalid_records").longValue()).isEqualTo(0);
    }
    assertWithMessage("%s", load)
        .that(rows)
        .containsExactly("customers", counts.customers(), "orders", counts.orders());
  }

  private void assertKept(Version version, String copy) throws IOException {
    try (InputStream document = version.document().open()) {
      assertThat(stack.content("dead-letter", copy)).isEqualTo(document.readAllBytes());
    }
    JsonNode report = JSON.readTree(stack.content("dead-letter", copy + ".error.json"));
    assertThat(report.get("reason").textValue()).isEqualTo(version.reason().name());
    assertThat(report.get("uri").textValue()).isEqualTo(stack.input() + "/" + version.name());
    assertThat(report.get("generation").textValue()).isEqualTo(version.generation());
    assertThat(report.get("copied").booleanValue()).isTrue();
  }

  /** The test's directory in a bucket, with a slash at the end. */
  private String ownName() {
    return stack.input().substring("gs://landing/".length()) + "/";
  }

  private String id(Version version) {
    return stack.input() + "/" + version.name() + "#" + version.generation();
  }

  private static String id(ObjectNode load) {
    return load.get("uri").textValue() + "#" + load.get("generation").textValue();
  }
}
