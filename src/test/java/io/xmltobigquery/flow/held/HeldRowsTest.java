package io.xmltobigquery.flow.held;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.RowVisitor;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.xml.InvalidRecord;
import io.xmltobigquery.xml.Position;
import io.xmltobigquery.xml.RejectionReason;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is held comes back, in every size and mixture, or is known to be damaged. */
final class HeldRowsTest {

  private static final FileVersion FILE = new FileVersion("gs://b/a.xml", "17", 1);
  private static final FileStore FILES = FileStore.of(PipelineOptionsFactory.create());
  private static final Position START = new Position(1, 1, 0);

  @TempDir Path dir;

  /** Rows are their texts. */
  private record Texts(int bytesAround) implements RowEncoding {
    private static final long serialVersionUID = 1L;

    @Override
    public RowEncoder open(TableColumns table) {
      return new Encoder(new BytesStream());
    }

    @Override
    public int bytesAroundRow(FileVersion file) {
      return bytesAround;
    }

    private record Encoder(BytesStream bytes) implements RowEncoder {
      @Override
      public void append(Row row) throws IOException {
        StringBuilder all = new StringBuilder();
        InvocationHandler visitor =
            (proxy, method, of) -> {
              assertThat(method.getName()).isEqualTo("string");
              all.append((char[]) of[1], (int) of[2], (int) of[3] - (int) of[2]);
              return null;
            };
        row.accept(
            (RowVisitor)
                Proxy.newProxyInstance(
                    RowVisitor.class.getClassLoader(), new Class<?>[] {RowVisitor.class}, visitor));
        bytes.write(all.toString().getBytes(UTF_8));
      }
    }
  }

  /**
   * Many tables and rows of very different lengths, in the order in which a document might have
   * them.
   */
  @ParameterizedTest
  @CsvSource({"1, 10, 100", "3, 5000, 300", "50, 20000, 600", "2, 30, 900000", "1, 25000, 0"})
  void comesBackInItsOrder(int tables, int rows, int longest) throws Exception {
    CompiledMapping mapping = mapping(tables);
    Random random = new Random(tables);
    TestRanges held = new TestRanges(new Texts(50), tables, FILE, FILES, dir + "/run-");
    Map<Integer, List<String>> expected = new HashMap<>();
    Row[] reused = mapping.tables().stream().map(Row::new).toArray(Row[]::new);
    for (int record = 1; record <= rows; record++) {
      int table = random.nextInt(tables);
      if (random.nextInt(10) == 0) {
        InvalidRecord invalid = invalid(record, "x".repeat(random.nextInt(longest + 1)));
        var unused = held.add(invalid);
        expected
            .computeIfAbsent(HeldRange.INVALID_RECORDS, key -> new ArrayList<>())
            .add(invalid.toString());
      } else {
        String text = "é".repeat(random.nextInt(longest / 2 + 1));
        var unused = held.add(row(reused[table], text), record);
        expected.computeIfAbsent(table, key -> new ArrayList<>()).add(record + text);
      }
    }

    List<HeldRange> ranges = held.ranges(1_000_000);

    Map<Integer, List<String>> found = new HashMap<>();
    for (HeldRange range : coded(ranges)) {
      List<String> texts = found.computeIfAbsent(range.table(), key -> new ArrayList<>());
      int before = texts.size();
      long[] bytes = {0};
      if (range.isOfInvalidRecords()) {
        range.visitInvalidRecords(FILES, record -> texts.add(record.toString()));
      } else {
        range.visitRows(
            FILES,
            (record, row, start, length) -> {
              texts.add(record + new String(row, start, length, UTF_8));
              bytes[0] += 50 + length;
            });
        assertThat(texts.get(before)).startsWith("" + range.firstRecord());
        assertThat(bytes[0]).isAtMost(Math.max(1_000_000, 512 * 1024 + longest + 50));
      }
      assertThat(range.rows()).isEqualTo(texts.size() - before);
    }
    assertThat(found).isEqualTo(expected);
  }

  /** Twenty rows lie in each row, which comes behind them, and each third one is invalid. */
  @Test
  void whatLiesInAnInvalidRowIsLeftOut() throws Exception {
    Row row = new Row(mapping(1).tables().get(0));
    TestRanges held = new TestRanges(new Texts(0), 1, FILE, FILES, dir + "/run-");
    List<Long> expected = new ArrayList<>();
    for (long outer = 1; outer < 60_000; outer += 21) {
      boolean valid = outer / 21 % 3 != 0;
      for (long inner = outer + 1; inner <= outer + 20; inner++) {
        if (inner == outer + 7) {
          var unused = held.add(invalid(inner, "<r/>"));
        } else {
          var unused = held.add(row(row, "x"), inner);
        }
        if (valid && inner != outer + 7) {
          expected.add(inner);
        }
      }
      if (valid) {
        var unused = held.add(row(row, "x"), outer);
        expected.add(outer);
      } else {
        var unused = held.drop(outer).add(invalid(outer, "<r/>"));
      }
    }
    List<Long> rows = new ArrayList<>();
    List<Long> invalid = new ArrayList<>();
    for (HeldRange range : coded(held.ranges(100_000))) {
      if (range.isOfInvalidRecords()) {
        range.visitInvalidRecords(FILES, record -> invalid.add(record.number()));
      } else {
        range.visitRows(FILES, (record, bytes, start, length) -> rows.add(record));
      }
    }
    assertThat(rows).isEqualTo(expected);
    assertThat(invalid.subList(0, 4)).containsExactly(1L, 22L + 7, 43L + 7, 64L).inOrder();
  }

  /** A request costs as much as to read a megabyte does. */
  @ParameterizedTest
  @CsvSource({"2, 1", "5, 4"})
  void whatLiesCloseTogetherIsReadWithOneRequest(int tables, int requests) throws Exception {
    CompiledMapping mapping = mapping(tables);
    TestRanges held = new TestRanges(new Texts(0), tables, FILE, FILES, dir + "/run-");
    for (int record = 0; record < 4 * tables; record++) {
      Row row = new Row(mapping.tables().get(record % tables));
      var unused = held.add(row(row, "x".repeat(600_000)), record + 1);
    }
    int[] opened = {0};
    FileStore counting =
        (FileStore)
            Proxy.newProxyInstance(
                FileStore.class.getClassLoader(),
                new Class<?>[] {FileStore.class},
                (proxy, method, of) -> {
                  opened[0] += method.getName().equals("open") ? 1 : 0;
                  return method.invoke(FILES, of);
                });

    List<HeldRange> ranges = held.ranges(Long.MAX_VALUE);

    assertThat(ranges).hasSize(tables);
    for (HeldRange range : ranges) {
      opened[0] = 0;
      List<Long> records = new ArrayList<>();
      range.visitRows(counting, (record, row, start, length) -> records.add(record));
      assertThat(records).hasSize(4);
      assertThat(opened[0]).isEqualTo(requests);
    }
  }

  @Test
  void fewRowsAreHeldInMemoryAndManyInOneFile() throws Exception {
    Row row = new Row(mapping(1).tables().get(0));
    TestRanges few = new TestRanges(new Texts(0), 1, FILE, FILES, dir + "/few-");
    TestRanges many = new TestRanges(new Texts(0), 1, FILE, FILES, dir + "/many-");
    for (int record = 1; record <= 1_100; record++) {
      if (record <= 900) {
        var unused = few.add(row(row, "x".repeat(1_100)), record);
      }
      var unused = many.add(row(row, "x".repeat(1_100)), record);
    }

    assertThat(few.ranges(Long.MAX_VALUE).get(0).isStored()).isFalse();
    assertThat(many.ranges(Long.MAX_VALUE).get(0).isStored()).isTrue();
    assertThat(files()).hasSize(1);
    assertThat(files().get(0)).startsWith("many-");
  }

  @Test
  void anUnfinishedPartLeavesNoFile() throws Exception {
    Row row = new Row(mapping(1).tables().get(0));
    try (HoldRows hold = new HoldRows(new Texts(0), 1, FILE, FILES, dir + "/run-", 1)) {
      for (int record = 1; record <= 2_000; record++) {
        hold.row(row(row, "x".repeat(1_100)), record);
      }
      assertThat(files()).hasSize(1);
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void numbersAndPlacesCountFromThePartsStart() throws Exception {
    CompiledMapping mapping = mapping(1);
    TestRanges held =
        new TestRanges(new Texts(0), 1, FILE, FILES, dir + "/run-")
            .add(row(new Row(mapping.tables().get(0)), "x"), 7)
            .add(invalid(8, "<r/>"));
    List<HeldRange> moved =
        TestRanges.moved(held.ranges(Long.MAX_VALUE), 1_000, new Position(50, 60, 70));

    List<Object> found = new ArrayList<>();
    for (HeldRange range : moved) {
      if (range.isOfInvalidRecords()) {
        range.visitInvalidRecords(FILES, found::add);
      } else {
        range.visitRows(FILES, (record, row, start, length) -> found.add(record));
      }
    }

    InvalidRecord invalid = invalid(8, "<r/>");
    assertThat(found)
        .containsExactly(
            1_007L,
            new InvalidRecord(
                invalid.table(),
                1_008,
                invalid.reason(),
                invalid.message(),
                new Position(50, 62, 300),
                invalid.xml(),
                invalid.rowsInside(),
                invalid.context()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyDamageIsFound(boolean cutOff) throws Exception {
    Row row = new Row(mapping(1).tables().get(0));
    HeldRange range =
        new TestRanges(new Texts(0), 1, FILE, FILES, dir + "/run-")
            .add(row(row, "first"), 1)
            .add(row(row, "second"), 300)
            .ranges(Long.MAX_VALUE)
            .get(0);
    byte[] blocks = ((HeldContent.Inline) range.content()).blocks();
    assertThat(blocks.length).isGreaterThan(Block.HEADER_BYTES);

    for (int at = 0; at < blocks.length; at++) {
      byte[] damaged = blocks.clone();
      damaged[at] ^= 0x10;
      byte[] content = cutOff ? Arrays.copyOf(blocks, at) : damaged;
      HeldRange other = new HeldRange(FILE, 0, 1, 2, 0, START, new HeldContent.Inline(content));
      assertThrows(
          HeldRowsException.class,
          () -> other.visitRows(FILES, (record, bytes, start, length) -> {}),
          () -> "byte of the block");
    }
  }

  @Test
  void heldRowsThatAreGoneAreTold() {
    HeldRange range = TestRanges.stored(FILE, START, dir + "/none.held");

    HeldRowsException e =
        assertThrows(
            HeldRowsException.class,
            () -> range.visitRows(FILES, (record, bytes, start, length) -> {}));

    assertWithMessage("its name and what to do")
        .that(e)
        .hasMessageThat()
        .matches(".*/none\\.held is gone.*docs/RUNBOOK\\.md");
  }

  private static List<HeldRange> coded(List<HeldRange> ranges) throws Exception {
    List<HeldRange> coded = new ArrayList<>();
    for (HeldRange range : ranges) {
      coded.add(CoderUtils.clone(new HeldRangeCoder(), range));
    }
    return coded;
  }

  private static InvalidRecord invalid(long record, String xml) {
    return new InvalidRecord(
        "t0", record, RejectionReason.INVALID_VALUE, "no", new Position(1, 3, 300), xml, 2, "<t>");
  }

  private static Row row(Row row, String text) throws Exception {
    row.clear();
    int start = row.textEnd();
    row.append(text);
    assertThat(row.add(0, row.table().columns().get(0), start, row.textEnd()))
        .isEqualTo(Row.Added.VALUE);
    return row;
  }

  private static CompiledMapping mapping(int tables) throws Exception {
    String all =
        IntStream.range(0, tables)
            .mapToObj(
                i ->
                    "{\"table\": \"t%d\", \"record\": \"/l/r%d\", \"fields\": [{\"name\": \"x\", \"type\": \"STRING\"}]}"
                        .formatted(i, i))
            .collect(Collectors.joining(", ", "{\"tables\": [", "]}"));
    Mapping mapping = MappingReader.read(all.getBytes(UTF_8));
    return CompiledMapping.of(mapping);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
