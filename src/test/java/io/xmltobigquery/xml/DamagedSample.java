package io.xmltobigquery.xml;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.Documents;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The sample file with one thing wrong.
 *
 * @param at which byte is concerned
 */
public record DamagedSample(Form form, Damage damage, int at) {

  /** How the good file is written. */
  public enum Form {
    /** As it is shipped. */
    PLAIN(Form.shipped()),
    LITTLE_ENDIAN(Form.inUtf16(UTF_16LE)),
    BIG_ENDIAN(Form.inUtf16(UTF_16BE)),
    GZIP(Documents.gzip(Form.shipped()));

    @SuppressWarnings("ImmutableEnumChecker") // Nobody changes it.
    private final byte[] content;

    Form(byte[] content) {
      this.content = content;
    }

    public byte[] content() {
      return content.clone();
    }

    private static byte[] shipped() {
      try {
        return Files.readAllBytes(Path.of("sample-data/customer-orders.xml"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static byte[] inUtf16(Charset charset) {
      String text = new String(shipped(), UTF_8).replace("utf-8", "utf-16");
      return ("\uFEFF" + text).getBytes(charset);
    }
  }

  /** What may happen to a file. */
  public enum Damage {
    /** The file ends before the byte. */
    CUT,
    /** All bits of the byte are turned over. */
    INVERTED,
    /** One bit is; which one depends on where the byte stands. */
    ONE_BIT
  }

  /** Every damage at every so many bytes. */
  public static Stream<DamagedSample> all(Form form, int every) {
    return IntStream.iterate(0, at -> at < form.content.length, at -> at + every)
        .boxed()
        .flatMap(
            at ->
                Arrays.stream(Damage.values()).map(damage -> new DamagedSample(form, damage, at)));
  }

  /** The damaged file. */
  public byte[] bytes() {
    byte[] bytes = damage == Damage.CUT ? Arrays.copyOf(form.content, at) : form.content();
    switch (damage) {
      case CUT -> {}
      case INVERTED -> bytes[at] ^= (byte) 0xFF;
      case ONE_BIT -> bytes[at] ^= (byte) (1 << (at / 2 % Byte.SIZE));
    }
    return bytes;
  }

  /** The damaged file's XML: nothing of it, if it is gzip and damaged. */
  public byte[] document() {
    if (form != Form.GZIP) {
      return bytes();
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes()))) {
      return in.readAllBytes();
    } catch (IOException e) {
      return new byte[0];
    }
  }
}
