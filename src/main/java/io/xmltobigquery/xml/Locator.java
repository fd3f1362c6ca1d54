package io.xmltobigquery.xml;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Finds line, column and byte of a character by decoding the file again from the last known place
 * before it. That is needed for faults only, so reading a good file pays nothing for it. The known
 * place moves along with the reader, and the next question starts where the last one ended, so that
 * all answers together cost at most one more reading of the file.
 */
final class Locator implements Closeable {

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
  private @Nullable Walk walk;

  /**
   * @param start where the reader's first character stands
   */
  Locator(XmlSource source, Encoding encoding, Position start) {
    this.source = source;
    this.encoding = encoding;
    this.start = new Place(0, start);
    this.known = this.start;
  }

  /** Tells the position of a character, so that later answers start from there if they can. */
  void know(long charOffset, Position position) {
    if (encoding.canBeEntered() && source.opensAnywhere()) {
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
    return walkTo(charOffset).position();
  }

  /** The text between two characters and the position of one between them. */
  Excerpt excerpt(long startChar, long wantedChar, long endChar) throws IOException {
    Walk there = walkTo(startChar);
    StringBuilder text = new StringBuilder((int) (endChar - startChar));
    there.to(wantedChar, text);
    Position wanted = there.position();
    there.to(endChar, text);
    return new Excerpt(text.toString(), wanted);
  }

  private Walk walkTo(long charOffset) throws IOException {
    Place from = charOffset < known.charOffset() ? start : known;
    Walk there = walk;
    if (there == null || there.at > charOffset || there.at < from.charOffset()) {
      close();
      there = new Walk(from);
      walk = there;
    }
    there.to(charOffset, null);
    return there;
  }

  @Override
  public void close() throws IOException {
    if (walk != null) {
      walk.close();
      walk = null;
    }
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

    /**
     * Goes on to a character, or to the pair of surrogates that it belongs to.
     *
     * @param text takes what is passed, or null if nobody wants it
     */
    void to(long charOffset, @Nullable StringBuilder text) throws IOException {
      while (at < charOffset) {
        int length = reader.read(block, 0, (int) Math.min(block.length, charOffset - at));
        if (length < 0) {
          throw new EOFException("the file became shorter while it was read");
        }
        if (length == 0) {
          return;
        }
        if (text != null) {
          text.append(block, 0, length);
        }
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
