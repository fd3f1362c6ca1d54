package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.benchmark.WideRows;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Tables of thousands of columns. Processor time is compared with bounds that a linear search is
 * above by far and a lookup by hash is below by far; {@code make benchmark-engine-shared} has the
 * figures.
 */
class WideRecordsTest {

  private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

  private interface Work {
    void run() throws Exception;
  }

  private static Duration cpuTime(Work work) throws Exception {
    long start = THREAD.getCurrentThreadCpuTime();
    work.run();
    return Duration.ofNanos(THREAD.getCurrentThreadCpuTime() - start);
  }

  private static Duration reading(WideRows wide, int bytes) throws Exception {
    Engine engine = Engine.of(wide.mapping());
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    long rows = wide.writeTo(document, bytes);
    return cpuTime(
        () -> {
          try (RecordReader reader = engine.open(Engine.source(document.toByteArray()))) {
            while (reader.next()) {
              assertThat(reader.isInvalid()).isFalse();
            }
            assertThat(reader.recordNumber()).isEqualTo(rows);
          }
        });
  }

  @Test
  void recordsOf5000ColumnsAreReadAboutAsFastAsThoseOf100() throws Exception {
    // With what is new to the JVM in it, so that there is less to be lost.
    Duration narrow = reading(new WideRows(100), 2_000_000);
    Duration wide = reading(new WideRows(5_000), 2_000_000);

    assertThat(wide).isLessThan(narrow.multipliedBy(5));
  }

  @Test
  void mappingOf10000ColumnsIsCheckedInNoTime() throws Exception {
    byte[] json = new WideRows(10_000).mappingJson().getBytes(UTF_8);

    assertThat(cpuTime(() -> MappingReader.read(json))).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void elementsAreFoundInAnyOrder() throws Exception {
    assertThat(
            Engine.of(new WideRows(20).mapping())
                .rows(
                    "<Rows><Row><Column00016>c</Column00016><Column00001>7</Column00001>"
                        + "<Column00000>a</Column00000><Column00004>b</Column00004></Row></Rows>"))
        .containsExactly("{'Column00000':'a','Column00001':7,'Column00004':'b','Column00016':'c'}");
  }

  @Test
  void namesThatDifferByNamespaceOnlyAreKeptApart() throws Exception {
    Engine engine =
        Engine.of(
            "/l/r",
            "error",
            "{'name': 'a', 'type': 'STRING', 'source': 'x'},"
                + "{'name': 'b', 'type': 'STRING', 'source': '{n}x'},"
                + "{'name': 'c', 'type': 'STRING', 'source': '{m}x'},"
                + "{'name': 'd', 'type': 'STRING', 'source': '@x'},"
                + "{'name': 'e', 'type': 'STRING', 'source': '@{n}x'}");

    assertThat(
            engine.rows(
                "<l xmlns:n='n' xmlns:m='m'><r x='4' n:x='5'><m:x>3</m:x><n:x>2</n:x><x>1</x></r></l>"))
        .containsExactly("{'a':'1','b':'2','c':'3','d':'4','e':'5'}");
  }

  @Test
  void someOfTheExpectedNamesAreInTheMessage() throws Exception {
    Mapping mapping = new WideRows(5_000).mapping();

    RejectedException e =
        assertThrows(
            RejectedException.class,
            () -> Engine.of(mapping).rows("<Rows><Row><Other/></Row></Rows>"));

    assertThat(e).hasMessageThat().contains("expects Column00000, Column00001, ");
    assertThat(e).hasMessageThat().endsWith(", Column000…");
  }
}
