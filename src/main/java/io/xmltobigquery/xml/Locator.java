package io.xmltobigquery.xml;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;

/**
 * Finds line, column and byte of a character by decoding the file again from the last known place
 * before it. That is needed for faults only, so reading a good file pays nothing for it; and the
 * known place moves along with every chunk cut and every question, so that an answer costs at most
 * the reading of a chunk.
 */
final class Locator {

  private record Place(long charOffset, Position position) {}

  /**
   * A piece of the file.
   *
   * @param position of a character in it that was asked for
   */
  record Excerpt(String text, Position position) {}

  private final XmlSource source;
  private final Encoding encoding;
  private final Place start;
  private Place known;

  /**
   * @param start where the reader's first character stands
   */
  Locator(XmlSource source, Encoding encoding, Position start) {
    this.source = source;
    this.encoding = encoding;
    this.start = new Place(0, start);
    this.known = this.start;
  }

  /** Tells the position of a character, so that later answers start from there. */
  void know(long charOffset, Position position) {
    if (encoding.canBeEntered()) {
      known = new Place(charOffset, position);
    }
  }

  /**
   * The position of a character.
   *
   * @param charOffset from the reader's first character
   * @throws IOException if the source can't be read again
   */
  Position locate(long charOffset) throws IOException {
    try (Walk walk = new Walk(placeBefore(charOffset))) {
      walk.to(charOffset, new StringBuilder());
      Position position = walk.position();
      know(charOffset, position);
      return position;
    }
  }

  /** The text between two characters and the position of one between them. */
  Excerpt excerpt(long startChar, long wantedChar, long endChar) throws IOException {
    try (Walk walk = new Walk(placeBefore(startChar))) {
      walk.to(startChar, new StringBuilder());
      StringBuilder text = new StringBuilder();
      walk.to(wantedChar, text);
      Position wanted = walk.position();
      walk.to(endChar, text);
      know(endChar, walk.position());
      return new Excerpt(text.toString(), wanted);
    }
  }

  private Place placeBefore(long charOffset) {
    return charOffset < known.charOffset() ? start : known;
  }

  /** Decodes from a known place on. */
  private final class Walk implements Closeable {
    private final DecodingReader reader;
    private final char[] block = new char[StaxReaders.BUFFER_LENGTH];
    private long at;
    private long line;
    private long column;
    private char previous;

    Walk(Place from) throws IOException {
      long byteOffset = from.position().byteOffset();
      reader =
          new DecodingReader(source.open(byteOffset), encoding.charset(), false, byteOffset, "");
      at = from.charOffset();
      line = from.position().line();
      column = from.position().column();
    }

    /** Goes on to a character, or to the pair of surrogates that it belongs to. */
    void to(long charOffset, StringBuilder text) throws IOException {
      while (at < charOffset) {
        int length = reader.read(block, 0, (int) Math.min(block.length, charOffset - at));
        if (length < 0) {
          throw new EOFException("the file became shorter while it was read");
        }
        if (length == 0) {
          return;
        }
        text.append(block, 0, length);
        count(length);
        at += length;
      }
    }

    Position position() {
      return new Position(line, column, reader.bytesDecoded());
    }

    /** XML 1.0 and 1.1, section 2.11. */
    private void count(int length) {
      boolean xml11 = encoding.xml11();
      for (int i = 0; i < length; i++) {
        char c = block[i];
        boolean secondOfPair = previous == '\r' && (c == '\n' || (xml11 && c == '\u0085'));
        if (secondOfPair) {
          column = 1;
        } else if (c == '\n' || c == '\r' || (xml11 && (c == '\u0085' || c == '\u2028'))) {
          line++;
          column = 1;
        } else {
          column++;
        }
        previous = c;
      }
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
