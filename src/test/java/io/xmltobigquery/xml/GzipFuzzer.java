package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.Documents;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes as a gzip file, and good gzip files with any damage: what is read is what the JDK
 * reads, or what was compressed; everything else is corrupt.
 *
 * <p>An input is 6 bytes and a file's content: how it is used; where it is damaged and how; and how
 * much of it is cut off. Where a member can't be made good again by luck (it has a checksum), the
 * damage comes after compression.
 */
public final class GzipFuzzer {

  private static final int HEADER_LENGTH = 6;

  private GzipFuzzer() {}

  /** Called by the fuzzing engine. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    if (input.length < HEADER_LENGTH) {
      return;
    }
    byte[] content = Arrays.copyOfRange(input, HEADER_LENGTH, input.length);
    if (input[0] % 2 == 0) {
      checkAsTheJdk(content);
      return;
    }
    byte[] compressed = Documents.gzip(content);
    compressed[DocumentInput.number(input, 1) % compressed.length] ^= input[3];
    int lost = DocumentInput.number(input, 4) % compressed.length;
    byte[] cut = Arrays.copyOf(compressed, compressed.length - lost);
    byte[] read = gunzip(cut);
    if (read != null) {
      assertThat(read).isEqualTo(content);
      assertThat(cut).hasLength(compressed.length);
    }
  }

  private static void checkAsTheJdk(byte[] compressed) throws IOException {
    byte[] read = gunzip(compressed);
    if (read == null) {
      return;
    }
    InputStream expected;
    try {
      expected = new GZIPInputStream(new ByteArrayInputStream(compressed));
    } catch (ZipException e) {
      // The header has a checksum of its own, which says nothing about the content: only the JDK
      // looks at it.
      assertThat(e).hasMessageThat().isEqualTo("Corrupt GZIP header");
      return;
    }
    assertThat(read).isEqualTo(expected.readAllBytes());
  }

  /** The uncompressed bytes, or null if they are found to be corrupt. */
  private static byte @Nullable [] gunzip(byte[] compressed) throws IOException {
    try (InputStream in =
        new DecompressedSource(Compression.GZIP, Engine.source(compressed)).open(0)) {
      return in.readAllBytes();
    } catch (BadInputException e) {
      assertThat(e.reason()).isEqualTo(RejectionReason.CORRUPT_GZIP);
      return null;
    }
  }
}
