package io.xmltobigquery.flow.write.jsonl;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.Release;
import io.xmltobigquery.flow.held.RowEncoding;
import io.xmltobigquery.flow.write.LargeRows;
import io.xmltobigquery.flow.write.Output;
import io.xmltobigquery.flow.write.WrittenRows;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.TableMapping;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/** A directory of JSON Lines files that a streaming job adds to. */
public final class StreamingDirectoryOutput implements Output {

  private final String directory;
  private final Mapping mapping;
  private final boolean lineage;

  /**
   * Describes the output.
   *
   * @param directory with a slash at the end
   * @param lineage whether rows get the lineage column
   */
  public StreamingDirectoryOutput(String directory, Mapping mapping, boolean lineage) {
    this.directory = directory;
    this.mapping = mapping;
    this.lineage = lineage;
  }

  @Override
  public void prepare(PipelineOptions options) throws IOException {
    SchemaFiles.write(FileStore.of(options), directory, mapping, lineage);
  }

  @Override
  public RowEncoding encoding() {
    return new JsonLines(lineage);
  }

  @Override
  public WrittenRows writeRows(PCollection<HeldRange> rows, LargeRows largeRows) {
    List<String> tables = mapping.tables().stream().map(TableMapping::table).toList();
    Release<String> release =
        Release.by(new LineFiles(new JsonLines(lineage), directory, tables), StringUtf8Coder.of());
    PCollectionTuple released = rows.apply("Release rows", release);
    return new WrittenRows(
        List.of(released.get(release.elements())),
        List.of(released.get(release.releasedRanges())),
        Optional.empty());
  }

  @Override
  public PCollection<?> writeOutcomes(PCollection<KV<String, byte[]>> lines) {
    return lines.apply("Write file_loads", WriteJsonLines.to(directory));
  }
}
