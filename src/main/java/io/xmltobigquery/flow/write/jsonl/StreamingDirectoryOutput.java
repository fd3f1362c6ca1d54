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

/** A directory of JSON Lines files that a streaming job adds to. */
public final class StreamingDirectoryOutput implements Output<String> {

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
  public RowFormat<String> format(LargeRows largeRows) {
    return new ChunkFiles(directory, lineage);
  }

  /** They are written already. */
  @Override
  public WrittenRows writeRows(PCollection<String> fileNames) {
    return new WrittenRows(List.of(fileNames), Optional.empty());
  }

  @Override
  public PCollection<?> writeOutcomes(PCollection<KV<String, byte[]>> lines) {
    return lines.apply("Write file_loads", WriteJsonLines.to(directory));
  }
}
