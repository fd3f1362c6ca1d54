package io.xmltobigquery;

import io.xmltobigquery.flow.write.Output;
import io.xmltobigquery.flow.write.bigquery.BigQueryOutput;
import io.xmltobigquery.flow.write.jsonl.DirectoryOutput;
import io.xmltobigquery.flow.write.jsonl.StreamingDirectoryOutput;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.options.AcceptedInput;
import io.xmltobigquery.options.DatasetName;
import io.xmltobigquery.options.Directories;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.io.IOException;
import java.util.Optional;

/** The output that the options name. */
final class Outputs {

  private Outputs() {}

  static Output of(XmlToBigQueryOptions options, Mapping mapping) throws IOException {
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
