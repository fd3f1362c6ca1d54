package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.oracle.OracleRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Any bytes as a document, cut into chunks of any size: chunk by chunk it gives the rows that it
 * gives as a whole, and inspecting it in parts says the same of it as inspecting it in one go.
 *
 * <p>An input is the length of a chunk, about where a part starts, and a {@link DocumentInput}.
 */
public final class ChunksFuzzer {

  private ChunksFuzzer() {}

  /** Called by the fuzzing engine. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    DocumentInput chosen = new DocumentInput(input, 4);
    if (!chosen.isComplete()) {
      return;
    }
    Engine engine = chosen.engine();
    byte[] document = chosen.document();
    long chunkBytes = 1L + DocumentInput.number(input, 0);
    long partStart = (document.length * (long) DocumentInput.number(input, 2)) >> 16;
    XmlSource source = Engine.source(document);

    List<OracleRecord> rows;
    try {
      rows = engine.records(source);
    } catch (RejectedException e) {
      ReaderFuzzer.checkPlace(e, document.length);
      checkRejected(engine, source, chunkBytes, partStart, e);
      checkInvalidRecords(engine, source, chunkBytes);
      return;
    }
    Inspection inspection = inspect(engine, source, chunkBytes);
    checkChunks(engine, source, inspection, rows);
    checkChunks(engine, source, inspectByParts(engine, source, chunkBytes, partStart), rows);
    assertThat(checkInvalidRecords(engine, source, chunkBytes)).isEqualTo(rows);
  }

  private static Inspection inspect(Engine engine, XmlSource source, long chunkBytes)
      throws IOException {
    try {
      return engine.inspect(source, chunkBytes);
    } catch (RejectedException e) {
      throw new AssertionError("rejected when inspected only", e);
    }
  }

  private static Inspection inspectByParts(
      Engine engine, XmlSource source, long chunkBytes, long partStart) throws IOException {
    try {
      return engine.inspect(source, chunkBytes, engine.guess(source, partStart));
    } catch (RejectedException e) {
      throw new AssertionError("rejected when inspected in parts only", e);
    }
  }

  private static void checkRejected(
      Engine engine, XmlSource source, long chunkBytes, long partStart, RejectedException expected)
      throws IOException {
    List<PartStart> guesses = engine.guess(source, partStart);
    for (List<PartStart> starts : List.of(List.<PartStart>of(), guesses)) {
      RejectedException rejection =
          assertThrows(RejectedException.class, () -> engine.inspect(source, chunkBytes, starts));
      assertThat(rejection.reason()).isEqualTo(expected.reason());
      assertThat(rejection).hasMessageThat().isEqualTo(expected.getMessage());
      assertThat(rejection.position()).isEqualTo(expected.position());
      assertThat(rejection.recordNumber()).isEqualTo(expected.recordNumber());
    }
  }

  private static void checkChunks(
      Engine engine, XmlSource source, Inspection inspection, List<OracleRecord> rows)
      throws IOException {
    assertThat(inspection.rows().stream().mapToLong(count -> count).sum()).isEqualTo(rows.size());
    List<OracleRecord> found = new ArrayList<>();
    long end = 0;
    for (Chunk chunk : inspection.chunks()) {
      assertThat(chunk.firstRecord()).isEqualTo(found.size() + 1);
      assertThat(chunk.start().byteOffset()).isAtLeast(end);
      end = chunk.end();
      try {
        found.addAll(engine.records(source, chunk));
      } catch (RejectedException e) {
        throw new AssertionError("accepted, but a chunk is rejected: " + chunk, e);
      }
      assertThat(found).hasSize((int) (chunk.firstRecord() - 1 + chunk.records()));
    }
    assertThat(found).isEqualTo(rows);
  }

  /** The records where invalid ones are allowed, each with its row or null; empty if rejected. */
  private static List<OracleRecord> checkInvalidRecords(
      Engine engine, XmlSource source, long chunkBytes) throws IOException {
    Inspection inspection;
    try {
      inspection = engine.inspectAllowingInvalidRecords(source, chunkBytes);
    } catch (RejectedException e) {
      assertWithMessage(e.getMessage())
          .that(e.reason().isOfRecord() && e.recordNumber() > 0)
          .isFalse();
      return List.of();
    }
    List<OracleRecord> found = new ArrayList<>();
    for (Chunk chunk : inspection.chunks()) {
      try {
        found.addAll(engine.recordsAllowingInvalidOnes(source, chunk));
        checkExcerpts(engine, source, chunk);
      } catch (RejectedException e) {
        throw new AssertionError("accepted, but a chunk is rejected: " + chunk, e);
      }
    }
    assertThat(inspection.invalidRecords().stream().mapToLong(count -> count).sum())
        .isEqualTo(found.stream().filter(record -> record.row() == null).count());
    return found;
  }

  private static void checkExcerpts(Engine engine, XmlSource source, Chunk chunk)
      throws IOException, RejectedException {
    try (RecordReader reader = engine.open(source, chunk)) {
      while (reader.next()) {
        if (reader.isInvalid()) {
          InvalidRecord invalid = reader.invalidRecord();
          assertThat(invalid.xml()).startsWith("<");
          assertThat(invalid.xml()).endsWith(">");
          Position position = invalid.position();
          assertThat(position).isNotNull();
          assertThat(position.byteOffset()).isAtLeast(chunk.start().byteOffset());
          assertThat(position.byteOffset()).isLessThan(chunk.end());
        }
      }
    }
  }
}
