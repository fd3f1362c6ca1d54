package io.xmltobigquery.xml;

import io.xmltobigquery.rows.Row;
import java.io.Serializable;

/**
 * What a document may demand of us. Whatever isn't bounded here (the length of the file, the number
 * of records) takes no memory.
 *
 * @param maxRecordBytes the bytes of one record, and so the length of one text; checked to within
 *     64 KiB
 */
public record Limits(long maxRecordBytes) implements Serializable {

  /** BigQuery takes rows of up to 10 MB; an XML record of twice that may still make such a row. */
  public static final long DEFAULT_MAX_RECORD_BYTES = 20L << 20;

  /** Open elements at one time. */
  public static final int MAX_DEPTH = 1_000;

  /** Attributes of one element. */
  static final int MAX_ATTRIBUTES = 1_000;

  /** Characters of one attribute value. */
  static final int MAX_ATTRIBUTE_LENGTH = 1 << 20;

  /**
   * Different names of elements, attributes, prefixes, processing instructions and entities in one
   * document: the parser remembers all of them.
   */
  static final int MAX_NAMES = 100_000;

  /** Characters of one name. */
  static final int MAX_NAME_LENGTH = 300;

  /** Characters of all different names: 8 MB of memory, where the numbers above allow for 60. */
  static final int MAX_NAME_CHARACTERS = 4_000_000;

  /**
   * Characters of one element's namespace declarations. They are remembered while it is open, and
   * those around records are read again at the start of every part.
   */
  static final int MAX_DECLARATIONS_LENGTH = 10_000;

  /**
   * Values of one record, and columns of its RECORDs, present or not: each takes memory, however
   * short its text is. BigQuery's largest row has room for no more.
   */
  static final int MAX_VALUES = Row.MAX_SIZE;

  /** Characters of a name that is quoted in a message. */
  static final int MAX_NAME_IN_MESSAGE = 100;
}
