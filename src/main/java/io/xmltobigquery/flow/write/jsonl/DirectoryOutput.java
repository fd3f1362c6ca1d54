package io.xmltobigquery.flow.write.jsonl;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.flow.read.RowFormat;
import io.xmltobigquery.flow.write.LargeRows;
import io.xmltobigquery.flow.write.Output;
import io.xmltobigquery.flow.write.WrittenRows;
import io.xmltobigquery.mapping.Mapping;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/** A directory of JSON Lines files, with the schemas that a load job needs for them. */
public final class DirectoryOutput implements Output<KV<String, byte[]>> {

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
  public RowFormat<KV<String, byte[]>> format(LargeRows largeRows) {
    return new JsonLines(lineage);
  }

  @Override
  public WrittenRows writeRows(PCollection<KV<String, byte[]>> rows) {
    return new WrittenRows(
        List.of(rows.apply("Write rows", WriteJsonLines.to(directory))), Optional.empty());
  }

  @Override
  public PCollection<?> writeOutcomes(PCollection<KV<String, byte[]>> lines) {
    return lines.apply("Write file_loads", WriteJsonLines.to(directory));
  }
}
