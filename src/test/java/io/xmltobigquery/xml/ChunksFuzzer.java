package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.oracle.OracleRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Any bytes as a document, cut into chunks of any size: chunk by chunk it gives the rows that it
 * gives as a whole, and inspecting it in parts says the same of it as inspecting it in one go.
 *
 * <p>An input is 9 bytes and a document: the mapping; the length of a chunk; which range of the
 * document is repeated and how often, so that few bytes make a document longer than the blocks that
 * it is read in; and about where a part starts.
 */
public final class ChunksFuzzer {

  private static final int HEADER_LENGTH = 9;
  private static final int MAX_LENGTH = 200_000;

  private ChunksFuzzer() {}

  /** Called by the fuzzing engine. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    if (input.length <= HEADER_LENGTH) {
      return;
    }
    Engine engine = ReaderFuzzer.engine(input[0]);
    long chunkBytes = 1L + number(input, 1);
    byte[] document = document(input);
    long partStart = (document.length * (long) number(input, 7)) >> 16;
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

  private static byte[] document(byte[] input) {
    int length = input.length - HEADER_LENGTH;
    int start = HEADER_LENGTH + number(input, 3) % length;
    int end = Math.min(input.length, start + (input[5] & 0xFF));
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    document.write(input, HEADER_LENGTH, end - HEADER_LENGTH);
    for (int i = 0; i < (input[6] & 0xFF) && document.size() < MAX_LENGTH; i++) {
      document.write(input, start, end - start);
    }
    document.write(input, end, input.length - end);
    return document.toByteArray();
  }

  private static int number(byte[] input, int at) {
    return (input[at] & 0xFF) << 8 | (input[at + 1] & 0xFF);
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
    List<PartStart> guesses =
        expected.reason() == RejectionReason.EMPTY_FILE
            ? List.of()
            : engine.guess(source, partStart);
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
