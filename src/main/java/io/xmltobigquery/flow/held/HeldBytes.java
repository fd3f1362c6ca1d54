package io.xmltobigquery.flow.held;

import java.nio.ByteBuffer;

/** Bytes that something was appended to, one behind the other. */
public interface HeldBytes {

  /** How many there are. */
  int size();

  /** The bytes, in an array; valid until the next call. */
  ByteBuffer view();

  /**
   * Forgets them.
   *
   * @param maxKept how long an array is kept at most for what comes next, in bytes
   */
  void clear(int maxKept);
}
