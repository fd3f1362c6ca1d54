package io.xmltobigquery;

import io.xmltobigquery.check.CommitSize;
import io.xmltobigquery.check.OptionsCheck;
import io.xmltobigquery.files.VersionId;
import io.xmltobigquery.flow.find.FindFiles;
import io.xmltobigquery.flow.find.FindFiles.NotificationSource;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.Release;
import io.xmltobigquery.flow.read.Read;
import io.xmltobigquery.flow.read.ReadFiles;
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
import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingWarnings;
import io.xmltobigquery.options.AcceptedInput;
import io.xmltobigquery.options.Archive;
import io.xmltobigquery.options.Choices;
import io.xmltobigquery.options.Directories;
import io.xmltobigquery.options.Documents;
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
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.FlatMapElements;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;

/** The pipeline: {@code package-info} has its map. */
public final class XmlToBigQuery {

  private static final long BYTES_PER_MB = 1_000_000;

  /** A worker reads as much of a large file at a time as makes so many pieces, in some seconds. */
  private static final int PIECES_OF_PART = 16;

  private static final JobLog LOG = JobLog.of(XmlToBigQuery.class);

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
    MappingWarnings.of(mapping).forEach(LOG::warn);
    Output output = Outputs.of(options, mapping);
    boolean streaming = XmlToBigQueryOptions.isStreaming(options);
    options.as(StreamingOptions.class).setStreaming(streaming);
    if (streaming && Runner.of(options) == Runner.FLINK) {
      Runner.endBundlesBeforeCheckpoints(options);
    }
    if (Runner.of(options) == Runner.DATAFLOW) {
      OnDataflow.prepare(options, System.getenv());
      CommitSize.warn(options);
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
  public static void build(
      Pipeline pipeline, XmlToBigQueryOptions options, Mapping mapping, Output output) {
    Directories directories = Directories.of(options);
    PCollectionTuple found = pipeline.apply("Find files", findFiles(options, directories));
    PCollectionTuple read =
        found
            .get(FindFiles.FILES)
            .apply("Read files", readFiles(options, mapping, directories, output));
    WrittenRows rows =
        output.writeRows(rows(read.get(Read.RANGES), options), largeRows(options, directories));
    List<PCollection<?>> safe = new ArrayList<>(rows.signals());
    List<PCollection<VersionId>> released = new ArrayList<>(rows.releasedRanges());
    List<PCollection<byte[]>> bad = new ArrayList<>();
    rows.refused()
        .map(refused -> refused.apply("Refused rows", MapElements.via(new RefusedRowLines())))
        .ifPresent(bad::add);
    if (allowsInvalidRecords(options)) {
      bad.add(invalidRecords(read.get(Read.RANGES), directories, released));
    }
    if (!bad.isEmpty()) {
      KeepLines keep = KeepLines.ofRows(directories.deadLetter(), directories.runName());
      safe.add(PCollectionList.of(bad).apply("Keep bad rows", keep));
    }
    keepBadMessages(found, directories);
    PCollection<FileOutcome> outcomes =
        PCollectionList.of(found.get(FindFiles.OUTCOMES))
            .and(read.get(Read.OUTCOMES))
            .apply("All outcomes", Flatten.pCollections())
            .apply("Keep rejected files", KeepRejectedFiles.in(directories.deadLetter()))
            .apply(
                "Await rows",
                XmlToBigQueryOptions.isStreaming(options)
                    ? AwaitRows.ofFile(
                        PCollectionList.of(released)
                            .apply("Released ranges", Flatten.pCollections()))
                    : AwaitRows.ofRun(safe));
    PCollection<?> fileLoads =
        output.writeOutcomes(
            outcomes.apply(
                "Describe outcomes", FlatMapElements.via(new FileOutcomeLines(mapping.digest()))));
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

  private static ReadFiles readFiles(
      XmlToBigQueryOptions options, Mapping mapping, Directories directories, Output output) {
    long pieceBytes = options.getChunkSizeMb() * BYTES_PER_MB;
    Read read =
        Read.with(
            mapping,
            new Limits(options.getMaxRecordBytes()),
            output.encoding(),
            allowsInvalidRecords(options),
            directories.heldPrefix(),
            pieceBytes);
    if (options.getArchive() == Archive.ENTRIES) {
      read = read.loadingEntriesAlone();
    }
    if (options.getDocuments() == Documents.MANY) {
      read = read.takingManyDocuments();
    }
    return ReadFiles.by(
        Runner.isOneProcess(options) ? read : read.spreading(PIECES_OF_PART * pieceBytes));
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

  private static boolean allowsInvalidRecords(XmlToBigQueryOptions options) {
    return options.getOnInvalidRecord() == OnInvalidRecord.DEAD_LETTER;
  }

  private static PCollection<HeldRange> rows(
      PCollection<HeldRange> ranges, XmlToBigQueryOptions options) {
    return allowsInvalidRecords(options)
        ? ranges.apply("Rows", Filter.by(range -> !range.isOfInvalidRecords()))
        : ranges;
  }

  /**
   * The lines of invalid records.
   *
   * @param releasedRanges is told of theirs
   */
  private static PCollection<byte[]> invalidRecords(
      PCollection<HeldRange> ranges,
      Directories directories,
      List<PCollection<VersionId>> releasedRanges) {
    Release<byte[]> release =
        Release.by(new InvalidRecordLines(rowsPrefix(directories)), ByteArrayCoder.of());
    PCollectionTuple released =
        ranges
            .apply("Invalid records", Filter.by(HeldRange::isOfInvalidRecords))
            .apply("Lines of invalid records", release);
    if (released.has(release.releasedRanges())) {
      releasedRanges.add(released.get(release.releasedRanges()));
    }
    return released.get(release.elements());
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
