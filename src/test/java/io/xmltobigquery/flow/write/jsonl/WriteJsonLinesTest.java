package io.xmltobigquery.flow.write.jsonl;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.Collected;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of a streaming job. */
final class WriteJsonLinesTest {

  @TempDir Path dir;

  @Test
  void linesAreWrittenInBatchesForEachTable() throws IOException {
    write(stream().addElements(line("a", 1), line("b", 2), line("a", 3)));

    assertThat(lines("a")).containsExactly("1", "3");
    assertThat(lines("b")).containsExactly("2");
    assertThat(files("a")).hasSize(1);
  }

  @Test
  void aLineDoesNotWaitForEver() throws IOException {
    write(
        stream()
            .addElements(line("a", 1))
            .advanceProcessingTime(Duration.standardMinutes(1))
            .addElements(line("a", 2)));

    assertThat(lines("a")).containsExactly("1", "2");
    assertThat(files("a")).hasSize(2);
  }

  @Test
  void aBatchIsWrittenWhenItIsLarge() throws IOException {
    byte[] large = ("x".repeat(600_000) + "\n").getBytes(UTF_8);

    write(stream().addElements(KV.of("a", large), KV.of("a", large), line("a", 1), line("a", 2)));

    assertThat(lines("a")).hasSize(4);
    assertThat(files("a")).hasSize(2);
  }

  @Test
  void aBatchThatComesAgainReplacesItself() throws IOException {
    write(stream().addElements(line("a", 1), line("a", 2)));
    write(stream().addElements(line("a", 1), line("a", 2)));

    assertThat(lines("a")).containsExactly("1", "2");
  }

  @Test
  void nothingIsTooLate() throws IOException {
    Instant now = Instant.ofEpochMilli(1_000_000_000);

    write(
        stream()
            .addElements(TimestampedValue.of(line("a", 1), now))
            .advanceWatermarkTo(now.plus(Duration.standardDays(1)))
            .addElements(TimestampedValue.of(line("a", 2), now)));

    assertThat(lines("a")).containsExactly("1", "2");
  }

  private static TestStream.Builder<KV<String, byte[]>> stream() {
    return TestStream.create(KvCoder.of(StringUtf8Coder.of(), ByteArrayCoder.of()));
  }

  private static KV<String, byte[]> line(String table, int number) {
    return KV.of(table, (number + "\n").getBytes(UTF_8));
  }

  private void write(TestStream.Builder<KV<String, byte[]>> lines) {
    TestPipeline pipeline = Collected.pipeline();
    pipeline
        .apply("Lines", lines.advanceWatermarkToInfinity())
        .apply("Write", WriteJsonLines.to(dir + "/"));
    pipeline.run();
  }

  private List<Path> files(String table) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files
          .filter(file -> file.getFileName().toString().matches(table + "-[0-9a-f-]{36}\\.jsonl"))
          .toList();
    }
  }

  private List<String> lines(String table) throws IOException {
    return files(table).stream().flatMap(WriteJsonLinesTest::lines).toList();
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
