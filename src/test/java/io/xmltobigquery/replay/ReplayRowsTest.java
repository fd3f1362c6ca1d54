package io.xmltobigquery.replay;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileStore.Content;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.replay.KilledStore.KilledException;
import io.xmltobigquery.xml.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReplayRowsTest {

  private static final int MOST_CHANGES = 100;

  private static final String MAPPING =
      """
      {"namespaces": {"o": "urn:o"}, "tables": [{"table": "t", "record": "/o:orders/o:order",
        "fields": [
          {"name": "id", "type": "INT64", "mode": "REQUIRED", "source": "@id"},
          {"name": "v", "type": "STRING", "source": "o:v"}]}]}
      """;

  private static final String CONTEXT =
      "<?xml version=\\\"1.0\\\"?><p:orders xmlns:p=\\\"urn:o\\\">";

  @TempDir Path temp;

  private final FileStore files = FileStore.of(PipelineOptionsFactory.create());

  /** What rows were loaded, by the load's name. It refuses those whose id is 13. */
  private static final class Table implements RowsTarget {
    private final List<String> rows = new ArrayList<>();
    private final Map<String, @Nullable Refusal> done = new HashMap<>();
    private int killedBehind = -1;
    private String place = "tables";

    @Override
    public String place() {
      return place;
    }

    @Override
    public @Nullable Refusal load(String name, String table, Content content) throws IOException {
      if (done.containsKey(name)) {
        return done.get(name);
      }
      ByteArrayOutputStream lines = new ByteArrayOutputStream();
      content.writeTo(lines);
      String text = lines.toString(UTF_8);
      Refusal refusal = text.contains(":13}") ? new Refusal("no thirteen", true) : null;
      done.put(name, refusal);
      if (refusal == null) {
        text.lines().map(line -> table + " " + line).forEach(rows::add);
      }
      if (killedBehind-- == 0) {
        throw new KilledException();
      }
      return refusal;
    }
  }

  @Test
  void refusedRowsAreLoadedAndLeaveATrace() throws Exception {
    write("rows/run-00000-of-00001.jsonl", refused(1, "{\"id\":1}") + refused(2, "{\"id\":2}"));
    Table table = new Table();

    Replayed replayed = replay(files, Selection.ALL, table, false);

    assertThat(table.rows).containsExactly("t {\"id\":1}", "t {\"id\":2}").inOrder();
    assertThat(replayed.rows()).containsExactly("t", 2L);
    String done =
        names().stream().filter(name -> name.endsWith(".done.json")).findFirst().orElseThrow();
    assertThat(names())
        .containsExactly(
            done, "replayed/batches/000001.json", "replayed/rows/run-00000-of-00001.jsonl.json");
    assertThat(read(done)).contains("\"tables\":{\"t\":2}");
    assertThat(read(done)).contains("\"replayed\":\"20");
    assertThat(replay(files, Selection.ALL, table, false).rows()).isEmpty();
    assertThat(table.rows).hasSize(2);
  }

  @Test
  void tablesOfAsManyRowsAreLoadedEach() throws Exception {
    write(
        "rows/a.jsonl",
        refused(1, "{\"id\":1}") + refused(2, "{\"id\":2}").replace("\"t\"", "\"u\""));
    Table table = new Table();

    assertThat(replay(files, Selection.ALL, table, false).rows()).containsExactly("t", 1L, "u", 1L);
    assertThat(table.rows).containsExactly("t {\"id\":1}", "u {\"id\":2}");
  }

  @Test
  void whatWasBegunGoesNowhereElse() throws Exception {
    writeMixture();
    Table table = new Table();
    table.killedBehind = 0;
    killReplay(files, table);

    Table other = new Table();
    other.place = "other";
    IOException e =
        assertThrows(IOException.class, () -> replay(files, Selection.ALL, other, false));
    assertThat(e).hasMessageThat().contains("a replay into tables was stopped");
    assertThrows(IOException.class, () -> replay(files, Selection.ALL, table, true));
    assertThat(other.rows).isEmpty();
    repeatAndCheck(table, "once more");
  }

  /** Batches may be deleted by age, one file of each before the other. */
  @Test
  void tracesOfABatchThatIsGoneAreNoneOfTheNext() throws Exception {
    for (int i = 1; i <= 2; i++) {
      write("rows/a.jsonl", refused(i, "{\"id\":" + i + "}"));
      Table table = new Table();

      assertThat(replay(files, Selection.ALL, table, false).rows()).containsExactly("t", 1L);
      assertThat(table.rows).hasSize(1);
      files.delete(files.find(temp + "/dead/replayed/batches/000001.json"));
      files.delete(files.find(temp + "/dead/replayed/rows/a.jsonl.json"));
    }
  }

  /** Jackson's own limit is 20,000,000 characters. */
  @Test
  void aValueMayBeLong() throws Exception {
    write("rows/a.jsonl", refused(1, "{\"v\":\"" + "x".repeat(20_000_001) + "\"}"));
    Table table = new Table();

    assertThat(replay(files, Selection.ALL, table, false).rows()).containsExactly("t", 1L);
    assertThat(table.rows.get(0)).hasLength(20_000_011);
  }

  @Test
  void withLineageARowTellsWhereItIsFrom() throws Exception {
    write("rows/a.jsonl", refused(7, "{\"id\":1}") + refused(8, "{}"));
    Table table = new Table();

    var unused = replay(files, Selection.ALL, table, true);

    String file = "\"_file\":{\"uri\":\"/in/a.xml\",\"generation\":\"g\",\"record\":";
    assertThat(table.rows)
        .containsExactly("t {\"id\":1," + file + "7}}", "t {" + file + "8}}")
        .inOrder();
  }

  @Test
  void invalidRecordsBecomeRowsByTheMappingOfNow() throws Exception {
    write(
        "rows/a.jsonl",
        invalid(3, CONTEXT, "<p:order id=\\\"3\\\"><p:v>ä &lt; b</p:v></p:order>")
            + invalid(4, CONTEXT, "<p:order id=\\\"4\\\"/>"));
    Table table = new Table();

    Replayed replayed = replay(files, Selection.ALL, table, true);

    assertThat(replayed.staying()).isEmpty();
    assertThat(table.rows)
        .containsExactly(
            "t {\"id\":3,\"v\":\"ä < b\",\"_file\":{\"uri\":\"/in/a.xml\",\"generation\":\"g\",\"record\":3}}",
            "t {\"id\":4,\"_file\":{\"uri\":\"/in/a.xml\",\"generation\":\"g\",\"record\":4}}")
        .inOrder();
    assertThat(names().stream().filter(name -> name.startsWith("rows/"))).isEmpty();
  }

  @Test
  void recordsThatAreInvalidStillStay() throws Exception {
    String bad = invalid(3, CONTEXT, "<p:order id=\\\"x\\\"/>");
    String old =
        "{\"table\":\"t\",\"reason\":\"INVALID_VALUE\",\"uri\":\"/in/a.xml\",\"generation\":\"g\",\"record\":5,\"xml\":\"<order/>\"}\n";
    String other = invalid(6, "<?xml version=\\\"1.0\\\"?><orders>", "<order id=\\\"1\\\"/>");
    String damaged = invalid(7, CONTEXT, "<p:order id=\\\"7\\\">");
    write("rows/a.jsonl", bad + old + refused(9, "{\"id\":9}") + other + damaged);
    write("rows/b.jsonl", bad);
    Table table = new Table();

    Replayed replayed = replay(files, Selection.ALL, table, false);

    assertThat(table.rows).containsExactly("t {\"id\":9}");
    assertThat(replayed.recordsStaying()).isEqualTo(5);
    assertThat(replayed.staying().get(0)).startsWith("/in/a.xml#g, record 3: INVALID_VALUE: ");
    assertThat(rowsLeft()).hasSize(5);
    assertThat(names()).contains("rows/b.jsonl");
    // What stays is what was there, and can be replayed when it is mended.
    assertThat(replay(files, Selection.ALL, table, false).recordsStaying()).isEqualTo(5);
    assertThat(table.rows).hasSize(1);
  }

  @Test
  void onlyWhatIsWantedIsTaken() throws Exception {
    write(
        "rows/a.jsonl", refused(1, "{\"id\":1}") + invalid(2, CONTEXT, "<p:order id=\\\"2\\\"/>"));
    Table table = new Table();

    var unused = replay(files, new Selection(Set.of("REFUSED"), null, null), table, false);

    assertThat(table.rows).containsExactly("t {\"id\":1}");
    assertThat(rowsLeft()).hasSize(1);
    assertThat(replay(files, Selection.ALL, table, false).rows()).containsExactly("t", 1L);
    assertThat(table.rows).containsExactly("t {\"id\":1}", "t {\"id\":2}").inOrder();
    assertThat(rowsLeft()).isEmpty();
  }

  @Test
  void rowsThatAreRefusedOnceMoreStayAndNoOthers() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      lines.append(refused(i, "{\"id\":%d}".formatted(i == 41 || i == 77 ? 13 : 200 + i)));
    }
    write("rows/a.jsonl", lines.toString());
    Table table = new Table();

    Replayed replayed = replay(files, Selection.ALL, table, false);

    assertThat(table.rows).hasSize(98);
    assertThat(replayed.recordsStaying()).isEqualTo(2);
    assertThat(replayed.staying()).contains("t: no thirteen");
    assertThat(rowsLeft()).hasSize(2);
    assertThat(rowsLeft().get(0)).contains("\"record\":41,");
  }

  @Test
  void aDryRunCountsAndChangesNothing() throws Exception {
    write(
        "rows/a.jsonl", refused(1, "{\"id\":1}") + invalid(2, CONTEXT, "<p:order id=\\\"2\\\"/>"));

    Replayed replayed = replay(files, Selection.ALL, null, false);

    assertThat(replayed.rows()).containsExactly("t", 2L);
    assertThat(names()).containsExactly("rows/a.jsonl");
  }

  /** Also where some are refused, some are still invalid, and some aren't wanted. */
  @Test
  void aReplayThatIsKilledAnywhereAndRepeatedComesOutTheSame() throws Exception {
    for (boolean behind : List.of(false, true)) {
      int last = 0;
      boolean killed = true;
      while (killed) {
        assertThat(++last).isLessThan(MOST_CHANGES);
        writeMixture();
        Table table = new Table();
        KilledStore mortal = new KilledStore(files, last, behind);
        killReplay(mortal, table);
        killed = mortal.wasKilled();
        repeatAndCheck(table, behind + " " + last);
      }
      assertThat(last).isAtLeast(10);
    }
  }

  @Test
  void aReplayThatIsKilledBehindALoadLoadsItOnce() throws Exception {
    for (int load = 0; load < 6; load++) {
      writeMixture();
      Table table = new Table();
      table.killedBehind = load;
      killReplay(files, table);
      repeatAndCheck(table, "load " + load);
    }
  }

  private void writeMixture() throws IOException {
    files.visit(temp + "/dead/", file -> files.delete(files.find(file.uri())));
    write(
        "rows/a.jsonl",
        refused(1, "{\"id\":1}")
            + refused(2, "{\"id\":13}")
            + invalid(3, CONTEXT, "<p:order id=\\\"3\\\"/>")
            + invalid(4, CONTEXT, "<p:order id=\\\"x\\\"/>"));
    write("rows/b.jsonl", refused(5, "{\"id\":5}"));
  }

  private void killReplay(FileStore store, Table table) throws IOException {
    try {
      var unused = replay(store, Selection.ALL, table, false);
    } catch (KilledException e) {
      // It is repeated.
    }
  }

  private void repeatAndCheck(Table table, String when) throws IOException {
    table.killedBehind = -1;
    var unused = replay(files, Selection.ALL, table, false);

    assertWithMessage(when)
        .that(table.rows)
        .containsExactly("t {\"id\":1}", "t {\"id\":3}", "t {\"id\":5}");
    List<String> left = rowsLeft();
    assertWithMessage(when).that(left).hasSize(2);
    assertThat(left.stream().filter(line -> line.contains("\"record\":2,"))).hasSize(1);
    assertThat(left.stream().filter(line -> line.contains("\"record\":4,"))).hasSize(1);
  }

  private Replayed replay(
      FileStore store, Selection selection, @Nullable RowsTarget target, boolean lineage)
      throws IOException {
    return new Replay(
            temp + "/dead/",
            selection,
            true,
            new Replay.Rows(mapping(), new Limits(1 << 20), target, lineage),
            target == null)
        .run(store);
  }

  private static Mapping mapping() {
    try {
      return MappingReader.read(MAPPING.getBytes(UTF_8));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String refused(long record, String row) {
    return "{\"table\":\"t\",\"reason\":\"REFUSED\",\"message\":\"no\",\"uri\":\"/in/a.xml\",\"generation\":\"g\",\"record\":%d,\"row\":%s}\n"
        .formatted(record, row);
  }

  private static String invalid(long record, String context, String xml) {
    return "{\"table\":\"t\",\"reason\":\"INVALID_VALUE\",\"message\":\"no\",\"uri\":\"/in/a.xml\",\"generation\":\"g\",\"record\":%d,\"line\":1,\"context\":\"%s\",\"xml\":\"%s\"}\n"
        .formatted(record, context, xml);
  }

  private List<String> rowsLeft() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name : names()) {
      if (name.startsWith("rows/")) {
        try (Stream<String> found = read(name).lines()) {
          found.forEach(lines::add);
        }
      }
    }
    return lines;
  }

  private void write(String name, String content) throws IOException {
    files.replace(temp + "/dead/" + name, out -> out.write(content.getBytes(UTF_8)));
  }

  private String read(String name) throws IOException {
    try (var in = files.open(files.find(temp + "/dead/" + name), 0)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private List<String> names() throws IOException {
    String directory = temp + "/dead/";
    List<String> names = new ArrayList<>();
    files.visit(directory, file -> names.add(file.uri().substring(directory.length())));
    return names;
  }
}
