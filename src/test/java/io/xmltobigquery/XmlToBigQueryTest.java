package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static io.xmltobigquery.xml.RejectionReason.CONTENT_AFTER_ROOT;
import static io.xmltobigquery.xml.RejectionReason.EMPTY_FILE;
import static io.xmltobigquery.xml.RejectionReason.INVALID_ENCODING;
import static io.xmltobigquery.xml.RejectionReason.INVALID_VALUE;
import static io.xmltobigquery.xml.RejectionReason.MISSING_FIELD;
import static io.xmltobigquery.xml.RejectionReason.NOT_WELL_FORMED;
import static io.xmltobigquery.xml.RejectionReason.NOT_XML;
import static io.xmltobigquery.xml.RejectionReason.NO_SECTION;
import static io.xmltobigquery.xml.RejectionReason.REPEATED_FIELD;
import static io.xmltobigquery.xml.RejectionReason.TRUNCATED;
import static io.xmltobigquery.xml.RejectionReason.UNEXPECTED_TEXT;
import static io.xmltobigquery.xml.RejectionReason.UNKNOWN_ATTRIBUTE;
import static io.xmltobigquery.xml.RejectionReason.UNKNOWN_ELEMENT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.counting;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FakeCloudStorage.Kind;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import io.xmltobigquery.xml.RejectionReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline. */
final class XmlToBigQueryTest {

  private static final String CUSTOMER =
      """
      {"CompanyName":"Nordkajens Kafferosteri","ContactName":"Åsa Lindbergh",\
      "ContactTitle":"Purchasing Assistant","Phone":"+46 31 390 06 14",\
      "FullAddress":{"Address":"Tjärgatan 31","City":"Göteborg","Region":"Västra Götaland",\
      "PostalCode":"414 58","Country":"Sweden"},"CustomerID":"NORDK"}""";

  private static final String ORDER =
      """
      {"CustomerID":"KØBEN","EmployeeID":"1","OrderDate":"2024-05-06T00:00:00",\
      "RequiredDate":"2024-06-03T00:00:00Z","ShipInfo":{"ShipVia":2,"Freight":"3.35",\
      "ShipName":"Smørrebrød & Co","ShipAddress":"Gade 1","ShipCity":"København",\
      "ShipRegion":"H","ShipPostalCode":"1000","ShipCountry":"Denmark",\
      "ShippedDate":"2024-05-15T00:00:00"}}""";

  @TempDir Path dir;

  private Job job;

  @BeforeEach
  void createJob() throws IOException {
    job = new Job(dir);
  }

  @Test
  void loadsTheSampleData() throws Exception {
    try (Stream<Path> samples = Files.list(Path.of("sample-data"))) {
      for (Path sample : samples.filter(file -> file.toString().endsWith(".xml")).toList()) {
        job.file(sample.getFileName().toString(), Files.readAllBytes(sample));
      }
    }

    job.run();

    assertThat(outcomes())
        .containsExactly(
            "customer-orders.xml", "ACCEPTED",
            "customers.xml", "ACCEPTED",
            "orders.xml", "ACCEPTED",
            "empty_data.xml", "ACCEPTED",
            "headers_only.xml", "NO_SECTION",
            "invalid.xml", "NOT_XML");
    assertThat(job.rows("customers")).hasSize(8);
    assertThat(job.rows("orders")).hasSize(32);
    assertThat(job.text("customers").lines().toList()).contains(CUSTOMER);
    assertThat(job.files("in").stream().map(file -> file.getFileName().toString()).toList())
        .containsExactly("customer-orders.xml", "customers.xml", "orders.xml", "empty_data.xml");
    assertThat(job.files("dead")).hasSize(4);
  }

  @Test
  void loadsObjectsAndMovesBadOnesToTheDeadLetter() throws Exception {
    try (FakeCloudStorage storage = FakeCloudStorage.start("bucket", "dead")) {
      FileVersion good =
          storage.put("gs://bucket/in/a [1]#.xml", Documents.utf8(Documents.orders(2)));
      FileVersion large =
          storage.put(
              "gs://bucket/in/large.xml.gz",
              Documents.gzip(Documents.utf8(Documents.orders(6_000))),
              "gzip");
      FileVersion plain =
          storage.put("gs://bucket/in/large.xml", Documents.utf8(Documents.orders(6_000)));
      FileVersion bad = storage.put("gs://bucket/in/größe*.xml", Documents.utf8("<Root>"));

      job.run(
          "--input=gs://bucket/in/*",
          "--deadLetterDir=gs://dead/letter",
          "--tempLocation=gs://dead/temp",
          "--gcsEndpoint=" + storage.endpoint(),
          "--credentialFactoryClass=" + NoopCredentialFactory.class.getName());

      assertThat(job.rows("orders")).hasSize(12_002);
      for (FileVersion file : List.of(good, large, plain, bad)) {
        JsonNode load = job.fileLoad(file.uri());
        assertThat(load.get("generation").asText()).isEqualTo(file.generation());
        assertThat(load.get("outcome").asText())
            .isEqualTo(file.equals(bad) ? "REJECTED" : "ACCEPTED");
      }
      String copy = "gs://dead/letter/files/bucket/in/größe*.xml#" + bad.generation();
      assertThat(storage.objects())
          .containsExactly(good.uri(), plain.uri(), large.uri(), copy, copy + ".error.json");
      assertThat(storage.content(copy)).isEqualTo(Documents.utf8("<Root>"));
      assertThat(storage.requests(Kind.REWRITE)).isEqualTo(1);
    }
  }

  @Test
  void fileLoadsTellWhatBecameOfAFile() throws Exception {
    Path good = job.file("good.xml", Documents.orders(2));
    Path bad =
        job.file(
            "bad.xml",
            Documents.ordersOf(
                Documents.order(1) + Documents.order(2).replace("ShipVia>2<", "ShipVia>two<")));

    job.run();

    JsonNode accepted = job.fileLoad(good);
    assertThat(accepted.get("outcome").asText()).isEqualTo("ACCEPTED");
    assertThat(accepted.get("size").asLong()).isEqualTo(Files.size(good));
    assertThat(accepted.get("generation").asText()).isNotEmpty();
    assertThat(accepted.get("tables").toString())
        .isEqualTo(
            "[{\"table\":\"customers\",\"rows\":0,\"invalid_records\":0},"
                + "{\"table\":\"orders\",\"rows\":2,\"invalid_records\":0}]");
    assertThat(accepted.has("reason")).isFalse();
    JsonNode rejected = job.fileLoad(bad);
    assertThat(rejected.get("outcome").asText()).isEqualTo("REJECTED");
    assertThat(rejected.get("tables").isEmpty()).isTrue();
    assertThat(rejected.get("reason").asText()).isEqualTo("INVALID_VALUE");
    assertThat(rejected.get("message").asText()).contains("ShipVia");
    assertThat(rejected.get("line").asLong()).isEqualTo(8 + 11);
    assertThat(rejected.get("column").asLong()).isEqualTo(1);
    assertThat(rejected.get("byte_offset").asLong()).isGreaterThan(600);
    assertThat(rejected.get("record").asLong()).isEqualTo(2);
    for (JsonNode load : job.rows("file_loads")) {
      for (String column : List.of("started", "finished")) {
        assertThat(load.get(column).asText())
            .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3}(\\d{3})?)?Z");
      }
    }
    assertThat(job.rows("orders")).hasSize(2);
  }

  @SuppressWarnings("ArrayRecordComponent") // It is only read, and never compared.
  private record Bad(RejectionReason reason, long line, long column, byte[] content) {}

  @Test
  void badFilesStopNothingAndAreRejectedEachWithItsReasonAndPlace() throws Exception {
    for (int i = 0; i < 200; i++) {
      job.file("good-" + i + ".xml", Documents.orders(2));
    }
    Map<Path, Bad> expected = new HashMap<>();
    for (Bad bad : badFiles()) {
      expected.put(
          job.file("bad-" + expected.size() + "-" + bad.reason() + ".xml", bad.content()), bad);
    }

    job.run("--rejectedInput=keep");

    assertThat(job.rows("orders")).hasSize(400);
    assertThat(job.rows("file_loads")).hasSize(200 + expected.size());
    Map<String, String> places = new TreeMap<>();
    Map<String, String> expectedPlaces = new TreeMap<>();
    for (Map.Entry<Path, Bad> entry : expected.entrySet()) {
      String name = entry.getKey().getFileName().toString();
      JsonNode load = job.fileLoad(entry.getKey());
      places.put(name, load.get("reason") + " " + load.get("line") + ":" + load.get("column"));
      Bad bad = entry.getValue();
      expectedPlaces.put(name, "\"" + bad.reason() + "\" " + bad.line() + ":" + bad.column());
    }
    assertThat(places).isEqualTo(expectedPlaces);
    assertThat(job.files("in")).hasSize(200 + expected.size());
    assertThat(job.files("dead")).hasSize(2 * expected.size());
  }

  /** {@code make mass} has more of them. */
  @Test
  void oneBadFileTakesNothingFromManyGoodOnes() throws Exception {
    int files = Integer.getInteger("mass.files", 500);
    Map<String, List<String>> expected = new HashMap<>();
    for (int i = 0; i < files; i++) {
      Path file = job.file("good-" + i + ".xml", Documents.orders(2));
      expected.put(file.toString(), List.of("1", "2"));
    }
    Path bad = job.file("bad.xml", Documents.orders(2) + "more");

    job.run("--lineage=true");

    Map<String, List<String>> employees = new HashMap<>();
    for (JsonNode row : job.rows("orders")) {
      employees
          .computeIfAbsent(row.at("/_file/uri").textValue(), uri -> new ArrayList<>())
          .add(row.get("EmployeeID").textValue());
    }
    employees.values().forEach(numbers -> numbers.sort(null));
    assertThat(employees.equals(expected)).isTrue();
    assertThat(job.fileLoad(bad).get("outcome").textValue()).isEqualTo("REJECTED");
    Map<String, Long> outcomes =
        job.rows("file_loads").stream()
            .collect(Collectors.groupingBy(load -> load.get("outcome").textValue(), counting()));
    assertThat(outcomes).containsExactly("ACCEPTED", (long) files, "REJECTED", 1L);
    assertThat(job.files("in")).hasSize(files);
    assertThat(job.files("dead")).hasSize(2);
  }

  private static List<Bad> badFiles() throws IOException {
    String good = Documents.orders(1);
    List<Bad> files = new ArrayList<>();
    files.add(bad(UNKNOWN_ELEMENT, 10, 1, good.replace("ShipCity>", "ShipTown>")));
    files.add(bad(UNKNOWN_ELEMENT, 1, 1, "<html/>"));
    files.add(bad(UNKNOWN_ATTRIBUTE, 3, 1, good.replace("<Order>", "<Order id='1'>")));
    files.add(
        bad(MISSING_FIELD, 3, 1, good.replace("<OrderDate>2024-05-06T00:00:00</OrderDate>", "")));
    files.add(bad(MISSING_FIELD, 7, 1, good.replace("<ShipRegion>H</ShipRegion>", "")));
    files.add(bad(INVALID_VALUE, 8, 1, good.replace("ShipVia>2<", "ShipVia>two<")));
    files.add(bad(INVALID_VALUE, 8, 1, good.replace("ShipVia>2<", "ShipVia>2.5<")));
    files.add(bad(MISSING_FIELD, 7, 1, good.replace("ShipVia>2<", "ShipVia><")));
    files.add(bad(INVALID_VALUE, 8, 1, good.replace("ShipVia>2<", "ShipVia>9223372036854775808<")));
    files.add(bad(INVALID_VALUE, 8, 21, good.replace("Freight>3.35<", "Freight>3,35<")));
    files.add(bad(INVALID_VALUE, 8, 21, good.replace("Freight>3.35<", "Freight>1e3<")));
    files.add(bad(INVALID_VALUE, 5, 1, good.replace(">2024-05-06T00:00:00<", ">2024-05-06<")));
    files.add(
        bad(INVALID_VALUE, 5, 1, good.replace(">2024-05-06T00:00:00<", ">2024-02-30T00:00:00<")));
    files.add(
        bad(
            REPEATED_FIELD,
            10,
            31,
            good.replace(
                "<ShipCity>København</ShipCity>", "<ShipCity>København</ShipCity>".repeat(2))));
    files.add(bad(UNEXPECTED_TEXT, 3, 8, good.replace("<Order>", "<Order>text")));
    files.add(bad(TRUNCATED, 8, 10, good.substring(0, good.indexOf("2</ShipVia>"))));
    files.add(bad(TRUNCATED, 15, 1, good.replace("</Root>\n", "")));
    files.add(bad(CONTENT_AFTER_ROOT, 16, 1, good + "more"));
    files.add(bad(NOT_WELL_FORMED, 8, 18, good.replace("</ShipVia>", "</ShipVi>")));
    files.add(bad(EMPTY_FILE, 1, 1, ""));
    files.add(bad(NOT_XML, 1, 1, Files.readString(Path.of("sample-data/invalid.xml"))));
    files.add(bad(NO_SECTION, 5, 1, Files.readString(Path.of("sample-data/headers_only.xml"))));
    files.add(
        new Bad(INVALID_ENCODING, 4, "<CustomerID>K".length() + 1, good.getBytes(ISO_8859_1)));
    return files;
  }

  private static Bad bad(RejectionReason reason, long line, long column, String content) {
    return new Bad(reason, line, column, Documents.utf8(content));
  }

  @Test
  void filesOfAllSizesAndKindsGiveTheSameRows() throws Exception {
    byte[] small = Documents.utf8(Documents.orders(1));
    byte[] large = Documents.utf8(Documents.orders(5_000));
    assertThat(large.length).isGreaterThan(2_000_000);
    job.file("small.xml", small);
    job.file("small.xml.gz", Documents.gzip(small));
    job.file("large.xml", large);
    job.file("large.xml.gz", Documents.gzip(large));

    job.run("--chunkSizeMb=1");

    Map<String, Long> rows = new HashMap<>();
    for (JsonNode row : job.rows("orders")) {
      rows.merge(row.get("EmployeeID").asText(), 1L, Long::sum);
    }
    assertThat(rows).hasSize(5_000);
    assertThat(rows.get("1")).isEqualTo(4);
    assertThat(rows.values().stream().filter(count -> count == 2).count()).isEqualTo(4_999);
    assertThat(job.text("orders").lines().toList()).contains(ORDER);
    try (Stream<Path> left = Files.list(dir.resolve("temp"))) {
      assertWithMessage("staged files").that(left.toList()).isEmpty();
    }
    for (Path file : job.files("out")) {
      assertThat(file.getFileName().toString())
          .matches("(orders|file_loads)-\\d{5}-of-\\d{5}\\.jsonl|[a-z_]+\\.schema\\.json");
    }
    assertThat(job.files("in")).hasSize(4);
    assertThat(job.files("dead")).isEmpty();
  }

  @Test
  void theFilesOfAnArchiveCanBeLoadedAlone() throws Exception {
    byte[] good = Documents.gzip(Archives.tar(Archives.files("1.xml", Documents.orders(2))));
    Path whole = job.file("a.tgz", good);
    byte[] odd =
        Archives.zip(
            Archives.files(
                "x/1.xml", Documents.orders(3), "../2.xml", "<Root>", "README", "Read me."));
    Path some = job.file("b.zip", odd);

    job.run("--archive=entries", "--lineage", "--acceptedInput=delete");

    assertThat(job.fileLoad(whole).get("outcome").asText()).isEqualTo("ACCEPTED");
    assertThat(job.fileLoad(whole).get("tables")).isEmpty();
    assertThat(job.fileLoad(whole + "!1.xml").get("tables").get(0).get("rows").asLong())
        .isEqualTo(2);
    assertThat(job.fileLoad(some).get("outcome").asText()).isEqualTo("REJECTED");
    assertThat(job.fileLoad(some + "!x/1.xml").get("outcome").asText()).isEqualTo("ACCEPTED");
    assertThat(job.fileLoad(some + "!../2.xml").get("reason").asText()).isEqualTo("TRUNCATED");
    assertThat(job.fileLoad(some + "!../2.xml").get("byte_offset").asLong()).isEqualTo(6);
    assertThat(job.fileLoad(some + "!README").get("outcome").asText()).isEqualTo("LEFT_OUT");
    assertThat(job.rows("file_loads")).hasSize(6);
    Map<String, Long> rows = new TreeMap<>();
    job.rows("orders").forEach(row -> rows.merge(row.at("/_file/uri").asText(), 1L, Long::sum));
    assertThat(rows).containsExactly(whole + "!1.xml", 2L, some + "!x/1.xml", 3L);
    assertThat(job.files("in")).isEmpty();
    List<Path> dead = job.files("dead/files");
    assertThat(dead).hasSize(2);
    JsonNode report = job.jsonLines("dead/files", ".*\\.error\\.json").get(0);
    assertThat(report.get("entries")).hasSize(1);
    assertThat(report.at("/entries/0/uri").asText()).isEqualTo(some + "!../2.xml");
    dead.stream()
        .filter(file -> !file.toString().endsWith(".error.json"))
        .forEach(copy -> assertThat(content(copy)).isEqualTo(odd));
  }

  private static byte[] content(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anInvalidRecordCanGoToTheDeadLetterAlone() throws Exception {
    String noNumber = Documents.order(2).replace("ShipVia>2<", "ShipVia>two<").strip();
    String unknown = Documents.order(3).replace("ShipCity>", "ShipTown>").strip();
    Path file =
        job.file(
            "a.xml",
            Documents.ordersOf(
                Documents.order(1) + noNumber + "\n" + unknown + "\n" + Documents.order(4)));
    Path good = job.file("b.xml", Documents.orders(1));
    Path broken = job.file("c.xml", Documents.ordersOf(noNumber).replace("</Root>", ""));

    String[] options = {"--jobName=nightly", "--onInvalidRecord=dead-letter"};
    job.run(options);

    assertThat(job.rows("orders").stream().map(row -> row.get("EmployeeID").asText()).toList())
        .containsExactly("1", "4", "1");
    assertThat(job.fileLoad(file).get("outcome").asText()).isEqualTo("ACCEPTED");
    assertThat(job.fileLoad(file).get("tables").get(1).toString())
        .isEqualTo("{\"table\":\"orders\",\"rows\":2,\"invalid_records\":2}");
    assertThat(job.fileLoad(good).get("tables").get(1).get("invalid_records").asLong())
        .isEqualTo(0);
    assertThat(job.fileLoad(broken).get("reason").asText()).isEqualTo("TRUNCATED");
    assertThat(Files.exists(file)).isTrue();
    List<JsonNode> lines = new ArrayList<>(job.jsonLines("dead/rows", ".*\\.jsonl"));
    lines.sort((one, other) -> one.get("record").asInt() - other.get("record").asInt());
    assertThat(lines).hasSize(2);
    JsonNode second = lines.get(0);
    assertThat(second.get("table").asText()).isEqualTo("orders");
    assertThat(second.get("reason").asText()).isEqualTo("INVALID_VALUE");
    assertThat(second.get("message").asText()).contains("ShipVia");
    assertThat(second.get("uri").asText()).isEqualTo(file.toString());
    assertThat(second.get("generation")).isEqualTo(job.fileLoad(file).get("generation"));
    assertThat(second.get("record").asLong()).isEqualTo(2);
    assertThat(second.get("line").asLong()).isEqualTo(8 + 11);
    assertThat(second.get("column").asLong()).isEqualTo(1);
    assertThat(second.get("xml").asText()).isEqualTo(noNumber);
    long offset = second.get("byte_offset").asLong();
    byte[] bytes = Files.readAllBytes(file);
    assertThat(new String(bytes, (int) offset, 12, ISO_8859_1)).isEqualTo("<ShipVia>two");
    assertThat(lines.get(1).get("record").asLong()).isEqualTo(3);
    assertThat(lines.get(1).get("reason").asText()).isEqualTo("UNKNOWN_ELEMENT");
    assertThat(lines.get(1).get("xml").asText()).isEqualTo(unknown);

    List<Path> kept = job.files("dead/rows");
    job.run(options);

    // A run of the same name replaces none of them.
    assertThat(job.files("dead/rows")).containsAtLeastElementsIn(kept);
    assertThat(job.jsonLines("dead/rows", ".*\\.jsonl")).hasSize(4);
  }

  @Test
  void writesEveryTypeAsBigQueryReadsIt() throws Exception {
    Path mapping =
        Files.writeString(
            dir.resolve("types.json"),
            """
            {"tables": [{"table": "types", "record": "/r/t", "fields": [
              {"name": "string", "type": "STRING"},
              {"name": "bytes", "type": "BYTES"},
              {"name": "int64", "type": "INT64"},
              {"name": "float64", "type": "FLOAT64"},
              {"name": "numeric", "type": "NUMERIC"},
              {"name": "bignumeric", "type": "BIGNUMERIC"},
              {"name": "bool", "type": "BOOL"},
              {"name": "date", "type": "DATE"},
              {"name": "datetime", "type": "DATETIME"},
              {"name": "time", "type": "TIME"},
              {"name": "timestamp", "type": "TIMESTAMP"},
              {"name": "record", "type": "RECORD", "mode": "REPEATED", "fields": [
                {"name": "numbers", "type": "INT64", "mode": "REPEATED", "source": "n"},
                {"name": "inner", "type": "RECORD", "fields": [
                  {"name": "x", "type": "STRING", "source": "@x"}]},
                {"name": "last", "type": "STRING"}]}]}]}
            """);
    job.file(
        "a.xml",
        """
        <r><t><string>a"\\ &lt;b&gt; é日😀&#x2028;&#9;</string><bytes> AQ ID/w== </bytes>
        <int64> -9223372036854775808 </int64><float64>1.5E-3</float64>
        <numeric>+0099.50</numeric><bignumeric>-.5</bignumeric><bool>1</bool><date>0001-01-01</date>
        <datetime>2024-02-29T24:00:00</datetime><time>01:02:03.4</time>
        <timestamp>2024-02-29T12:00:00.000001+02:00</timestamp>
        <record><n>1</n><n>2</n><inner x=""/><last>l</last></record><record/><record><n>3</n></record>
        </t><t/><t><float64>-INF</float64><string> kept </string><numeric>0</numeric></t></r>
        """);

    job.run("--mapping=" + mapping);

    assertThat(job.text("types").lines().toList())
        .containsExactly(
            "{\"string\":\"a\\\"\\\\ <b> é日\\uD83D\\uDE00\u2028\\t\",\"bytes\":\"AQID/w==\","
                + "\"int64\":\"-9223372036854775808\",\"float64\":0.0015,\"numeric\":\"99.5\","
                + "\"bignumeric\":\"-0.5\",\"bool\":true,\"date\":\"0001-01-01\","
                + "\"datetime\":\"2024-03-01T00:00:00\",\"time\":\"01:02:03.400000\","
                + "\"timestamp\":\"2024-02-29T10:00:00.000001Z\",\"record\":["
                + "{\"numbers\":[1,2],\"inner\":{\"x\":\"\"},\"last\":\"l\"},{},{\"numbers\":[3]}]}",
            "{}",
            "{\"string\":\" kept \",\"float64\":\"-Infinity\",\"numeric\":\"0\"}");
    assertThat(job.rows("types")).hasSize(3);
  }

  @Test
  void aRejectedFileStaysUntilItsOutcomeIsRecorded() throws Exception {
    Path bad = job.file("bad.xml", "hello world");
    // A directory with a file in it can't be replaced.
    Path obstacle = job.path("out/file_loads-00000-of-00001.jsonl");
    Files.createDirectories(obstacle);
    Files.writeString(obstacle.resolve("x"), "x");

    assertThrows(RuntimeException.class, () -> job.run());

    assertThat(Files.exists(bad)).isTrue();
  }

  @Test
  void filesWhoseRowsAreSafeCanBeMoved() throws Exception {
    Path good = job.file("good.xml", Documents.orders(2));
    job.file("bad.xml", "<Root>");

    job.run("--acceptedInput=move:" + job.path("loaded"), "--rejectedInput=keep");

    assertThat(job.rows("orders")).hasSize(2);
    assertThat(job.files("in")).containsExactly(job.path("in/bad.xml"));
    assertThat(job.files("loaded")).hasSize(1);
    assertThat(job.files("loaded").get(0).toString()).contains(good + "#");
  }

  /** However the next run is started: an operator may well keep all files after a crash. */
  @Test
  void rowsWhoseFilesAreGoneAreNotReplacedUntilTheyAreMovedAway() throws Exception {
    job.file("a.xml", Documents.orders(2));
    Path bad = job.file("bad.xml", "<Root>");
    job.run("--acceptedInput=delete", "--rejectedInput=keep");
    assertThat(job.rows("orders")).hasSize(2);
    assertThat(job.files("in")).containsExactly(bad);
    Path other = job.file("b.xml", Documents.orders(3));

    for (String acceptedInput : List.of("delete", "keep")) {
      XmlToBigQueryOptions options = job.options("--acceptedInput=" + acceptedInput);
      IOException refused = assertThrows(IOException.class, () -> Job.run(options));
      assertThat(refused)
          .hasMessageThat()
          .startsWith("--output: " + job.path("out") + "/ has rows");
      assertThat(Preflight.of(options).problems()).containsExactly(refused.getMessage());
      assertThat(job.rows("orders")).hasSize(2);
      assertThat(job.files("in")).containsExactly(bad, other);
    }

    for (Path lines : job.files("out")) {
      if (lines.toString().endsWith(".jsonl")) {
        Files.delete(lines);
      }
    }
    for (int run = 0; run < 2; run++) {
      job.run("--acceptedInput=keep");
    }

    assertThat(job.rows("orders")).hasSize(3);
  }

  /** What is left when it was killed after it had written its rows, and some of its outcomes. */
  @Test
  void rowsOfARunThatHasClearedNothingAreReplaced() throws Exception {
    job.file("a.xml", Documents.orders(2));
    job.run("--acceptedInput=delete");
    for (Path lines : job.files("out")) {
      if (lines.getFileName().toString().startsWith("file_loads-")) {
        Files.delete(lines);
      }
    }
    Path unfinished = job.path("out/.temp-beam/835376947da43fb4-0262-4376-b755-2f6ed58f1476");
    Files.createDirectories(unfinished.getParent());
    Files.writeString(unfinished, "{");
    job.file("b.xml", Documents.orders(3));

    job.run("--acceptedInput=delete");

    assertThat(job.rows("orders")).hasSize(3);
    assertThat(Files.exists(unfinished)).isFalse();
  }

  @Test
  void filesOfTheDeadLetterAreNotLoadedAgain() throws Exception {
    job.file("a.xml", Documents.orders(1) + "more");
    String[] everything = {"--input=" + dir + "/[id]*/**"};
    job.run(everything);
    List<Path> kept = job.files("dead");
    assertThat(kept).hasSize(2);

    job.run(everything);

    assertThat(job.files("dead")).containsAtLeastElementsIn(kept);
    for (JsonNode load : job.rows("file_loads")) {
      assertThat(load.get("uri").asText()).doesNotContain("/dead/");
    }
  }

  /** The outcome of every file, by its name; of rejected ones the reason. */
  private Map<String, String> outcomes() throws IOException {
    Map<String, String> outcomes = new HashMap<>();
    for (JsonNode load : job.rows("file_loads")) {
      String name = Path.of(load.get("uri").asText()).getFileName().toString();
      String before = outcomes.put(name, load.path("reason").asText(load.get("outcome").asText()));
      assertThat(before).isNull();
    }
    return outcomes;
  }
}
