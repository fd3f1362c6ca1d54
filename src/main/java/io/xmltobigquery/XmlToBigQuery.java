package io.xmltobigquery;

import io.xmltobigquery.check.OptionsCheck;
import io.xmltobigquery.flow.find.FindFiles;
import io.xmltobigquery.flow.find.FindFiles.NotificationSource;
import io.xmltobigquery.flow.read.Inspect;
import io.xmltobigquery.flow.read.LargeInvalidRecords;
import io.xmltobigquery.flow.read.Parse;
import io.xmltobigquery.flow.read.ReadFiles;
import io.xmltobigquery.flow.read.RowFormat;
import io.xmltobigquery.flow.settle.AwaitRows;
import io.xmltobigquery.flow.settle.CleanUp;
import io.xmltobigquery.flow.settle.DeadLetter;
import io.xmltobigquery.flow.settle.FileOutcomeLines;
import io.xmltobigquery.flow.settle.InvalidRecordLines;
import io.xmltobigquery.flow.settle.KeepLines;
import io.xmltobigquery.flow.settle.KeepRejectedFiles;
import io.xmltobigquery.flow.settle.RefusedRowLines;
import io.xmltobigquery.flow.write.LargeRows;
import io.xmltobigquery.flow.write.Output;
import io.xmltobigquery.flow.write.WrittenRows;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.options.AcceptedInput;
import io.xmltobigquery.options.Choices;
import io.xmltobigquery.options.Directories;
import io.xmltobigquery.options.OnDataflow;
import io.xmltobigquery.options.OnInvalidRecord;
import io.xmltobigquery.options.OptionDuration;
import io.xmltobigquery.options.RejectedInput;
import io.xmltobigquery.options.Runner;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.xml.Limits;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;

/** The pipeline: {@code package-info} has its map. */
public final class XmlToBigQuery {

  private static final long BYTES_PER_MB = 1_000_000;

  private XmlToBigQuery() {}

  /**
   * Launches the job and returns, as a template's launcher wants it. The command line starts
   * elsewhere.
   */
  public static void main(String[] args) throws IOException {
    XmlToBigQueryOptions options = options(args);
    if (options.getValidateOnly()) {
      refuse(Preflight.of(options).problems());
      return;
    }
    OptionsCheck.Result checked = OptionsCheck.of(options);
    refuse(checked.problems());
    run(options, checked.mapping());
  }

  private static XmlToBigQueryOptions options(String[] args) {
    try {
      return PipelineOptionsFactory.fromArgs(args).as(XmlToBigQueryOptions.class);
    } catch (IllegalArgumentException e) {
      for (String argument : args) {
        Choices.problem(argument, e).ifPresent(problem -> refuse(List.of(problem)));
      }
      throw e;
    }
  }

  private static void refuse(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
  }

  /**
   * Builds the pipeline and starts it.
   *
   * @param options free of problems, as {@link OptionsCheck} sees it
   * @param mapping what it has read
   * @throws IOException if the output can't take the rows
   */
  public static PipelineResult run(XmlToBigQueryOptions options, Mapping mapping)
      throws IOException {
    FileSystems.setDefaultPipelineOptions(options);
    Output<?> output = Outputs.of(options, mapping);
    boolean streaming = XmlToBigQueryOptions.isStreaming(options);
    options.as(StreamingOptions.class).setStreaming(streaming);
    if (Runner.of(options) == Runner.DATAFLOW) {
      OnDataflow.prepare(options, System.getenv());
    }
    Pipeline pipeline = Pipeline.create(options);
    build(pipeline, options, mapping, output);
    if (streaming && Runner.of(options) != Runner.DATAFLOW) {
      output.holdThroughRestarts(pipeline);
    }
    output.prepare(options);
    return pipeline.run();
  }

  /**
   * Builds the pipeline.
   *
   * @param options free of problems, as {@link OptionsCheck} sees it
   */
  public static <T> void build(
      Pipeline pipeline, XmlToBigQueryOptions options, Mapping mapping, Output<T> output) {
    Directories directories = Directories.of(options);
    Parse<T> parse =
        parse(options, mapping, directories, output.format(largeRows(options, directories)));
    Inspect inspect = inspect(options, mapping, directories);

    PCollectionTuple found = pipeline.apply("Find files", findFiles(options, directories));
    PCollectionTuple read =
        found.get(FindFiles.FILES).apply("Read files", ReadFiles.by(inspect, parse));
    WrittenRows rows = output.writeRows(read.get(parse.rows()));
    List<PCollection<?>> safe = new ArrayList<>(rows.signals());
    keepBadRows(read, parse, rows, directories).ifPresent(safe::add);
    keepBadMessages(found, directories);
    PCollection<FileOutcome> outcomes =
        PCollectionList.of(found.get(FindFiles.OUTCOMES))
            .and(read.get(Inspect.OUTCOMES))
            .apply("All outcomes", Flatten.pCollections())
            .apply("Keep rejected files", KeepRejectedFiles.in(directories.deadLetter()))
            .apply(
                "Await rows",
                XmlToBigQueryOptions.isStreaming(options)
                    ? AwaitRows.ofFile(read.get(parse.parsedChunks()))
                    : AwaitRows.ofRun(safe));
    PCollection<?> fileLoads =
        output.writeOutcomes(
            outcomes.apply("Describe outcomes", MapElements.via(new FileOutcomeLines())));
    PCollection<FileOutcome> recorded =
        XmlToBigQueryOptions.isStreaming(options)
            ? outcomes
            : outcomes.apply("Await file_loads", Wait.on(fileLoads));
    recorded.apply("Clean up", cleanUp(options, directories));
  }

  private static FindFiles findFiles(XmlToBigQueryOptions options, Directories directories) {
    if (!XmlToBigQueryOptions.isStreaming(options)) {
      return FindFiles.matching(options.getInput(), directories.ownFiles(options));
    }
    String interval = options.getReconcileInterval();
    return FindFiles.notified(
        new NotificationSource(
            options.getInputSubscription(),
            OptionDuration.parse(options.getDeduplicationWindow()),
            Instant.now(),
            interval == null ? null : OptionDuration.parse(interval)),
        options.getInput(),
        directories.ownFiles(options));
  }

  private static Inspect inspect(
      XmlToBigQueryOptions options, Mapping mapping, Directories directories) {
    return Inspect.with(
        mapping,
        limits(options),
        options.getChunkSizeMb() * BYTES_PER_MB,
        allowsInvalidRecords(options),
        directories.stagingPrefix());
  }

  private static <T> Parse<T> parse(
      XmlToBigQueryOptions options, Mapping mapping, Directories directories, RowFormat<T> format) {
    return Parse.into(
        format,
        mapping,
        limits(options),
        allowsInvalidRecords(options),
        new LargeInvalidRecords(rowsPrefix(directories), new InvalidRecordLines()));
  }

  /** How the names of files in {@code rows/} begin. */
  private static String rowsPrefix(Directories directories) {
    return directories.deadLetter() + DeadLetter.ROWS + directories.runName() + "-";
  }

  private static LargeRows largeRows(XmlToBigQueryOptions options, Directories directories) {
    return new LargeRows(
        rowsPrefix(directories),
        options.as(BigQueryOptions.class).getStorageWriteApiMaxRequestSize());
  }

  private static Limits limits(XmlToBigQueryOptions options) {
    return new Limits(options.getMaxRecordBytes());
  }

  private static boolean allowsInvalidRecords(XmlToBigQueryOptions options) {
    return options.getOnInvalidRecord() == OnInvalidRecord.DEAD_LETTER;
  }

  /** Keeps what isn't loaded of files that are, if there can be any such thing. */
  private static Optional<PCollection<String>> keepBadRows(
      PCollectionTuple read, Parse<?> parse, WrittenRows rows, Directories directories) {
    List<PCollection<byte[]>> bad = new ArrayList<>();
    rows.refused()
        .map(refused -> refused.apply("Refused rows", MapElements.via(new RefusedRowLines())))
        .ifPresent(bad::add);
    if (read.has(parse.invalidRecords())) {
      bad.add(
          read.get(parse.invalidRecords())
              .apply("Invalid records", MapElements.via(new InvalidRecordLines())));
    }
    KeepLines keep = KeepLines.ofRows(directories.deadLetter(), directories.runName());
    return bad.isEmpty()
        ? Optional.empty()
        : Optional.of(PCollectionList.of(bad).apply("Keep bad rows", keep));
  }

  private static void keepBadMessages(PCollectionTuple found, Directories directories) {
    if (found.has(FindFiles.MALFORMED_MESSAGES)) {
      PCollectionList.of(found.get(FindFiles.MALFORMED_MESSAGES))
          .apply(
              "Keep bad messages",
              KeepLines.ofMessages(directories.deadLetter(), directories.runName()));
    }
  }

  private static CleanUp cleanUp(XmlToBigQueryOptions options, Directories directories) {
    CleanUp cleanUp = CleanUp.create();
    if (options.getRejectedInput() == RejectedInput.DELETE) {
      cleanUp = cleanUp.deletingRejected(directories.deadLetter());
    }
    if (directories.accepted().isPresent()) {
      return cleanUp.movingAccepted(directories.accepted().get());
    }
    return AcceptedInput.isDeleted(options) ? cleanUp.deletingAccepted() : cleanUp;
  }
}
