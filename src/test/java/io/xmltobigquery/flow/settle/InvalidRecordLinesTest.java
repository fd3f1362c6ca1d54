package io.xmltobigquery.flow.settle;

import static com.google.common.truth.Truth.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.RowEncoding;
import io.xmltobigquery.flow.held.TestRanges;
import io.xmltobigquery.flow.write.jsonl.DirectoryOutput;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.xml.InvalidRecord;
import io.xmltobigquery.xml.Position;
import io.xmltobigquery.xml.RejectionReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InvalidRecordLinesTest {

  private static final FileVersion FILE = new FileVersion("gs://b/a b.xml", "17", 1);
  private static final RowEncoding NO_ROWS =
      new DirectoryOutput("", MappingReader.defaultMapping(), false, false).encoding();

  @TempDir Path dir;

  private final FileStore files = FileStore.of(PipelineOptionsFactory.create());

  @Test
  void aLineSaysWhatIsWrongAndWhere() throws IOException {
    List<byte[]> lines = release(invalid(7, "<r>\n\"é😀</r>"), new Position(100, 50, 1_000));

    assertThat(lines).hasSize(1);
    JsonNode line = new ObjectMapper().readTree(lines.get(0));
    assertThat(line.toString())
        .isEqualTo(
            "{\"table\":\"t\",\"reason\":\"INVALID_VALUE\",\"message\":\"no\",\"uri\":\"gs://b/a b.xml\","
                + "\"generation\":\"17\",\"record\":1007,\"line\":101,\"column\":3,\"byte_offset\":2000,"
                + "\"context\":\"<?xml version=\\\"1.0\\\"?><t>\","
                + "\"xml\":\"<r>\\n\\\"é😀</r>\"}");
    assertThat(lines.get(0)[lines.get(0).length - 1]).isEqualTo('\n');
    assertThat(kept()).isEmpty();
  }

  @Test
  void aLargeRecordGoesRightIntoAFileOnce() throws IOException {
    String xml = "<r>" + "é".repeat(1_100_000) + "</r>";

    for (int attempt = 0; attempt < 2; attempt++) {
      assertThat(release(invalid(7, xml), new Position(1, 1, 0))).isEmpty();
    }

    assertThat(kept()).containsExactly("run-" + FILE.digest() + "-1007-invalid.jsonl");
    JsonNode line = new ObjectMapper().readTree(dir.resolve("rows/" + kept().get(0)).toFile());
    assertThat(line.get("record").longValue()).isEqualTo(1_007);
    assertThat(line.get("xml").textValue()).isEqualTo(xml);
  }

  private List<byte[]> release(InvalidRecord invalid, Position partStart) throws IOException {
    List<HeldRange> held =
        new TestRanges(NO_ROWS, 1, FILE, files, dir + "/held-").add(invalid).ranges(Long.MAX_VALUE);
    List<byte[]> lines = new ArrayList<>();
    for (HeldRange range : TestRanges.moved(held, 1_000, partStart)) {
      new InvalidRecordLines(dir + "/rows/run-").release(range, files, lines::add);
    }
    return lines;
  }

  private static InvalidRecord invalid(long number, String xml) {
    return new InvalidRecord(
        "t",
        number,
        RejectionReason.INVALID_VALUE,
        "no",
        new Position(2, 3, 2_000),
        xml,
        0,
        "<?xml version=\"1.0\"?><t>");
  }

  private List<String> kept() throws IOException {
    if (Files.notExists(dir.resolve("rows"))) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(dir.resolve("rows"))) {
      return found.map(file -> file.getFileName().toString()).toList();
    }
  }
}
