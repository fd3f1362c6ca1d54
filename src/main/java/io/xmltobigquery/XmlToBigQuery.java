package io.xmltobigquery;

import io.xmltobigquery.audit.AwaitRows;
import io.xmltobigquery.audit.ClearAcceptedFiles;
import io.xmltobigquery.audit.FileOutcome;
import io.xmltobigquery.deadletter.DeleteRejectedFiles;
import io.xmltobigquery.deadletter.InvalidRecordLines;
import io.xmltobigquery.deadletter.KeepLines;
import io.xmltobigquery.deadletter.KeepRejectedFiles;
import io.xmltobigquery.deadletter.RefusedRowLines;
import io.xmltobigquery.discovery.FindFiles;
import io.xmltobigquery.discovery.FindFiles.Notifications;
import io.xmltobigquery.load.Output;
import io.xmltobigquery.load.WrittenRows;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.parse.DeleteStagedFiles;
import io.xmltobigquery.parse.FileRecord;
import io.xmltobigquery.parse.Inspect;
import io.xmltobigquery.parse.Parse;
import io.xmltobigquery.parse.ReadFiles;
import io.xmltobigquery.storage.FileStore;
import io.xmltobigquery.xml.Limits;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
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
  public static void main(String[] args) throws IOException, MappingException {
    XmlToBigQueryOptions options =
        PipelineOptionsFactory.fromArgs(args).as(XmlToBigQueryOptions.class);
    boolean validateOnly = options.getValidateOnly();
    List<String> problems =
        validateOnly ? Preflight.of(options).problems() : OptionsCheck.problems(options);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    if (!validateOnly) {
      run(options);
    }
  }

  /**
   * Builds the pipeline and starts it.
   *
   * @param options free of problems, as {@link OptionsCheck} sees it
   */
  public static PipelineResult run(XmlToBigQueryOptions options)
      throws IOException, MappingException {
    Mapping mapping = MappingFile.read(FileStore.of(options), options.getMapping());
    Output<?> output = Outputs.of(options, mapping);
    boolean streaming = isStreaming(options);
    options.as(StreamingOptions.class).setStreaming(streaming);
    if (OnDataflow.is(options)) {
      OnDataflow.prepare(options, System.getenv());
    }
    Pipeline pipeline = Pipeline.create(options);
    build(pipeline, options, mapping, output);
    if (streaming && !OnDataflow.is(options)) {
      output.holdThroughRestarts(pipeline);
    }
    output.prepare(options);
    return pipeline.run();
  }

  /** Whether the job goes on for ever. */
  public static boolean isStreaming(XmlToBigQueryOptions options) {
    return options.getInputSubscription() != null;
  }

  /**
   * Builds the pipeline.
   *
   * @param options free of problems, as {@link OptionsCheck} sees it
   */
  public static <T> void build(
      Pipeline pipeline, XmlToBigQueryOptions options, Mapping mapping, Output<T> output) {
    Limits limits = new Limits(options.getMaxRecordBytes());
    Directories directories = Directories.of(options);
    boolean allowInvalidRecords = options.getOnInvalidRecord().equals("dead-letter");
    Parse<T> parse = Parse.into(output.format(), mapping, limits, allowInvalidRecords);

    Inspect inspect =
        Inspect.with(
            mapping,
            limits,
            options.getChunkSizeMb() * BYTES_PER_MB,
            allowInvalidRecords,
            directories.stagingPrefix());
    PCollectionTuple found = pipeline.apply("Find files", findFiles(options, directories));
    PCollectionTuple read =
        found.get(FindFiles.FILES).apply("Read files", ReadFiles.by(inspect, parse));

    WrittenRows rows = output.writeRows(read.get(parse.rows()));
    List<PCollection<byte[]>> kept = new ArrayList<>();
    rows.refused()
        .map(refused -> refused.apply("Refused rows", MapElements.via(new RefusedRowLines())))
        .ifPresent(kept::add);
    if (allowInvalidRecords) {
      PCollection<FileRecord> invalid = read.get(parse.invalidRecords());
      kept.add(invalid.apply("Invalid records", MapElements.via(new InvalidRecordLines())));
    }
    List<PCollection<?>> safe = new ArrayList<>(rows.signals());
    if (!kept.isEmpty()) {
      safe.add(
          PCollectionList.of(kept)
              .apply(
                  "Keep bad rows",
                  KeepLines.ofRows(directories.deadLetter(), directories.runName())));
    }
    if (found.has(FindFiles.MALFORMED_MESSAGES)) {
      PCollectionList.of(found.get(FindFiles.MALFORMED_MESSAGES))
          .apply(
              "Keep bad messages",
              KeepLines.ofMessages(directories.deadLetter(), directories.runName()));
    }

    PCollection<FileOutcome> outcomes =
        PCollectionList.of(found.get(FindFiles.OUTCOMES))
            .and(read.get(Inspect.OUTCOMES))
            .apply("All outcomes", Flatten.pCollections())
            .apply("Keep rejected files", KeepRejectedFiles.in(directories.deadLetter()))
            .apply(
                "Await rows",
                isStreaming(options)
                    ? AwaitRows.ofFile(read.get(parse.parsedChunks()))
                    : AwaitRows.ofRun(safe))
            .apply("Delete staged files", DeleteStagedFiles.create());
    PCollection<?> fileLoads = output.writeOutcomes(outcomes);
    PCollection<FileOutcome> recorded =
        isStreaming(options) ? outcomes : outcomes.apply("Await file_loads", Wait.on(fileLoads));
    if (options.getRejectedInput().equals("delete")) {
      recorded.apply("Delete rejected files", DeleteRejectedFiles.in(directories.deadLetter()));
    }
    if (!options.getAcceptedInput().equals("keep")) {
      recorded.apply("Clear accepted files", ClearAcceptedFiles.to(directories.accepted()));
    }
  }

  private static FindFiles findFiles(XmlToBigQueryOptions options, Directories directories) {
    if (!isStreaming(options)) {
      return FindFiles.matching(options.getInput(), directories.ownFiles(options));
    }
    String interval = options.getReconcileInterval();
    return FindFiles.notified(
        new Notifications(
            options.getInputSubscription(),
            OptionDuration.parse(options.getDeduplicationWindow()),
            Instant.now(),
            interval == null ? null : OptionDuration.parse(interval)),
        options.getInput(),
        directories.ownFiles(options));
  }
}
