package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.Warning;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A row that is invalid takes the rows inside it with it, wherever its fault is. */
class ParentInvalidTest {

  private static final Engine ENGINE =
      Engine.of(
          """
          {'tables': [
            {'table': 'g', 'record': '/l/g', 'unknown': 'ignore', 'fields': [
              {'name': 'a', 'type': 'INT64', 'source': '@a'}, {'name': 'z', 'type': 'INT64'}]},
            {'table': 'r', 'record': '/l/g/r', 'unknown': 'ignore', 'fields': [
              {'name': 'n', 'type': 'INT64', 'source': '@n'}]},
            {'table': 's', 'record': '/l/g/r/s', 'unknown': 'ignore', 'fields': [
              {'name': 'n', 'type': 'INT64', 'source': '@n'}]}]}
          """);

  private record Held(TreeMap<Long, String> rows, TreeMap<Long, InvalidRecord> invalid) {}

  private static final class Sink implements RecordSink<Held> {
    private final Held held = new Held(new TreeMap<>(), new TreeMap<>());

    @Override
    public void row(Row row, long record) throws IOException {
      held.rows.put(record, row.table().name() + RowJson.of(row).toString().replace('"', '\''));
    }

    @Override
    public void invalid(InvalidRecord record) {
      held.invalid.put(record.number(), record);
    }

    @Override
    public void drop(long record) {
      held.rows.tailMap(record, false).clear();
      held.invalid.tailMap(record, false).clear();
    }

    @Override
    public Held finish() {
      return held;
    }

    @Override
    public void close() {
      // Nothing but memory is held.
    }
  }

  private static ReadDocument<Held> read(Engine engine, String document) throws Exception {
    return engine.readAllowingInvalidRecords(Engine.source(document), List.of(), Sink::new);
  }

  private static List<String> warnings(ReadDocument<Held> read) {
    return Warning.of(CompiledMapping.of(ENGINE.mapping()), read.coverage(), read.records())
        .stream()
        .filter(warning -> warning.kind() == Warning.Kind.PARENT_INVALID)
        .map(Warning::sentence)
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "<g a='x'>INSIDE<z>1</z></g>",
    "<g a='1'>INSIDE<z>x</z></g>",
    "<g a='1'><r n='1'><s n='1'/></r><z>x</z><r n='x'><s n='x'/><s n='1'/></r></g>",
  })
  void takesTheRowsInsideWithIt(String bad) throws Exception {
    String inside = "<r n='1'><s n='1'/></r><r n='x'><s n='x'/><s n='1'/></r>";
    String invalid = bad.replace("INSIDE", inside);
    ReadDocument<Held> read =
        read(ENGINE, "<l><g><r n='7'/></g>" + invalid + "<g><r n='8'><s n='9'/></r></g></l>");

    Held held = read.parts().get(0).held();
    assertThat(held.rows().values())
        .containsExactly("g{}", "r{'n':7}", "g{}", "r{'n':8}", "s{'n':9}")
        .inOrder();
    assertThat(held.invalid()).hasSize(1);
    InvalidRecord record = held.invalid().get(3L);
    assertThat(record.table()).isEqualTo("g");
    assertThat(record.xml()).isEqualTo(invalid);
    assertThat(record.rowsInside()).isEqualTo(5);
    assertThat(read.rows()).containsExactly(2L, 2L, 1L).inOrder();
    assertThat(read.invalidRecords()).containsExactly(1L, 0L, 0L).inOrder();
    assertThat(warnings(read))
        .containsExactly(
            "r: rows are left out with an invalid row around them, 2×",
            "s: rows are left out with an invalid row around them, 3×");
  }

  @Test
  void leavesTheRowAroundItAlone() throws Exception {
    ReadDocument<Held> read =
        read(
            ENGINE, "<l><g a='1'><r n='x'><s n='1'/><s n='x'/></r><r n='2'><s n='x'/></r></g></l>");

    Held held = read.parts().get(0).held();
    assertThat(held.rows().values()).containsExactly("g{'a':1}", "r{'n':2}").inOrder();
    assertThat(held.invalid().values().stream().map(InvalidRecord::xml).toList())
        .containsExactly("<r n='x'><s n='1'/><s n='x'/></r>", "<s n='x'/>");
    assertThat(read.rows()).containsExactly(1L, 1L, 0L).inOrder();
    assertThat(read.invalidRecords()).containsExactly(0L, 1L, 1L).inOrder();
    assertThat(warnings(read))
        .containsExactly("s: rows are left out with an invalid row around them, 2×");
  }

  @Test
  void whatIsLongerThanOneRecordMayBeRejectsTheFile() throws Exception {
    String document = "<l><g>" + "<r n='1'/>".repeat(100) + "<z>x</z></g></l>";
    assertThat(read(ENGINE.withMaxRecordBytes(1_200), document).records())
        .containsExactly(1L, 0L, 0L)
        .inOrder();
    List<RejectionReason> reasons = new ArrayList<>();
    try {
      var unused = read(ENGINE.withMaxRecordBytes(900), document);
    } catch (RejectedException e) {
      reasons.add(e.reason());
    }
    assertThat(reasons).containsExactly(RejectionReason.INVALID_VALUE);
  }
}
