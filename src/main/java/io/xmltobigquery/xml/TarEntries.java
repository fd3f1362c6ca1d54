package io.xmltobigquery.xml;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.jspecify.annotations.Nullable;

/** The entries of a tar archive: POSIX's ustar and pax, and GNU's. */
final class TarEntries implements ArchiveEntries {

  /** What may stand in front of an entry, in bytes: headers with its name and attributes. */
  private static final long MAX_HEADERS_LENGTH = 1L << 20;

  private final PackedStream in;
  private final long opened;
  private final CheckedTar tar;

  /**
   * Opens an archive.
   *
   * @param opened where the stream begins
   */
  TarEntries(long opened, PackedStream in) {
    this.opened = opened;
    this.in = in;
    this.tar = new CheckedTar(in);
  }

  @Override
  public @Nullable Header next() throws IOException {
    // What fills the last record of the entry before comes first.
    long place =
        (in.taken() + TarConstants.DEFAULT_RCDSIZE - 1)
            / TarConstants.DEFAULT_RCDSIZE
            * TarConstants.DEFAULT_RCDSIZE;
    in.allow(
        MAX_HEADERS_LENGTH,
        "in front of one of the tar archive's entries are headers of more than "
            + MAX_HEADERS_LENGTH
            + " bytes");
    TarArchiveEntry entry = tar.getNextEntry();
    in.allow(Long.MAX_VALUE, "");
    if (entry == null) {
      return null;
    }
    if (entry.isSparse()) {
      throw new BadInputException(
          RejectionReason.NOT_XML,
          ArchiveReader.quoted(entry.getName())
              + " in the tar archive is a sparse file, which isn't read; make the archive without --sparse");
    }
    return new Header(entry.getName(), kind(entry), opened + place);
  }

  private static Kind kind(TarArchiveEntry entry) {
    if (entry.isDirectory()) {
      return Kind.DIRECTORY;
    }
    boolean other =
        entry.isLink()
            || entry.isSymbolicLink()
            || entry.isBlockDevice()
            || entry.isCharacterDevice()
            || entry.isFIFO();
    return other ? Kind.OTHER : Kind.FILE;
  }

  @Override
  public int readBlock(byte[] block) throws IOException {
    return tar.readNBytes(block, 0, block.length);
  }

  @Override
  public void verifyEnd() throws IOException {
    if (!tar.endSeen) {
      throw ArchiveReader.damaged(Packing.TAR, "its end is missing");
    }
    byte[] block = new byte[8 * 1024];
    for (int count = in.read(block); count >= 0; count = in.read(block)) {
      for (int i = 0; i < count; i++) {
        if (block[i] != 0) {
          throw ArchiveReader.damaged(Packing.TAR, "something stands behind its end");
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }

  /** Looks at the headers' checksums, and whether the end comes because it is told. */
  private static final class CheckedTar extends TarArchiveInputStream {
    private boolean endSeen;

    CheckedTar(PackedStream in) {
      // Blocks of one record, so that it doesn't skip more of what is behind the end, unseen.
      super(
          in,
          TarConstants.DEFAULT_RCDSIZE,
          TarConstants.DEFAULT_RCDSIZE,
          StandardCharsets.UTF_8.name());
    }

    @Override
    protected byte[] readRecord() throws IOException {
      byte[] record = super.readRecord();
      if (record != null && !isEOFRecord(record) && !hasItsCheckSum(record)) {
        throw ArchiveReader.damaged(Packing.TAR, "the checksum of a header is wrong");
      }
      return record;
    }

    private static boolean hasItsCheckSum(byte[] record) {
      try {
        return TarUtils.verifyCheckSum(record);
      } catch (IllegalArgumentException e) {
        // The checksum is no number.
        return false;
      }
    }

    @Override
    protected boolean isEOFRecord(byte[] record) {
      boolean end = super.isEOFRecord(record);
      endSeen |= end && record != null;
      return end;
    }
  }
}
