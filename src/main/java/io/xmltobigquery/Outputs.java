package io.xmltobigquery;

import io.xmltobigquery.load.DirectoryOutput;
import io.xmltobigquery.load.Output;
import io.xmltobigquery.load.StreamingDirectoryOutput;
import io.xmltobigquery.load.bigquery.BigQueryOutput;
import io.xmltobigquery.load.bigquery.DatasetName;
import io.xmltobigquery.mapping.Mapping;
import java.io.IOException;
import java.util.Optional;

/** The output that the options name. */
final class Outputs {

  private Outputs() {}

  static Output<?> of(XmlToBigQueryOptions options, Mapping mapping) throws IOException {
    Optional<DatasetName> dataset = DatasetName.parse(options.getOutput());
    if (dataset.isPresent()) {
      return BigQueryOutput.of(
          dataset.get(), mapping, options.getWriteMode(), options.getLineage());
    }
    String directory = Directories.directory(options.getOutput());
    return XmlToBigQueryOptions.isStreaming(options)
        ? new StreamingDirectoryOutput(directory, mapping, options.getLineage())
        : new DirectoryOutput(
            directory, mapping, options.getLineage(), !AcceptedInput.isKept(options));
  }
}
