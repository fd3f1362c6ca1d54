package io.xmltobigquery.xml;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The entries of an archive in the order in which they stand in it, by a library, and with the
 * checks that the library leaves to its callers. What is wrong with an archive is an {@code
 * IOException}, as the library throws it, or a {@link BadInputException} that says more.
 */
interface ArchiveEntries extends Closeable {

  /** What an entry is. */
  enum Kind {
    FILE,
    DIRECTORY,
    /** A link or a device. */
    OTHER
  }

  /**
   * What is said of an entry in front of it.
   *
   * @param place from which the archive can be opened to begin with it, in bytes
   */
  record Header(String name, Kind kind, long place) {}

  /**
   * Goes on to the next entry. All of the one before must have been read.
   *
   * @return null behind the last
   */
  @Nullable Header next() throws IOException;

  /** Fills a block from the current entry; it is full, but at the entry's end. */
  int readBlock(byte[] block) throws IOException;

  /**
   * Makes sure that the archive was complete, and had no other entries.
   *
   * @throws IOException also if the end can't be read
   */
  void verifyEnd() throws IOException;
}
