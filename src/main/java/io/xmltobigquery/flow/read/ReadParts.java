package io.xmltobigquery.flow.read;

import io.xmltobigquery.flow.held.HeldRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Reads the parts of large files, each wherever a worker is free, and joins them when all parts of
 * a file are read. Only then is it known which guesses were right. Joining reads what lies between
 * two parts, so it is a step of its own, which may take as long as a whole file does, and not one
 * in which the state of other files waits.
 */
final class ReadParts extends PTransform<PCollection<FilePart>, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  private final FileReading.Settings settings;

  ReadParts(FileReading.Settings settings) {
    this.settings = settings;
  }

  @Override
  public PCollectionTuple expand(PCollection<FilePart> parts) {
    return parts
        .apply("Spread parts", Reshuffle.viaRandomKey())
        .apply("Read part", ParDo.of(new ReadPartFn(settings)))
        .apply("Await parts", ParDo.of(new AwaitPartsFn()))
        .apply("Spread files", Reshuffle.viaRandomKey())
        .apply(
            "Join parts",
            ParDo.of(new JoinFn(settings))
                .withOutputTags(Read.RANGES, TupleTagList.of(Read.OUTCOMES)));
  }

  private static final class ReadPartFn extends DoFn<FilePart, KV<String, ReadPart>> {
    private static final long serialVersionUID = 1L;

    private final FileReading.Settings settings;
    private transient FileReading reading;

    ReadPartFn(FileReading.Settings settings) {
      this.settings = settings;
    }

    @Setup
    public void setUp(PipelineOptions options) {
      reading = new FileReading(settings, options);
    }

    @ProcessElement
    public void read(@Element FilePart part, OutputReceiver<KV<String, ReadPart>> out)
        throws IOException {
      out.output(KV.of(part.file().toString(), reading.part(part)));
    }
  }

  private static final class AwaitPartsFn extends DoFn<KV<String, ReadPart>, List<ReadPart>> {
    private static final long serialVersionUID = 1L;

    @StateId("parts")
    private final StateSpec<BagState<ReadPart>> partsSpec = StateSpecs.bag();

    @StateId("count")
    private final StateSpec<ValueState<Integer>> countSpec = StateSpecs.value();

    @ProcessElement
    public void await(
        @Element KV<String, ReadPart> read,
        @StateId("parts") BagState<ReadPart> parts,
        @AlwaysFetched @StateId("count") ValueState<Integer> count,
        OutputReceiver<List<ReadPart>> out) {
      ReadPart part = read.getValue();
      parts.add(part);
      int there = Objects.requireNonNullElse(count.read(), 0) + 1;
      if (there < part.part().count()) {
        count.write(there);
        return;
      }
      List<ReadPart> all = new ArrayList<>();
      parts.read().forEach(all::add);
      parts.clear();
      count.clear();
      out.output(all);
    }
  }

  private static final class JoinFn extends DoFn<List<ReadPart>, HeldRange> {
    private static final long serialVersionUID = 1L;

    private final FileReading.Settings settings;
    private transient FileReading reading;

    JoinFn(FileReading.Settings settings) {
      this.settings = settings;
    }

    @Setup
    public void setUp(PipelineOptions options) {
      reading = new FileReading(settings, options);
    }

    @ProcessElement
    public void join(@Element List<ReadPart> parts, MultiOutputReceiver out) throws IOException {
      Read.emit(reading.join(parts), out.get(Read.RANGES)::output, out.get(Read.OUTCOMES)::output);
    }
  }
}
