package io.xmltobigquery.xml;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** What a file is that isn't XML but has some inside: its first bytes tell. */
public enum Packing {
  /** RFC 1952, section 2.3.1. */
  GZIP("gzip data", Compression.GZIP, 0, 0x1F, 0x8B),
  BZIP2("bzip2 data", Compression.BZIP2, 0, 'B', 'Z', 'h'),
  /** The .xz file format, section 2.1.1.1. */
  XZ("xz data", Compression.XZ, 0, 0xFD, '7', 'z', 'X', 'Z', 0),
  /** RFC 8878, section 3.1.1. */
  ZSTD("zstd data", Compression.ZSTD, 0, 0x28, 0xB5, 0x2F, 0xFD),
  /** RFC 8878, section 3.1.2: what pzstd puts in front of each frame. */
  ZSTD_SKIPPABLE("zstd data", Compression.ZSTD, 0, 0x50, 0x2A, 0x4D, 0x18),
  ZIP("a zip archive", null, 0, 'P', 'K', 3, 4),
  /** Without a single entry. */
  EMPTY_ZIP("a zip archive", null, 0, 'P', 'K', 5, 6),
  /** One of several files, or one that was to become that. */
  SPLIT_ZIP("a part of a split zip archive", null, 0, 'P', 'K', 7, 8),
  /** POSIX.1-1988 and later, and GNU's: the magic field of the first header. */
  TAR("a tar archive", null, 257, 'u', 's', 't', 'a', 'r'),
  SEVEN_ZIP("a 7z archive", null, 0, '7', 'z', 0xBC, 0xAF, 0x27, 0x1C),
  RAR("a RAR archive", null, 0, 'R', 'a', 'r', '!', 0x1A, 7),
  LZ4("lz4 data", null, 0, 0x04, 0x22, 0x4D, 0x18),
  LZIP("lzip data", null, 0, 'L', 'Z', 'I', 'P', 1),
  COMPRESS("data of Unix's compress", null, 0, 0x1F, 0x9D);

  /** As many bytes of a file as {@link #of} wants, or all if there are fewer. */
  static final int HEAD_LENGTH = 262;

  private final String description;
  private final @Nullable Compression compression;
  private final int offset;

  @SuppressWarnings("ImmutableEnumChecker") // Never changed.
  private final int[] magic;

  Packing(String description, @Nullable Compression compression, int offset, int... magic) {
    this.description = description;
    this.compression = compression;
    this.offset = offset;
    this.magic = magic;
  }

  /**
   * Tells what a file is.
   *
   * @param head its first {@link #HEAD_LENGTH} bytes, or more
   * @return null if it may be XML
   */
  static @Nullable Packing of(byte[] head) {
    for (Packing packing : values()) {
      if (packing.begins(head)) {
        return packing;
      }
    }
    return null;
  }

  /**
   * Tells what a file is, or what is in one that is compressed.
   *
   * @return null if it may be XML, or what is compressed is damaged: whoever reads it will tell
   * @throws IOException if the source can't be read
   */
  public static @Nullable Packing of(XmlSource source) throws IOException {
    try (InputStream in = source.open(0)) {
      return of(in.readNBytes(HEAD_LENGTH));
    } catch (BadInputException e) {
      return null;
    }
  }

  private boolean begins(byte[] head) {
    if (head.length < offset + magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head[offset + i] & 0xFF) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** How one document alone is compressed in it, or null if it is something else. */
  public @Nullable Compression compression() {
    return compression;
  }

  /** Whether it is an archive that {@link ArchiveReader} reads. */
  public boolean isArchive() {
    return this == ZIP || this == EMPTY_ZIP || this == TAR;
  }

  /** Such as {@code a zip archive}. */
  String description() {
    return description;
  }
}
