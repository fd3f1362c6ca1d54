package io.xmltobigquery.flow.read;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Any;
import io.xmltobigquery.Collected;
import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.write.bigquery.BigQueryOutput;
import io.xmltobigquery.flow.write.bigquery.TestEnvelopes;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.options.DatasetName;
import io.xmltobigquery.options.WriteMode;
import io.xmltobigquery.xml.Limits;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.extensions.protobuf.ProtoCoder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How much one element gives at once, as the pipeline's own coders write it, with the smallest
 * records and the longest name. A runner holds all of it until the element is done, and Dataflow
 * tries a work item above some 180 MB for ever.
 */
final class ReleasedOutputTest {

  private static final long MOST_BYTES = 16 << 20;
  private static final int MOST_ROWS = 200_000;
  private static final long LARGEST_RANGE = 16_000_000;

  private static final String NAME = "gs://bucket/" + "n".repeat(1_024);
  private static final int RECORDS = 300_000;

  private static final Mapping MAPPING =
      mapping(
          """
          {"tables": [{"table": "t", "record": "/l/c", "fields": [{"name": "x", "type": "STRING"}]}]}
          """);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noElementGivesMoreThanItMay(boolean lineage) throws Exception {
    try (FakeCloudStorage storage = FakeCloudStorage.start("bucket")) {
      FileVersion file =
          storage.put(NAME, ("<l>" + "<c/>".repeat(RECORDS) + "</l>").getBytes(UTF_8));
      Released<HeldRange> ranges = read(storage, file, lineage);

      assertThat(ranges.bytes).isLessThan(MOST_BYTES);
      assertThat(ranges.elements.stream().mapToLong(HeldRange::rows).sum()).isEqualTo(RECORDS);
      assertThat(ranges.elements.size()).isGreaterThan(10);
      Coder<Any> coder = ProtoCoder.of(Any.class);
      for (HeldRange range : ranges.elements) {
        long[] bytes = {0};
        TestEnvelopes.release(
            MAPPING.tables().get(0),
            range,
            storage.options(),
            lineage,
            row -> bytes[0] += encodedLength(coder, row));
        assertWithMessage("%s rows", range.rows()).that(bytes[0]).isLessThan(MOST_BYTES);
        assertThat(range.rows()).isLessThan(MOST_ROWS);
      }
    }
  }

  private record Released<T>(List<T> elements, long bytes) {}

  private static Released<HeldRange> read(
      FakeCloudStorage storage, FileVersion file, boolean lineage) throws Exception {
    BigQueryOutput output =
        BigQueryOutput.of(
            DatasetName.parse("project:dataset").orElseThrow(),
            MAPPING,
            WriteMode.EXACTLY_ONCE,
            lineage);
    TestPipeline pipeline = Collected.pipeline(storage.options());
    PCollectionTuple read =
        pipeline
            .apply(Create.of(file))
            .apply(
                Read.with(
                    MAPPING,
                    new Limits(Limits.DEFAULT_MAX_RECORD_BYTES),
                    output.encoding(),
                    false,
                    "gs://bucket/temp/",
                    LARGEST_RANGE));
    return released(pipeline, read.get(Read.RANGES));
  }

  private static <T> Released<T> released(TestPipeline pipeline, PCollection<T> output) {
    Collected<T> collected = Collected.of(output);
    Coder<T> coder = output.getCoder();
    pipeline.run();
    long bytes = 0;
    for (T element : collected.elements()) {
      bytes += encodedLength(coder, element);
    }
    return new Released<>(collected.elements(), bytes);
  }

  private static <T> long encodedLength(Coder<T> coder, T element) {
    try {
      return CoderUtils.encodeToByteArray(coder, element).length;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Mapping mapping(String json) {
    try {
      return MappingReader.read(json.getBytes(UTF_8));
    } catch (MappingException e) {
      throw new AssertionError(e);
    }
  }
}
