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
 * was handed to the parser are kept: a part ends right after the element just read, which lies
 * there. Decoding them once more up to the wanted character gives the byte, in every encoding that
 * {@linkplain Encoding#canBeEntered can be entered}.
 */
final class DecodingReader extends Reader {

  /** Room for the bytes of a block (at most 4 for each character) and for as many that follow. */
  private static final int WINDOW_BYTES = 64 * 1024;

  private final InputStream in;
  private final CharsetDecoder decoder;
  private final Charset charset;
  private final @Nullable LineEnds11 lineEnds11;
  private final boolean allUnicode;

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
  private long allowedFrom;
  private long allowedBytes = Long.MAX_VALUE;
  private boolean endOfInput;
  private boolean flushed;
  private boolean ended;
  private boolean refusedMore;
  private final LargeRecords largeRecords = new LargeRecords();

  /** What is wrong after the last byte that was read. */
  private @Nullable IOException failure;

  /** What is wrong after the last character that was delivered. */
  private @Nullable BadInputException invalidCharacter;

  /**
   * @param in the bytes, from {@code byteOffset} of the file on
   * @param xml11 whether the line ends of XML 1.1 become such as XML 1.0 has
   * @param frame characters to deliver before them
   */
  DecodingReader(InputStream in, Charset charset, boolean xml11, long byteOffset, String frame) {
    this.in = in;
    this.charset = charset;
    this.decoder = strict(charset);
    this.lineEnds11 = xml11 ? new LineEnds11() : null;
    this.allUnicode = charset.contains(StandardCharsets.UTF_16);
    this.windowOffset = byteOffset;
    this.frame = frame;
  }

  private static CharsetDecoder strict(Charset charset) {
    CharsetDecoder decoder =
        charset.equals(StandardCharsets.UTF_8) ? new Utf8Decoder() : charset.newDecoder();
    if (charset.name().startsWith("UTF-32")) {
      // The JDK drops U+FEFF at the start as a mark, but where a block starts it is a character.
      ByteBuffer space = ByteBuffer.wrap(" ".getBytes(charset));
      decoder.decode(space, CharBuffer.allocate(1), false);
    }
    return decoder
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /**
   * Lets the parser read on for some bytes, to within a block: a read that wants more fails. What
   * was read before is needed no more.
   */
  void allow(long bytes) {
    largeRecords.leave();
    allowedFrom = bytesDecoded();
    allowedBytes = bytes;
  }

  /**
   * Reads the next block.
   *
   * @return the number of characters, -1 at the end, or 0 if there is room for one character only
   *     but a surrogate pair is next
   * @throws BadInputException if the bytes aren't text in the encoding or not allowed in XML, or
   *     more is read than was allowed
   */
  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    if (frameDelivered < frame.length()) {
      int count = Math.min(length, frame.length() - frameDelivered);
      frame.getChars(frameDelivered, frameDelivered + count, target, offset);
      frameDelivered += count;
      return count;
    }
    if (invalidCharacter != null) {
      throw invalidCharacter;
    }
    long taken = bytesDecoded() - allowedFrom;
    if (taken >= allowedBytes) {
      refusedMore = true;
      throw new BadInputException(
          RejectionReason.LIMIT_EXCEEDED, "longer than --maxRecordBytes allows");
    }
    if (isLimited() && taken >= LargeRecords.SMALL_BYTES) {
      largeRecords.enter(allowedBytes);
    }
    int decoded = decode(CharBuffer.wrap(target, offset, length));
    return decoded <= 0 ? decoded : deliver(target, offset, decoded);
  }

  /** Who only looks for a place keeps nothing of what is read. */
  private boolean isLimited() {
    return allowedBytes < Long.MAX_VALUE;
  }

  private int decode(CharBuffer block) throws IOException {
    if (window.remaining() < WINDOW_BYTES / 2) {
      fill();
    }
    int start = block.position();
    while (!flushed) {
      int bytesStart = window.position();
      CoderResult result = decoder.decode(window, block, endOfInput);
      if (endOfInput && result.isUnderflow()) {
        result = decoder.flush(block);
        flushed = result.isUnderflow();
      }
      int decoded = block.position() - start;
      if (decoded > 0) {
        blockStart = bytesStart;
        blockStartChar = chars;
        return decoded;
      }
      if (result.isError()) {
        throw undecodable();
      }
      if (result.isOverflow()) {
        return 0;
      }
      if (failure != null) {
        throw failure;
      }
      fill();
    }
    ended = true;
    return -1;
  }

  /** Lets the characters through that XML allows, as far as the parser doesn't look itself. */
  private int deliver(char[] target, int offset, int decoded) throws BadInputException {
    int end = offset + decoded;
    int validEnd = end;
    if (mayDecodeForbidden()) {
      validEnd = XmlCharacters.firstInvalid(target, offset, end);
    }
    if (lineEnds11 != null) {
      validEnd = XmlCharacters.firstRestricted(target, offset, validEnd);
      lineEnds11.normalize(target, offset, validEnd);
    }
    chars += validEnd - offset;
    if (validEnd < end) {
      invalidCharacter =
          new BadInputException(
              RejectionReason.NOT_WELL_FORMED,
              "XML doesn't allow the character U+%04X here".formatted((int) target[validEnd]));
      if (validEnd == offset) {
        throw invalidCharacter;
      }
    }
    return validEnd - offset;
  }

  /** Only encodings of all Unicode have characters that XML forbids. */
  private boolean mayDecodeForbidden() {
    return decoder instanceof Utf8Decoder utf8 ? utf8.hasDecodedNoncharacter() : allUnicode;
  }

  /**
   * Drops what is decoded and reads until the window is full. A failure to read is kept until all
   * bytes before it are decoded, so that it shows at its place.
   */
  private void fill() {
    if (endOfInput || failure != null) {
      return;
    }
    windowOffset += window.position();
    window.compact();
    try {
      while (window.hasRemaining() && !endOfInput) {
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

  private BadInputException undecodable() {
    // What is malformed at the end of all input but fine if more were to come is cut off.
    boolean truncated =
        endOfInput
            && strict(charset)
                .decode(window.duplicate(), CharBuffer.allocate(2), false)
                .isUnderflow();
    return truncated
        ? new BadInputException(RejectionReason.TRUNCATED, "the file ends within a character")
        : new BadInputException(
            RejectionReason.INVALID_ENCODING,
            "the bytes here aren't valid "
                + charset.name()
                + "; write the file in the encoding that it declares");
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

  /** Whether the parser has asked for more than was allowed. */
  boolean hasRefusedMore() {
    return refusedMore;
  }

  /**
   * Whether the parser has asked for more than there is. It does so at once if there are less than
   * seven characters.
   */
  boolean hasEnded() {
    return ended;
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
    largeRecords.leave();
    in.close();
  }
}
