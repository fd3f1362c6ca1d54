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
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/** A directory of JSON Lines files, with the schemas that a load job needs for them. */
public final class DirectoryOutput implements Output {

  private final String directory;
  private final Mapping mapping;
  private final boolean lineage;
  private final boolean clearsInput;

  /**
   * Describes the output.
   *
   * @param directory with a slash at the end, and no glob characters
   * @param lineage whether rows get the lineage column
   * @param clearsInput whether files whose rows are safe are deleted or moved away
   */
  public DirectoryOutput(String directory, Mapping mapping, boolean lineage, boolean clearsInput) {
    this.directory = directory;
    this.mapping = mapping;
    this.lineage = lineage;
    this.clearsInput = clearsInput;
  }

  @Override
  public void check(PipelineOptions options) throws IOException {
    outputDirectory(options).check();
  }

  @Override
  public void prepare(PipelineOptions options) throws IOException {
    outputDirectory(options).prepare(clearsInput);
  }

  private OutputDirectory outputDirectory(PipelineOptions options) {
    return new OutputDirectory(FileStore.of(options), directory, mapping, lineage);
  }

  @Override
  public RowEncoding encoding() {
    return new JsonLines(lineage);
  }

  @Override
  public WrittenRows writeRows(PCollection<HeldRange> rows, LargeRows largeRows) {
    List<String> tables = mapping.tables().stream().map(TableMapping::table).toList();
    Release<KV<String, byte[]>> release =
        Release.by(new LineBlocks(new JsonLines(lineage), tables), WriteJsonLines.CODER);
    PCollection<String> names =
        rows.apply("Release rows", release)
            .get(release.elements())
            .apply("Write rows", WriteJsonLines.to(directory));
    return new WrittenRows(List.of(names), List.of(), Optional.empty());
  }

  @Override
  public PCollection<?> writeOutcomes(PCollection<KV<String, byte[]>> lines) {
    return lines.apply("Write file_loads", WriteJsonLines.to(directory));
  }
}
