package io.xmltobigquery.xml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the bytes of a document become characters: XML 1.0, section 4.3.3 and appendix F. The byte
 * order mark or the first bytes tell the family; the XML declaration, read in that family, names
 * the encoding; both must agree.
 *
 * @param charsetName a charset that Java can decode; UTF-16 and UTF-32 always with their byte order
 * @param byteOrderMarkLength in bytes; 0 if there is no mark
 * @param xml11 whether the declaration says XML 1.1
 */
public record Encoding(String charsetName, int byteOrderMarkLength, boolean xml11) {

  /** Bytes of the document's start that {@link #detect} wants, or all if there are fewer. */
  static final int HEAD_LENGTH = 1024;

  private static final Pattern DECLARATION =
      Pattern.compile(
          "^<\\?xml\\s+version\\s*=\\s*(?:\"(?<v1>[^\"]*)\"|'(?<v2>[^']*)')"
              + "(?:\\s+encoding\\s*=\\s*(?:\"(?<e1>[^\"]*)\"|'(?<e2>[^']*)'))?");

  private static final String DECLARATION_START = "<?xml";

  /** Encodings of several bytes a character whose decoders hold no state between characters. */
  private static final Set<String> STATELESS_MULTI_BYTE =
      Set.of(
          "UTF-8",
          "UTF-16BE",
          "UTF-16LE",
          "UTF-32BE",
          "UTF-32LE",
          "GB18030",
          "GBK",
          "GB2312",
          "Big5",
          "Big5-HKSCS",
          "EUC-JP",
          "EUC-KR",
          "x-EUC-TW",
          "Shift_JIS",
          "windows-31j",
          "x-windows-949",
          "x-windows-950");

  /**
   * Java's decoder hands out the two surrogates of a character one by one, so that a block of text
   * may end between them. XML wants no such encoding: Unicode Technical Report 26 has CESU-8 for
   * the inside of programs only, and not for files that are exchanged.
   */
  private static final String UNSUPPORTED = "CESU-8";

  @SuppressWarnings("ArrayRecordComponent") // Only read, and never compared.
  private record ByteOrderMark(String charsetName, int... bytes) {
    boolean starts(byte[] head) {
      return startsWith(head, bytes);
    }
  }

  // UTF-32LE begins as UTF-16LE does, so it comes first.
  private static final ByteOrderMark[] BYTE_ORDER_MARKS = {
    new ByteOrderMark("UTF-8", 0xEF, 0xBB, 0xBF),
    new ByteOrderMark("UTF-32LE", 0xFF, 0xFE, 0x00, 0x00),
    new ByteOrderMark("UTF-32BE", 0x00, 0x00, 0xFE, 0xFF),
    new ByteOrderMark("UTF-16LE", 0xFF, 0xFE),
    new ByteOrderMark("UTF-16BE", 0xFE, 0xFF),
  };

  /**
   * How "&lt;" or "&lt;?" looks in each family without a mark; the charset reads the declaration.
   */
  private static final ByteOrderMark[] FAMILIES = {
    new ByteOrderMark("UTF-32BE", 0x00, 0x00, 0x00, 0x3C),
    new ByteOrderMark("UTF-32LE", 0x3C, 0x00, 0x00, 0x00),
    new ByteOrderMark("UTF-16BE", 0x00, 0x3C),
    new ByteOrderMark("UTF-16LE", 0x3C, 0x00),
    new ByteOrderMark("IBM037", 0x4C, 0x6F, 0xA7, 0x94),
  };

  /**
   * Finds out a document's encoding.
   *
   * @throws IOException if the source can't be read
   * @throws RejectedException if the source is empty or packed, or its encoding is wrong
   */
  static Encoding of(XmlSource source) throws IOException, RejectedException {
    byte[] head;
    try (InputStream in = source.open(0)) {
      head = in.readNBytes(HEAD_LENGTH);
    } catch (BadInputException e) {
      throw new RejectedException(e.reason(), e.getMessage(), Position.START, 0);
    }
    if (head.length == 0) {
      throw new RejectedException(
          RejectionReason.EMPTY_FILE, "the file has no bytes", Position.START, 0);
    }
    refusePacked(head);
    return detect(head);
  }

  /** What can be unpacked is unpacked already. */
  private static void refusePacked(byte[] head) throws RejectedException {
    Packing packing = Packing.of(head);
    if (packing != null) {
      boolean nested = packing.compression() != null || packing.isArchive();
      throw new RejectedException(
          RejectionReason.NOT_XML,
          "this is "
              + packing.description()
              + (nested
                  ? " inside of what was unpacked already, and only one packing is taken away; pack the XML once"
                  : ", which isn't read; load the XML in it"),
          Position.START,
          0);
    }
  }

  /** Whether a document may begin like this: with white space, if at all, and then a tag. */
  static boolean isLikeXml(byte[] head) {
    for (ByteOrderMark mark : BYTE_ORDER_MARKS) {
      if (mark.starts(head)) {
        byte[] document = Arrays.copyOfRange(head, mark.bytes().length, head.length);
        return decode(document, mark.charsetName()).stripLeading().startsWith("<");
      }
    }
    for (ByteOrderMark family : FAMILIES) {
      if (family.starts(head)) {
        return true;
      }
    }
    return decode(head, "ISO-8859-1").stripLeading().startsWith("<");
  }

  /**
   * Finds out the encoding.
   *
   * @param head the document's first {@link #HEAD_LENGTH} bytes
   * @throws RejectedException if the encoding isn't known to Java or is CESU-8, or the bytes
   *     contradict the declaration
   */
  static Encoding detect(byte[] head) throws RejectedException {
    for (ByteOrderMark mark : BYTE_ORDER_MARKS) {
      if (mark.starts(head)) {
        byte[] document = Arrays.copyOfRange(head, mark.bytes().length, head.length);
        return declared(document, mark.charsetName(), mark.charsetName(), mark.bytes().length);
      }
    }
    for (ByteOrderMark family : FAMILIES) {
      if (family.starts(head)) {
        return declared(head, family.charsetName(), family.charsetName(), 0);
      }
    }
    return declared(head, "ISO-8859-1", "UTF-8", 0);
  }

  private static Encoding declared(
      byte[] document, String familyCharset, String undeclared, int markLength)
      throws RejectedException {
    Matcher declaration = DECLARATION.matcher(new String(document, Charset.forName(familyCharset)));
    if (!declaration.find()) {
      return new Encoding(undeclared, markLength, false);
    }
    boolean xml11 = "1.1".equals(either(declaration, "v1", "v2"));
    String name = either(declaration, "e1", "e2");
    if (name == null) {
      return new Encoding(undeclared, markLength, xml11);
    }
    String charsetName = charset(name).name();
    if (withoutByteOrder(undeclared).equals(charsetName)) {
      charsetName = undeclared;
    }
    boolean contradictsMark = markLength > 0 && !charsetName.equals(undeclared);
    if (contradictsMark || !decode(document, charsetName).startsWith(DECLARATION_START)) {
      throw rejected(
          "the XML declaration says encoding=\""
              + printable(name)
              + "\", but the file's first bytes are "
              + (markLength > 0 ? "the byte order mark of " + undeclared : "not in that encoding")
              + "; write the file in the encoding that it declares");
    }
    return new Encoding(charsetName, markLength, xml11);
  }

  private static Charset charset(String name) throws RejectedException {
    try {
      Charset charset = Charset.forName(name);
      if (!charset.name().equals(UNSUPPORTED)) {
        return charset;
      }
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      // Rejected below: the message says all that the exception knows.
    }
    throw rejected(
        "the XML declaration says encoding=\""
            + printable(name)
            + "\", which isn't an encoding that can be read here; convert the file to UTF-8");
  }

  /**
   * Whether a document that comes behind the one that this was found out for is in it, too.
   *
   * @param declared the encoding that it declares, or null if it declares none: then it is UTF-8,
   *     or what its first bytes tell
   */
  boolean fits(@Nullable String declared) {
    String family = withoutByteOrder(charsetName);
    if (declared == null) {
      return charsetName.startsWith("UTF-");
    }
    try {
      String name = Charset.forName(declared).name();
      return name.equals(charsetName) || name.equals(family);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return false;
    }
  }

  private static String withoutByteOrder(String charsetName) {
    return charsetName.startsWith("UTF-16") || charsetName.startsWith("UTF-32")
        ? charsetName.substring(0, "UTF-16".length())
        : charsetName;
  }

  private static String decode(byte[] document, String charsetName) {
    return Charset.forName(charsetName).decode(ByteBuffer.wrap(document)).toString();
  }

  private static String either(Matcher matcher, String group, String otherGroup) {
    return matcher.group(group) != null ? matcher.group(group) : matcher.group(otherGroup);
  }

  private static String printable(String name) {
    return Fault.bounded(name.replaceAll("[^ -~]", "?"), 40);
  }

  private static boolean startsWith(byte[] head, int... bytes) {
    if (head.length < bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if ((head[i] & 0xFF) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static RejectedException rejected(String message) {
    return new RejectedException(RejectionReason.INVALID_ENCODING, message, Position.START, 0);
  }

  Charset charset() {
    return Charset.forName(charsetName);
  }

  /**
   * Whether decoding can start in the middle of the document: whether the encoding holds no state.
   */
  boolean canBeEntered() {
    Charset charset = charset();
    if (STATELESS_MULTI_BYTE.contains(charset.name())) {
      return true;
    }
    return charset.canEncode() && charset.newEncoder().maxBytesPerChar() == 1.0f;
  }
}
