package io.xmltobigquery.flow.write.bigquery;

import com.google.protobuf.Any;
import io.xmltobigquery.files.VersionId;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.Release;
import io.xmltobigquery.flow.held.RowEncoding;
import io.xmltobigquery.flow.write.LargeRows;
import io.xmltobigquery.flow.write.Output;
import io.xmltobigquery.flow.write.RefusedRow;
import io.xmltobigquery.flow.write.WrittenRows;
import io.xmltobigquery.flow.write.bigquery.beam.Commits;
import io.xmltobigquery.flow.write.bigquery.beam.EnvelopeServices;
import io.xmltobigquery.flow.write.bigquery.beam.RowEnvelope;
import io.xmltobigquery.flow.write.bigquery.beam.StableFlushes;
import io.xmltobigquery.flow.write.bigquery.wire.AddedColumns;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.options.DatasetName;
import io.xmltobigquery.options.Runner;
import io.xmltobigquery.options.WriteMode;
import io.xmltobigquery.rows.CompiledMapping;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO.Write.CreateDisposition;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO.Write.WriteDisposition;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryStorageApiInsertError;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.Partition;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.joda.time.Duration;

/** A BigQuery dataset: a table for each one of the mapping, and {@code file_loads}. */
public final class BigQueryOutput implements Output {

  /** How long rows of a streaming job may wait for others, unless an option says it. */
  private static final Duration TRIGGERING_FREQUENCY = Duration.standardSeconds(1);

  /** Each time costs a shuffle, an append and a flush for each table and stream, day and night. */
  private static final Duration TRIGGERING_FREQUENCY_ON_DATAFLOW = Duration.standardSeconds(5);

  private final DatasetName dataset;
  private final Mapping mapping;
  private final WriteMode mode;
  private final AddedColumns added;
  private final EnvelopeServices services;

  /** Those of the mapping, in its order. */
  private final List<TargetTable> tables;

  private final TargetTable fileLoads;

  /**
   * Describes the output.
   *
   * @param lineage whether rows get the lineage column
   * @throws IOException if the program itself is damaged
   */
  public static BigQueryOutput of(
      DatasetName dataset, Mapping mapping, WriteMode mode, boolean lineage) throws IOException {
    return new BigQueryOutput(dataset, mapping, mode, lineage, new EnvelopeServices());
  }

  /**
   * The same with another way to BigQuery's services, for tests; {@link #prepare} doesn't take it.
   *
   * @throws IOException if the program itself is damaged
   */
  public BigQueryOutput(
      DatasetName dataset,
      Mapping mapping,
      WriteMode mode,
      boolean lineage,
      EnvelopeServices services)
      throws IOException {
    this.dataset = dataset;
    this.mapping = mapping;
    this.mode = mode;
    this.added = new AddedColumns(lineage, mode == WriteMode.UPSERT);
    this.services = services;
    this.tables =
        CompiledMapping.of(mapping).tables().stream()
            .map(table -> TargetTable.of(table, added))
            .toList();
    this.fileLoads = FileLoadsRows.table();
  }

  @Override
  public void check(PipelineOptions options) throws IOException {
    PrepareTables.check(dataset, allTables(), options);
  }

  @Override
  public void prepare(PipelineOptions options) throws IOException {
    PrepareTables.in(dataset, allTables(), options);
  }

  private List<TargetTable> allTables() {
    List<TargetTable> all = new ArrayList<>(tables);
    all.add(fileLoads);
    return all;
  }

  @Override
  public void holdThroughRestarts(Pipeline pipeline) {
    if (mode == WriteMode.EXACTLY_ONCE) {
      StableFlushes.in(pipeline, tables.size() + 1);
    }
  }

  @Override
  public RowEncoding encoding() {
    return new EnvelopedEncoding(added);
  }

  @Override
  public WrittenRows writeRows(PCollection<HeldRange> rows, LargeRows largeRows) {
    PCollectionList<HeldRange> byTable =
        rows.apply(
            "Split ranges by table", Partition.of(tables.size(), (range, count) -> range.table()));
    List<PCollection<?>> signals = new ArrayList<>();
    List<PCollection<VersionId>> releasedRanges = new ArrayList<>();
    List<PCollection<RefusedRow>> refused = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      TargetTable table = tables.get(i);
      Release<Any> release =
          Release.by(
              new EnvelopedRows(mapping.tables().get(i), table, added, largeRows),
              RowEnvelope.CODER);
      PCollectionTuple released = byTable.get(i).apply("Rows of " + table.name(), release);
      if (released.has(release.releasedRanges())) {
        releasedRanges.add(released.get(release.releasedRanges()));
      }
      PCollection<Any> envelopes = released.get(release.elements());
      PCollection<BigQueryStorageApiInsertError> errors = write(table, envelopes);
      signals.add(signal(table, envelopes.isBounded(), errors));
      refused.add(
          errors.apply(
              "Refused by " + table.name(),
              MapElements.via(new RefusedRows(mapping.tables().get(i)))));
    }
    return new WrittenRows(
        signals,
        releasedRanges,
        Optional.of(PCollectionList.of(refused).apply("All refused rows", Flatten.pCollections())));
  }

  @Override
  public PCollection<?> writeOutcomes(PCollection<KV<String, byte[]>> lines) {
    PCollection<Any> rows =
        lines
            .apply("Rows of " + fileLoads.name(), MapElements.via(new FileLoadsRows(fileLoads)))
            .setCoder(RowEnvelope.CODER);
    PCollection<BigQueryStorageApiInsertError> errors = write(fileLoads, rows);
    errors.apply("Refused by " + fileLoads.name(), MapElements.via(new RefusedOutcome()));
    return signal(fileLoads, rows.isBounded(), errors);
  }

  private PCollection<BigQueryStorageApiInsertError> write(
      TargetTable table, PCollection<Any> envelopes) {
    boolean exactlyOnce = mode == WriteMode.EXACTLY_ONCE;
    boolean bounded = envelopes.isBounded() == IsBounded.BOUNDED;
    BigQueryIO.Write<Any> write =
        BigQueryIO.writeProtos(Any.class)
            .to(dataset.table(table.name()))
            .withSchema(RowEnvelope.SCHEMA)
            .withMethod(mode.method())
            // They were prepared: one that is gone since is no reason to load into an empty one.
            .withCreateDisposition(CreateDisposition.CREATE_NEVER)
            .withWriteDisposition(WriteDisposition.WRITE_APPEND)
            .withTestServices(services.of(table.descriptor(), exactlyOnce && bounded))
            .withoutValidation();
    BigQueryOptions options = envelopes.getPipeline().getOptions().as(BigQueryOptions.class);
    if (exactlyOnce && !bounded && options.getStorageWriteApiTriggeringFrequencySec() == null) {
      write = write.withTriggeringFrequency(triggeringFrequency(options));
    }
    return envelopes.apply(label(table), write).getFailedStorageApiInserts();
  }

  static Duration triggeringFrequency(PipelineOptions options) {
    return Runner.of(options) == Runner.DATAFLOW
        ? TRIGGERING_FREQUENCY_ON_DATAFLOW
        : TRIGGERING_FREQUENCY;
  }

  /**
   * A default stream has no commit: what it has taken is there. And in a streaming job nothing is
   * ever complete, so that there is nothing to wait for.
   */
  private PCollection<?> signal(
      TargetTable table, IsBounded rows, PCollection<BigQueryStorageApiInsertError> errors) {
    return mode == WriteMode.EXACTLY_ONCE && rows == IsBounded.BOUNDED
        ? Commits.of(errors.getPipeline(), label(table))
        : errors;
  }

  private static String label(TargetTable table) {
    return "Write " + table.name();
  }

  /** An outcome has nowhere else to go, and the table was found fit for it before the launch. */
  private static final class RefusedOutcome
      extends SimpleFunction<BigQueryStorageApiInsertError, Void> {
    private static final long serialVersionUID = 1L;

    @Override
    public Void apply(BigQueryStorageApiInsertError error) {
      throw new IllegalStateException(
          "BigQuery refused the row of file_loads about "
              + RowEnvelope.Returned.of(error.getRow()).file()
              + ": "
              + error.getErrorMessage()
              + "; all rows are loaded, so don't run it again before looking at docs/RUNBOOK.md");
    }
  }
}
