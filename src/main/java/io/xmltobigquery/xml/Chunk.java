package io.xmltobigquery.xml;

import java.util.List;

/**
 * A byte range of one file version that starts and ends between records, with all a parser needs to
 * start there.
 *
 * @param encoding of the whole file
 * @param start where the first byte stands
 * @param end the offset of the byte after the last record, or the file's end
 * @param firstRecord the number of the chunk's first record in the file, from 1
 * @param records how many records the chunk has; at least 1
 * @param openElements the elements that are open at the start, the root element first
 */
public record Chunk(
    Encoding encoding,
    Position start,
    long end,
    long firstRecord,
    long records,
    List<OpenElement> openElements) {

  public Chunk {
    openElements = List.copyOf(openElements);
  }

  /** The chunk's length in bytes. */
  public long length() {
    return end - start.byteOffset();
  }

  /**
   * What a parser must read before the chunk's own characters to be in the state that it had there.
   */
  String frame() {
    StringBuilder frame = new StringBuilder();
    if (encoding.xml11() && !openElements.isEmpty()) {
      frame.append("<?xml version=\"1.1\"?>");
    }
    openElements.forEach(element -> element.appendStartTag(frame));
    return frame.toString();
  }
}
