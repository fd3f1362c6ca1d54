package io.xmltobigquery.flow.write.jsonl;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.TestRanges;
import io.xmltobigquery.rows.Row;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/** Rows as lines, held and released. */
public final class TestLines {

  private static final FileVersion ANY = new FileVersion("a", "1", 1);
  private static final FileStore FILES = FileStore.of(PipelineOptionsFactory.create());

  private TestLines() {}

  /**
   * A row, without its line feed.
   *
   * @param lineage for the lineage column, or null for none
   */
  public static String of(Row row, @Nullable FileVersion lineage, long record) throws IOException {
    JsonLines lines = new JsonLines(lineage != null);
    FileVersion file = lineage == null ? ANY : lineage;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (HeldRange range :
        new TestRanges(lines, row.table().id() + 1, file, FILES, "none/")
            .add(row, record)
            .ranges(1)) {
      lines.release(range, FILES, out);
    }
    return out.toString(UTF_8).strip();
  }
}
