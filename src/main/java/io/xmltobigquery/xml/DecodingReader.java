package io.xmltobigquery.xml;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Decodes bytes strictly and knows which byte a character came from.
 *
 * <p>The parser counts characters, files are cut at bytes. Only the bytes of the last block that
 * was handed to the parser are kept: a chunk is cut right after the element just read, which lies
 * there. Decoding them once more up to the wanted character gives the byte, in every encoding that
 * {@linkplain Encoding#canBeEntered can be entered}.
 */
final class DecodingReader extends Reader {

  /** Room for the bytes of a block (at most 4 for each character) and for as many that follow. */
  private static final int WINDOW_BYTES = 64 * 1024;

  private final InputStream in;
  private final CharsetDecoder decoder;
  private final Charset charset;

  /** Characters that come before those of the bytes; they have no position. */
  private final String frame;

  private int frameDelivered;

  /**
   * From the block's first byte to the last byte read; the position is the first byte that isn't
   * decoded.
   */
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);

  /** Where the window's first byte stands in the file. */
  private long windowOffset;

  private int blockStart;
  private long blockStartChar;
  private long chars;
  private boolean endOfInput;
  private @Nullable IOException failure;

  /**
   * @param in the bytes, from {@code byteOffset} of the file on
   * @param frame characters to deliver before them
   */
  DecodingReader(InputStream in, Charset charset, long byteOffset, String frame) {
    this.in = in;
    this.charset = charset;
    this.decoder = strict(charset);
    this.windowOffset = byteOffset;
    this.frame = frame;
  }

  private static CharsetDecoder strict(Charset charset) {
    CharsetDecoder decoder =
        charset.equals(StandardCharsets.UTF_8) ? new Utf8Decoder() : charset.newDecoder();
    return decoder
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    if (frameDelivered < frame.length()) {
      int count = Math.min(length, frame.length() - frameDelivered);
      frame.getChars(frameDelivered, frameDelivered + count, target, offset);
      frameDelivered += count;
      return count;
    }
    CharBuffer block = CharBuffer.wrap(target, offset, length);
    if (window.remaining() < WINDOW_BYTES / 2) {
      fill();
    }
    while (true) {
      blockStart = window.position();
      blockStartChar = chars;
      CoderResult result = decoder.decode(window, block, endOfInput);
      int decoded = block.position() - offset;
      if (decoded > 0) {
        chars += decoded;
        return decoded;
      }
      if (result.isError()) {
        throw undecodable(result);
      }
      if (result.isOverflow()) {
        // A surrogate pair is next, and there is room for one character only.
        throw new IllegalArgumentException("length " + length + " is too short");
      }
      if (endOfInput) {
        return -1;
      }
      if (failure != null) {
        throw failure;
      }
      fill();
    }
  }

  /**
   * Drops what is decoded and reads until the window is full. A failure to read is kept until all
   * bytes before it are decoded, so that it shows at its place.
   */
  private void fill() {
    windowOffset += window.position();
    window.compact();
    try {
      while (window.hasRemaining() && failure == null && !endOfInput) {
        int count = in.read(window.array(), window.position(), window.remaining());
        if (count < 0) {
          endOfInput = true;
        } else {
          window.position(window.position() + count);
        }
      }
    } catch (IOException e) {
      failure = e;
    }
    window.flip();
  }

  private UndecodableException undecodable(CoderResult result) {
    boolean truncated =
        endOfInput && window.position() + result.length() >= window.limit() && result.isMalformed();
    return new UndecodableException(charset.name(), truncated);
  }

  /**
   * The file's bytes up to the end of the last block: at most a block ahead of what the parser has
   * read.
   */
  long bytesDecoded() {
    return windowOffset + window.position();
  }

  /** The characters delivered so far, without the frame. */
  long charsDecoded() {
    return chars;
  }

  /**
   * Where a character's first byte stands in the file.
   *
   * @param charOffset from the first character after the frame; within the block that was delivered
   *     last, or its end
   */
  long byteOffset(long charOffset) {
    if (charOffset < blockStartChar || charOffset > chars) {
      throw new IllegalArgumentException(
          "character "
              + charOffset
              + " isn't in the block from "
              + blockStartChar
              + " to "
              + chars);
    }
    CharBuffer skipped = CharBuffer.allocate((int) (charOffset - blockStartChar));
    ByteBuffer bytes = window.duplicate().flip().position(blockStart);
    strict(charset).decode(bytes, skipped, false);
    return windowOffset + bytes.position();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
