package io.xmltobigquery.flow.held;

import java.nio.ByteBuffer;

/** Bytes that something was appended to, one behind the other. */
public interface HeldBytes {

  /**
   * Up to this length an array is kept for what comes next. There is one for each table, and 50
   * tables are to take little.
   */
  int MAX_KEPT_LENGTH = 128 * 1024;

  /** How many there are. */
  int size();

  /** The bytes, in an array; valid until the next call. */
  ByteBuffer view();

  /** Forgets them. */
  void clear();
}
