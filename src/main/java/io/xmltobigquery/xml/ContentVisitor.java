package io.xmltobigquery.xml;

/** Sees the elements and texts of a document, one after the other: {@link ContentReader}. */
public interface ContentVisitor {

  /** An element begins. */
  void startElement(StartTag tag);

  /**
   * A piece of text, or all of it: of CDATA as well, and also what is only white space. The array
   * is the parser's.
   */
  void text(char[] chars, int start, int length);

  /**
   * The element that was opened last, and isn't closed yet, ends.
   *
   * @param charOffset the character in the document that its end tag begins with, from 0; for an
   *     empty-element tag, the one that this begins with
   */
  void endElement(long charOffset);
}
