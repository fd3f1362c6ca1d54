package io.xmltobigquery.benchmark;

import com.sun.management.OperatingSystemMXBean;
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
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * Loads one generated file through the real BigQueryIO into {@link NullBigQuery}, on embedded
 * Flink, in all write modes, and into JSON Lines for comparison. Each several times in one process;
 * the first round is for the compiler. Beside the time it tells the processor time, of all threads.
 */
public final class LoadBenchmark {

  private static final long BYTES = 200_000_000;
  private static final int ROUNDS = 4;

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

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
        String times = times(directory, mapping, output);
        System.out.printf(
            Locale.ROOT,
            "%-14s %s  %,d rows, %,d bytes%n",
            mode.name().toLowerCase(Locale.ROOT).replace('_', '-'),
            times,
            NullBigQuery.ROWS.sum(),
            NullBigQuery.BYTES.sum());
      }
      Output lines = new DirectoryOutput(directory + "/out/", mapping, false, false);
      System.out.printf(Locale.ROOT, "%-14s %s%n", "JSON Lines", times(directory, mapping, lines));
    }
    System.exit(0);
  }

  private static String times(Path directory, Mapping mapping, Output output) {
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
    long startedCpu = SYSTEM.getProcessCpuTime();
    Pipeline pipeline = Pipeline.create(options);
    XmlToBigQuery.build(pipeline, options, mapping, output);
    pipeline.run().waitUntilFinish();
    double seconds = (System.nanoTime() - started) / 1e9;
    double cpuSeconds = (SYSTEM.getProcessCpuTime() - startedCpu) / 1e9;
    return String.format(
        Locale.ROOT,
        "%5.1f s  %5.1f MB/s  %5.1f s of CPU",
        seconds,
        BYTES / 1e6 / seconds,
        cpuSeconds);
  }
}
