package io.xmltobigquery.xml;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A generated document.
 *
 * @param text all of it, without a byte order mark
 * @param byteOrderMark whether one comes before the text
 * @param recordStarts where in the text the records start
 * @param recordEnds where in the text the records end
 */
public record RandomDocument(
    String text,
    Charset charset,
    boolean byteOrderMark,
    boolean xml11,
    List<Integer> recordStarts,
    List<Integer> recordEnds) {

  private static final Pattern DECLARED_ENCODING =
      Pattern.compile("^<\\?xml [^>]*?( encoding=\"[^\"]*\")");

  public byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(mark());
    bytes.writeBytes(text.getBytes(charset));
    return bytes.toByteArray();
  }

  /**
   * The same document in XML 1.0. The JDK's parser takes some good documents of XML 1.1 for broken
   * ones, and the generator uses nothing of XML 1.1 but its line ends.
   */
  public String textInXml10() {
    return xml11
        ? text.replaceFirst("1\\.1", "1.0").replaceAll("\r\n|\r\u0085|[\r\u0085\u2028]", "\n")
        : text;
  }

  /** The same document in encodings of all Unicode. */
  List<RandomDocument> inOtherEncodings() {
    return List.of(
        in(StandardCharsets.UTF_8), in(StandardCharsets.UTF_16LE), in(StandardCharsets.UTF_16BE));
  }

  /** With a byte order mark in place of a declared encoding. */
  private RandomDocument in(Charset other) {
    Matcher declared = DECLARED_ENCODING.matcher(text);
    int start = declared.find() ? declared.start(1) : 0;
    int end = start == 0 ? 0 : declared.end(1);
    return new RandomDocument(
        text.substring(0, start) + text.substring(end),
        other,
        true,
        xml11,
        recordStarts.stream().map(place -> place - (end - start)).toList(),
        recordEnds.stream().map(place -> place - (end - start)).toList());
  }

  private byte[] mark() {
    return byteOrderMark ? "\uFEFF".getBytes(charset) : new byte[0];
  }

  /** The positions of places in the text, which must be in ascending order, found by counting. */
  List<Position> positions(List<Integer> places) {
    List<Position> positions = new ArrayList<>();
    long line = 1;
    int lineStart = 0;
    long bytes = mark().length;
    int at = 0;
    for (int place : places) {
      bytes += text.substring(at, place).getBytes(charset).length;
      for (; at < place; at++) {
        if (endsLine(at)) {
          line++;
          lineStart = at + 1;
        }
      }
      positions.add(new Position(line, place - lineStart + 1, bytes));
    }
    return positions;
  }

  private boolean endsLine(int place) {
    char next = place + 1 < text.length() ? text.charAt(place + 1) : ' ';
    return switch (text.charAt(place)) {
      case '\n' -> true;
      case '\r' -> next != '\n' && !(xml11 && next == '\u0085');
      case '\u0085', '\u2028' -> xml11;
      default -> false;
    };
  }

  @Override
  public String toString() {
    return charset + (byteOrderMark ? " with mark: " : ": ") + text;
  }
}
