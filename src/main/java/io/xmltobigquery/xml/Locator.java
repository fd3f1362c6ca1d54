package io.xmltobigquery.xml;

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
  private Place known;

  /**
   * @param start where the reader's first character stands
   */
  Locator(XmlSource source, Encoding encoding, Position start) {
    this.source = source;
    this.encoding = encoding;
    this.known = new Place(0, start);
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
   * @param charOffset from the reader's first character; not before the last one that was told or
   *     asked for
   * @throws IOException if the source can't be read again
   */
  Position locate(long charOffset) throws IOException {
    Position position = walk(charOffset, new StringBuilder(), Long.MAX_VALUE).position();
    know(charOffset, position);
    return position;
  }

  /** The text between two characters and the position of one between them. */
  Excerpt excerpt(long startChar, long wantedChar, long endChar) throws IOException {
    locate(startChar);
    Position wanted = walk(wantedChar, new StringBuilder(), Long.MAX_VALUE).position();
    StringBuilder text = new StringBuilder();
    Place end = walk(endChar, text, startChar);
    know(endChar, end.position());
    return new Excerpt(text.toString(), wanted);
  }

  /** Decodes from the known place up to a character, and keeps the text from another one on. */
  private Place walk(long charOffset, StringBuilder text, long textStart) throws IOException {
    Position from = known.position();
    long at = known.charOffset();
    if (charOffset < at) {
      throw new IllegalArgumentException("character " + charOffset + " is before " + at);
    }
    LineCounter lines = new LineCounter(from.line(), from.column(), encoding.xml11());
    char[] block = new char[StaxReaders.BUFFER_LENGTH];
    try (DecodingReader reader =
        new DecodingReader(
            source.open(from.byteOffset()), encoding.charset(), from.byteOffset(), "")) {
      while (at < charOffset) {
        int length = reader.read(block, 0, block.length);
        if (length < 0) {
          throw new EOFException("the file became shorter while it was read");
        }
        int used = (int) Math.min(length, charOffset - at);
        int kept = (int) Math.min(used, Math.max(0, textStart - at));
        text.append(block, kept, used - kept);
        lines.count(block, used);
        at += used;
      }
      long byteOffset = reader.byteOffset(charOffset - known.charOffset());
      return new Place(charOffset, new Position(lines.line, lines.column, byteOffset));
    }
  }

  private static final class LineCounter {
    private final boolean xml11;
    private long line;
    private long column;
    private char previous;

    LineCounter(long line, long column, boolean xml11) {
      this.line = line;
      this.column = column;
      this.xml11 = xml11;
    }

    /** XML 1.0 and 1.1, section 2.11. */
    void count(char[] text, int length) {
      for (int i = 0; i < length; i++) {
        char c = text[i];
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
  }
}
