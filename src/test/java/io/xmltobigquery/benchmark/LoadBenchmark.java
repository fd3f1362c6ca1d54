package io.xmltobigquery.benchmark;

import io.xmltobigquery.XmlToBigQuery;
import io.xmltobigquery.flow.write.Output;
import io.xmltobigquery.flow.write.bigquery.BigQueryOutput;
import io.xmltobigquery.flow.write.bigquery.beam.EnvelopeServices;
import io.xmltobigquery.flow.write.jsonl.DirectoryOutput;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.options.DatasetName;
import io.xmltobigquery.options.WriteMode;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * Loads one generated file through the real BigQueryIO into {@link NullBigQuery}, on embedded
 * Flink, in both write modes, and into JSON Lines for comparison. Each several times in one
 * process; the first round is for the compiler.
 */
public final class LoadBenchmark {

  private static final long BYTES = 200_000_000;
  private static final int ROUNDS = 4;

  private LoadBenchmark() {}

  public static void main(String[] args) throws IOException {
    Path directory = Files.createTempDirectory("load-benchmark");
    Path file = directory.resolve("orders.xml");
    try (OutputStream out = Files.newOutputStream(file)) {
      GenerateOrders.writeTo(out, BYTES, 1);
    }
    Mapping mapping = MappingReader.defaultMapping();
    DatasetName dataset = new DatasetName("local-project", "none");
    for (int round = 0; round < ROUNDS; round++) {
      for (WriteMode mode : WriteMode.values()) {
        NullBigQuery.ROWS.reset();
        NullBigQuery.BYTES.reset();
        EnvelopeServices nowhere = new EnvelopeServices(new NullBigQuery());
        Output output = new BigQueryOutput(dataset, mapping, mode, false, nowhere);
        double seconds = seconds(directory, mapping, output);
        System.out.printf(
            Locale.ROOT,
            "%-14s %5.1f s  %5.1f MB/s  %,d rows, %,d bytes%n",
            mode.name().toLowerCase(Locale.ROOT).replace('_', '-'),
            seconds,
            BYTES / 1e6 / seconds,
            NullBigQuery.ROWS.sum(),
            NullBigQuery.BYTES.sum());
      }
      Output lines = new DirectoryOutput(directory + "/out/", mapping, false, false);
      double seconds = seconds(directory, mapping, lines);
      System.out.printf(
          Locale.ROOT, "%-14s %5.1f s  %5.1f MB/s%n", "JSON Lines", seconds, BYTES / 1e6 / seconds);
    }
    System.exit(0);
  }

  private static double seconds(Path directory, Mapping mapping, Output output) {
    XmlToBigQueryOptions options =
        PipelineOptionsFactory.fromArgs(
                "--runner=FlinkRunner",
                "--flinkMaster=[local]",
                "--fasterCopy=true",
                "--parallelism=" + Runtime.getRuntime().availableProcessors(),
                "--input=" + directory + "/orders.xml",
                "--output=unused",
                "--deadLetterDir=" + directory + "/dead",
                "--rejectedInput=keep")
            .as(XmlToBigQueryOptions.class);
    long started = System.nanoTime();
    Pipeline pipeline = Pipeline.create(options);
    XmlToBigQuery.build(pipeline, options, mapping, output);
    pipeline.run().waitUntilFinish();
    return (System.nanoTime() - started) / 1e9;
  }
}
