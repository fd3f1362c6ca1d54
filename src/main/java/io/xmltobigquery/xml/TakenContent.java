package io.xmltobigquery.xml;

import org.codehaus.stax2.XMLStreamReader2;

/** What is in an element, with its tags, as it becomes a value. */
interface TakenContent {

  /** Takes the start tag that the parser is at. */
  void start(XMLStreamReader2 xml);

  /** Takes text. */
  void text(char[] text, int start, int length);

  /** Takes the end tag that the parser is at. */
  void end(XMLStreamReader2 xml);

  /** Characters that it has as yet. */
  int length();

  /** How many values it has as yet that take memory besides. */
  default int size() {
    return 0;
  }

  /** All of it. */
  String result(long maxLength) throws JsonText.TooLongException;
}
