package io.xmltobigquery.flow.write.bigquery;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.protobuf.Any;
import io.xmltobigquery.Collected;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.HeldRangeCoder;
import io.xmltobigquery.flow.held.TestRanges;
import io.xmltobigquery.flow.write.LargeRows;
import io.xmltobigquery.flow.write.RefusedRow;
import io.xmltobigquery.flow.write.WrittenRows;
import io.xmltobigquery.flow.write.bigquery.beam.EnvelopeServices;
import io.xmltobigquery.flow.write.bigquery.wire.AddedColumns;
import io.xmltobigquery.flow.write.bigquery.wire.TestRows;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.options.DatasetName;
import io.xmltobigquery.options.WriteMode;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code --writeMode=upsert} leaves in a table, whatever comes when and how often. */
final class UpsertsTest {

  private static final AddedColumns CHANGES = new AddedColumns(false, true);
  private static final FileStore FILES = FileStore.of(PipelineOptionsFactory.create());
  private static final String STREAM = "projects/p/datasets/d/tables/t/streams/_default";

  @TempDir Path dir;

  private final TableColumns table =
      TestRows.table("{'name': 'k', 'type': 'INT64'}, {'name': 'v', 'type': 'STRING'}");

  /** BigQueryIO keeps connections to streams by their names, for the whole process. */
  private final DatasetName dataset =
      new DatasetName("local-project", "d" + UUID.randomUUID().toString().replace("-", ""));

  private final FakeChanges bigQuery = new FakeChanges(Map.of("t", List.of("k")));

  /**
   * A change that a file version has.
   *
   * @param entry the file's number in its archive, or 0
   * @param value the new value, or null if the row is deleted
   */
  private record Change(FileVersion file, int entry, long record, int key, String value) {
    static final Comparator<Change> ORDER =
        Comparator.comparingLong((Change change) -> change.file().order())
            .thenComparingInt(Change::entry)
            .thenComparingLong(Change::record);
  }

  @Test
  void whateverIsLoadedWhenAndHowOftenTheTableIsTheSame() throws Exception {
    Random random = new Random(11);
    for (int run = 0; run < 50; run++) {
      List<Change> changes = randomChanges(random);
      List<HeldRange> ranges = new ArrayList<>(held(changes));
      ranges.addAll(sublist(ranges, random));
      ranges.addAll(sublist(ranges, random));
      Collections.shuffle(ranges, random);
      FakeChanges fresh = new FakeChanges(Map.of("t", List.of("k")));

      for (HeldRange range : ranges) {
        write(range, fresh);
      }

      assertWithMessage("run %s: %s", run, changes)
          .that(values(fresh))
          .isEqualTo(expected(changes));
    }
  }

  /** Everything a streaming job may do with files: late ones first, and again. */
  @Test
  void aStreamingJobLeavesTheSameTable() throws Exception {
    FileVersion first = new FileVersion("gs://b/a.xml", "1700000000000000", 1);
    FileVersion second = new FileVersion("gs://b/a.xml", "1700000000000001", 1);
    FileVersion archive = new FileVersion("gs://b/z.zip", "1600000000000000", 1);
    List<Change> changes =
        List.of(
            new Change(first, 0, 1, 1, "old"),
            new Change(first, 0, 2, 2, "stays"),
            new Change(first, 0, 3, 3, "goes"),
            new Change(second, 0, 1, 1, "new"),
            new Change(second, 0, 2, 3, null),
            new Change(second, 0, 3, 4, "twice"),
            new Change(second, 0, 16, 4, "and last"),
            new Change(archive.entry("b.xml"), 1, 9, 5, "in the archive's first file"),
            new Change(archive.entry("a.xml"), 2, 1, 5, "in its second"));
    List<HeldRange> ranges = held(changes);
    Collections.reverse(ranges);
    TestStream.Builder<HeldRange> stream = TestStream.create(new HeldRangeCoder());
    for (int round = 0; round < 2; round++) {
      for (HeldRange range : ranges) {
        stream = stream.addElements(range);
      }
      Collections.reverse(ranges);
    }

    Collected<RefusedRow> refused = run(stream);

    assertThat(values(bigQuery))
        .containsExactly(1, "new", 2, "stays", 4, "and last", 5, "in its second");
    assertThat(refused.elements()).isEmpty();
  }

  @Test
  void aRefusedRowTellsWhatItChanges() throws Exception {
    FileVersion file = new FileVersion("gs://b/a.xml", "255", 1);
    bigQuery.refuse("bad");
    TestStream.Builder<HeldRange> stream = TestStream.create(new HeldRangeCoder());
    for (HeldRange range :
        held(List.of(new Change(file, 0, 17, 1, "bad"), new Change(file, 0, 18, 2, "good")))) {
      stream = stream.addElements(range);
    }

    Collected<RefusedRow> refused = run(stream);

    assertThat(values(bigQuery)).containsExactly(2, "good");
    assertThat(refused.elements().stream().map(RefusedRow::row))
        .containsExactly(
            "{\"k\":1,\"v\":\"bad\",\"_CHANGE_TYPE\":\"UPSERT\",\"_CHANGE_SEQUENCE_NUMBER\":\"FF/0/11\"}");
  }

  /** Where there are no generations, it is the time of the last change. */
  @Test
  void localFilesAreInTheOrderOfTheirChanges() throws Exception {
    FileVersion later = new FileVersion("/in/a.xml", "00ff", 1, Instant.ofEpochSecond(2));
    FileVersion earlier = new FileVersion("/in/b.xml", "ff00", 1, Instant.ofEpochSecond(1));

    for (HeldRange range :
        held(List.of(new Change(later, 0, 1, 1, "new"), new Change(earlier, 0, 1, 1, "old")))) {
      write(range, bigQuery);
    }

    assertThat(values(bigQuery)).containsExactly(1, "new");
  }

  /** The examples of Google's page, for the fake. */
  @Test
  void sequenceNumbersAreComparedAsDocumented() {
    assertThat(FakeChanges.compare("7B", "77")).isGreaterThan(0);
    assertThat(FakeChanges.compare("FFF/ABC", "FFF/B")).isGreaterThan(0);
    assertThat(FakeChanges.compare("ABC", "BA/FFFFFFFF")).isGreaterThan(0);
    assertThat(FakeChanges.compare("FFF/ABC", "ABC")).isGreaterThan(0);
    assertThat(FakeChanges.compare("FFFFFFFFFFFFFFFF", "7FFFFFFFFFFFFFFF")).isGreaterThan(0);
    assertThat(FakeChanges.compare("a/b", "A/B")).isEqualTo(0);
  }

  private static List<Change> randomChanges(Random random) {
    List<Change> changes = new ArrayList<>();
    for (int version = 0; version < 1 + random.nextInt(4); version++) {
      // Numbers whose digits would sort otherwise than they do.
      String generation = Long.toString((1L << (4 * random.nextInt(13))) + version);
      FileVersion file = new FileVersion("gs://b/" + version + ".xml", generation, 1);
      int entries = random.nextInt(4);
      for (int entry = Math.min(1, entries); entry <= entries; entry++) {
        FileVersion of = entry == 0 ? file : file.entry("e" + entry);
        for (long record = 1; record <= 40; record += 1 + random.nextInt(10)) {
          String value = random.nextInt(4) == 0 ? null : version + "/" + entry + "/" + record;
          changes.add(new Change(of, entry, record, random.nextInt(5), value));
        }
      }
    }
    return changes;
  }

  private static Map<Integer, String> expected(List<Change> changes) {
    Map<Integer, String> values = new TreeMap<>();
    changes.stream()
        .sorted(Change.ORDER)
        .forEach(
            change -> {
              if (change.value() == null) {
                values.remove(change.key());
              } else {
                values.put(change.key(), change.value());
              }
            });
    return values;
  }

  private static <T> List<T> sublist(List<T> list, Random random) {
    return List.copyOf(list.subList(random.nextInt(list.size()), list.size()));
  }

  /** The rows of each file, as they are held; those of a file in as many ranges as there are. */
  private List<HeldRange> held(List<Change> changes) throws Exception {
    Map<FileVersion, TestRanges> files = new HashMap<>();
    Map<FileVersion, Integer> entries = new HashMap<>();
    for (Change change : changes) {
      TestRanges file =
          files.computeIfAbsent(
              change.file(),
              key ->
                  new TestRanges(
                      new EnvelopedEncoding(CHANGES),
                      1,
                      key,
                      FILES,
                      dir + "/held/" + key.digest()));
      entries.put(change.file(), change.entry());
      var unused = file.add(row(change), change.record());
    }
    List<HeldRange> ranges = new ArrayList<>();
    for (Map.Entry<FileVersion, TestRanges> file : files.entrySet()) {
      for (HeldRange range : file.getValue().ranges(100)) {
        int entry = entries.get(file.getKey());
        ranges.add(entry == 0 ? range : TestRanges.inArchive(range, file.getKey().id(), entry));
      }
    }
    return ranges;
  }

  private Row row(Change change) {
    Row row = new Row(table);
    TestRows.add(row, TestRows.ROW, table.columns().get(0), Integer.toString(change.key()));
    if (change.value() == null) {
      row.markAsDeletion();
    } else {
      TestRows.add(row, TestRows.ROW, table.columns().get(1), change.value());
    }
    return row;
  }

  private void write(HeldRange range, FakeChanges to) throws Exception {
    TargetTable target = TargetTable.of(table, CHANGES);
    List<Any> rows = new ArrayList<>();
    new EnvelopedRows(table.mapping(), target, CHANGES, new LargeRows(dir + "/rows/", 9_000_000))
        .release(range, FILES, rows::add);
    var unused =
        to.append(STREAM, target.descriptor(), rows.stream().map(Any::getValue).toList()).get();
  }

  private Collected<RefusedRow> run(TestStream.Builder<HeldRange> ranges) throws Exception {
    TestPipeline pipeline = Collected.pipeline();
    PCollection<HeldRange> rows = pipeline.apply("Ranges", ranges.advanceWatermarkToInfinity());
    BigQueryOutput output =
        new BigQueryOutput(
            dataset,
            new Mapping(List.of(table.mapping())),
            WriteMode.UPSERT,
            false,
            new EnvelopeServices(bigQuery));
    WrittenRows written = output.writeRows(rows, new LargeRows(dir + "/rows/", 9_000_000));
    Collected<RefusedRow> refused = Collected.of(written.refused().orElseThrow());
    var unused = pipeline.run();
    return refused;
  }

  private static Map<Integer, String> values(FakeChanges bigQuery) {
    Map<Integer, String> values = new TreeMap<>();
    bigQuery
        .rows("t")
        .values()
        .forEach(row -> values.put(((Long) row.get("k")).intValue(), (String) row.get("v")));
    return values;
  }
}
