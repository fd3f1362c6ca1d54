package io.xmltobigquery.xml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a zip archive (PKWARE's APPNOTE). They are read from the front, as they come, by
 * their local headers; the central directory behind them only tells whether these were all.
 */
final class ZipEntries implements ArchiveEntries {

  private static final int END_SIGNATURE = 0x06054B50;
  private static final int END_LENGTH = 22;
  private static final int MAX_COMMENT_LENGTH = 0xFFFF;
  private static final int LOCATOR_64_SIGNATURE = 0x07064B50;
  private static final int LOCATOR_64_LENGTH = 20;
  private static final int END_64_SIGNATURE = 0x06064B50;
  private static final int END_64_LENGTH = 56;

  private final XmlSource archive;
  private final long size;
  private final long opened;
  private final ZipArchiveInputStream zip;
  private final CRC32 crc = new CRC32();
  private @Nullable ZipArchiveEntry current;
  private long length;
  private long entries;

  /**
   * Opens an archive.
   *
   * @param archive all of it, for its end
   * @param size of all of it, in bytes
   * @param opened where the stream begins
   */
  ZipEntries(XmlSource archive, long size, long opened, InputStream in) {
    this.archive = archive;
    this.size = size;
    this.opened = opened;
    this.zip = new ZipArchiveInputStream(in);
  }

  @Override
  public @Nullable Header next() throws IOException {
    ZipArchiveEntry before = current;
    // Only now is read what may stand behind an entry.
    current = zip.getNextEntry();
    if (before != null) {
      verify(before);
    }
    if (current == null) {
      return null;
    }
    refuseUnreadable(current);
    crc.reset();
    length = 0;
    entries++;
    return new Header(
        current.getName(),
        current.isDirectory() ? Kind.DIRECTORY : Kind.FILE,
        opened + current.getLocalHeaderOffset());
  }

  private void verify(ZipArchiveEntry entry) throws IOException {
    if (length != entry.getSize() || crc.getValue() != entry.getCrc()) {
      throw damaged(name(entry) + " isn't what its checksum says");
    }
  }

  private static void refuseUnreadable(ZipArchiveEntry entry) throws BadInputException {
    int method = entry.getMethod();
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      throw unreadable(entry, "is encrypted; load the archive without encryption");
    }
    if (method != ZipMethod.STORED.getCode() && method != ZipMethod.DEFLATED.getCode()) {
      ZipMethod known = ZipMethod.getMethodByCode(method);
      throw unreadable(
          entry,
          "is compressed by "
              + (known == null ? "method " + method : known)
              + ", which isn't read; make the archive with deflate");
    }
    if (method == ZipMethod.STORED.getCode() && entry.getGeneralPurposeBit().usesDataDescriptor()) {
      throw unreadable(
          entry,
          "is stored without compression, and its size comes behind it, so that nobody can tell where it ends; make the archive with deflate, or write it to a file");
    }
  }

  private static BadInputException unreadable(ZipArchiveEntry entry, String why) {
    return new BadInputException(
        RejectionReason.NOT_XML, name(entry) + " in the zip archive " + why);
  }

  private static BadInputException damaged(String message) {
    return ArchiveReader.damaged(Packing.ZIP, message);
  }

  private static String name(ZipArchiveEntry entry) {
    return ArchiveReader.quoted(entry.getName());
  }

  @Override
  public int readBlock(byte[] block) throws IOException {
    int count = zip.readNBytes(block, 0, block.length);
    crc.update(block, 0, count);
    length += count;
    return count;
  }

  /**
   * Reads the end of the central directory: section 4.3.16, and for large archives 4.3.14 and 15.
   * It must be of all that was read, since an archive that ends between two entries, or with
   * another one behind it, would look whole from the front.
   */
  @Override
  public void verifyEnd() throws IOException {
    ByteBuffer tail = tail();
    int end = end(tail);
    if (end < 0) {
      throw damaged("its central directory isn't at its end");
    }
    long found = tail.getShort(end + 10) & 0xFFFFL;
    long directoryLength = tail.getInt(end + 12) & 0xFFFFFFFFL;
    long directoryStart = tail.getInt(end + 16) & 0xFFFFFFFFL;
    long directoryEnd = size - tail.capacity() + end;
    int locator = end - LOCATOR_64_LENGTH;
    if (locator >= 0 && tail.getInt(locator) == LOCATOR_64_SIGNATURE) {
      directoryEnd = tail.getLong(locator + 8);
      long end64 = directoryEnd - (size - tail.capacity());
      if (end64 < 0
          || end64 > locator - END_64_LENGTH
          || tail.getInt((int) end64) != END_64_SIGNATURE) {
        throw damaged("its central directory isn't where it should be");
      }
      found = tail.getLong((int) end64 + 32);
      directoryLength = tail.getLong((int) end64 + 40);
      directoryStart = tail.getLong((int) end64 + 48);
    }
    if (found != entries || directoryStart + directoryLength != directoryEnd) {
      throw damaged(
          "its central directory has "
              + found
              + " entries, and in front of it are "
              + entries
              + ", or it is one archive behind another");
    }
  }

  private ByteBuffer tail() throws IOException {
    int wanted =
        (int) Math.min(size, END_64_LENGTH + LOCATOR_64_LENGTH + END_LENGTH + MAX_COMMENT_LENGTH);
    try (InputStream in = archive.open(size - wanted)) {
      return ByteBuffer.wrap(in.readNBytes(wanted)).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private static int end(ByteBuffer tail) {
    for (int at = tail.capacity() - END_LENGTH; at >= 0; at--) {
      if (tail.getInt(at) == END_SIGNATURE
          && at + END_LENGTH + (tail.getShort(at + 20) & 0xFFFF) == tail.capacity()) {
        return at;
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
