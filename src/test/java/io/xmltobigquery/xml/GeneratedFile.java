package io.xmltobigquery.xml;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;

/** A file that is made while it is read: of pieces, each repeated up to some length. */
final class GeneratedFile implements XmlSource {

  @SuppressWarnings("ArrayRecordComponent") // Only read, and never compared.
  private record Piece(byte[] bytes, long length) {}

  /** Of what is repeated: making a file should take less time than reading it. */
  private static final int BLOCK_LENGTH = 64 * 1024;

  private final List<Piece> pieces = new ArrayList<>();
  private long size;

  static GeneratedFile of(String text) {
    return new GeneratedFile().then(text);
  }

  static GeneratedFile of(byte[] bytes) {
    return new GeneratedFile().then(bytes, 1);
  }

  GeneratedFile then(String text) {
    return then(text.getBytes(UTF_8), 1);
  }

  /** Goes on with a text as often as it takes to about the given length, in bytes. */
  GeneratedFile repeat(String text, long length) {
    byte[] block = text.repeat(Math.max(1, BLOCK_LENGTH / text.length())).getBytes(UTF_8);
    return then(block, length / block.length);
  }

  GeneratedFile then(byte[] bytes, long times) {
    pieces.add(new Piece(bytes, bytes.length * times));
    size += bytes.length * times;
    return this;
  }

  /** In bytes. */
  long size() {
    return size;
  }

  @Override
  public InputStream open(long offset) throws IOException {
    InputStream all = new ByteArrayInputStream(new byte[0]);
    long skip = offset;
    for (Piece piece : pieces) {
      long skipHere = Math.min(skip, piece.length());
      skip -= skipHere;
      all =
          new SequenceInputStream(
              all, new RepeatedStream(piece.bytes(), skipHere, piece.length() - skipHere));
    }
    return all;
  }
}
