package io.xmltobigquery.flow.held;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes that something was appended to, one behind the other. */
public interface HeldBytes {

  /** How many there are. */
  int size();

  /** The bytes, in an array; valid until the next call. */
  ByteBuffer bytes() throws IOException;

  /** Forgets them. */
  void clear();
}
