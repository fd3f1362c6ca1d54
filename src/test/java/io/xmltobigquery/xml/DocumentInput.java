package io.xmltobigquery.xml;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * What a fuzzer's input says of a document: which mapping it is read with; which range of it is
 * repeated and how often, so that few bytes make a document that is longer than the blocks it is
 * read in; and the document.
 */
final class DocumentInput {

  private static final List<Engine> ENGINES = TestMappings.ALL.stream().map(Engine::of).toList();

  private static final int HEADER_LENGTH = 5;
  private static final int MAX_LENGTH = 200_000;

  private final byte[] input;
  private final int at;

  /**
   * @param at where in the input the document's part of it begins
   */
  DocumentInput(byte[] input, int at) {
    this.input = input;
    this.at = at;
  }

  /** Whether there is at least one byte of a document. */
  boolean isComplete() {
    return input.length > at + HEADER_LENGTH;
  }

  Engine engine() {
    return ENGINES.get((input[at] & 0xFF) % ENGINES.size());
  }

  byte[] document() {
    int documentAt = at + HEADER_LENGTH;
    int start = documentAt + number(input, at + 1) % (input.length - documentAt);
    int end = Math.min(input.length, start + (input[at + 3] & 0xFF));
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    document.write(input, documentAt, end - documentAt);
    for (int i = 0; i < (input[at + 4] & 0xFF) && document.size() < MAX_LENGTH; i++) {
      document.write(input, start, end - start);
    }
    document.write(input, end, input.length - end);
    return document.toByteArray();
  }

  /** Two bytes of an input as a number. */
  static int number(byte[] input, int at) {
    return ((input[at] & 0xFF) << 8) | (input[at + 1] & 0xFF);
  }
}
