package io.xmltobigquery.xml;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the documents of a zip or tar archive, one after the other, from its start to its end.
 *
 * <p>An entry is a document if it looks like one or is named as one, whatever it then is. Nobody's
 * files are ever named after entries. How many there may be, how long their names and what stands
 * in front of them is limited, and so is how far they expand.
 */
public final class ArchiveReader {

  /** Entries of one archive, folders included. */
  static final int MAX_ENTRIES = 10_000;

  /** Characters of one entry's name: as many as bytes that Cloud Storage's names have. */
  static final int MAX_NAME_LENGTH = 1_024;

  /** Characters of all names, which are remembered until the archive was read. */
  static final int MAX_NAMES_LENGTH = 1_000_000;

  /**
   * How often an archive is opened again to find the place of a fault in a large entry. In one that
   * is compressed as a whole all that comes before is read once more each time.
   */
  static final int MAX_REOPENED = 100;

  /** Up to this size, in bytes, an entry is read into memory at once. */
  private static final int MAX_SMALL_BYTES = 512 * 1024;

  private final Packing packing;
  private final XmlSource archive;
  private final long size;
  private final Bounds bounds;
  private int reopened;

  /**
   * What an archive may have.
   *
   * @param maxExpansion how many times its size what is in it may be, beyond {@code
   *     unsuspectedBytes}
   */
  record Bounds(int maxEntries, int maxReopened, long unsuspectedBytes, int maxExpansion) {}

  /**
   * Makes a reader.
   *
   * @param packing what the archive is
   * @param archive its bytes
   * @param size how many these are, if it is a zip archive
   */
  public ArchiveReader(Packing packing, XmlSource archive, long size) {
    this(
        packing,
        archive,
        size,
        new Bounds(
            MAX_ENTRIES,
            MAX_REOPENED,
            DecompressedSource.UNSUSPECTED_BYTES,
            DecompressedSource.MAX_EXPANSION));
  }

  /** With other limits, for tests. */
  ArchiveReader(Packing packing, XmlSource archive, long size, Bounds bounds) {
    this.packing = packing;
    this.archive = archive;
    this.size = size;
    this.bounds = bounds;
  }

  /** A file in an archive. */
  public static final class Entry {
    private final String name;
    private long size;

    private Entry(String name) {
      this.name = name;
    }

    public String name() {
      return name;
    }

    /** How many bytes it has, once the archive was read. */
    public long size() {
      return size;
    }
  }

  /** Takes the files of an archive. */
  public interface Visitor {

    /**
     * Reads a document.
     *
     * @param xml its bytes, until this returns
     * @throws RejectedException if the archive isn't wanted any more
     */
    void document(Entry entry, XmlSource xml) throws IOException, RejectedException;

    /** Takes note of a file that isn't XML, or of a link or a device. */
    void leftOut(Entry entry);
  }

  /**
   * Reads an archive. What the visitor has made of it is worth nothing unless this returns.
   *
   * @throws RejectedException if the archive is bad, or the visitor says so
   * @throws IOException if the archive can't be read, or the visitor fails
   */
  public void read(Visitor visitor) throws IOException, RejectedException {
    try (Opened opened = new Opened(0)) {
      new Reading(opened, visitor).read();
    } catch (BadInputException e) {
      throw new RejectedException(e.reason(), e.getMessage(), null, 0);
    }
  }

  /** A name as messages have it. */
  public static String quoted(String name) {
    return Fault.bounded(name, Limits.MAX_NAME_IN_MESSAGE);
  }

  static BadInputException damaged(Packing packing, String message) {
    return new BadInputException(
        RejectionReason.CORRUPT_ARCHIVE,
        "the file is " + packing.description() + " that is damaged or ends too early: " + message);
  }

  private final class Reading {
    private final Opened opened;
    private final Visitor visitor;
    private final Set<String> names = new HashSet<>();
    private int entries;
    private int namesLength;
    private boolean hasDocuments;

    Reading(Opened opened, Visitor visitor) {
      this.opened = opened;
      this.visitor = visitor;
    }

    void read() throws IOException, RejectedException {
      for (ArchiveEntries.Header header = opened.next(); header != null; header = opened.next()) {
        limit(header);
        Content content = new Content(opened);
        byte[] head = content.readNBytes(MAX_SMALL_BYTES + 1);
        switch (header.kind()) {
          case DIRECTORY -> {
            if (head.length > 0) {
              throw damaged(packing, "the folder " + quoted(header.name()) + " has bytes");
            }
          }
          case FILE -> visit(header, head, content);
          case OTHER -> leaveOut(header, content);
        }
      }
      opened.verifyEnd();
      if (!hasDocuments) {
        throw new BadInputException(
            RejectionReason.EMPTY_FILE, "there is no XML in " + packing.description());
      }
    }

    private void limit(ArchiveEntries.Header header) throws BadInputException {
      String name = header.name();
      entries++;
      namesLength += name.length();
      if (entries > bounds.maxEntries()
          || name.length() > MAX_NAME_LENGTH
          || namesLength > MAX_NAMES_LENGTH) {
        throw new BadInputException(
            RejectionReason.LIMIT_EXCEEDED,
            "the archive has more than "
                + bounds.maxEntries()
                + " entries, or names longer than "
                + MAX_NAME_LENGTH
                + " characters each or "
                + MAX_NAMES_LENGTH
                + " in all; make several of it");
      }
      if (header.kind() != ArchiveEntries.Kind.DIRECTORY && !names.add(name)) {
        throw new BadInputException(
            RejectionReason.NOT_XML,
            "there are two files "
                + quoted(name)
                + " in the archive, and nobody can tell which is meant");
      }
    }

    private void visit(ArchiveEntries.Header header, byte[] head, Content content)
        throws IOException, RejectedException {
      if (!isDocument(header.name(), head)) {
        leaveOut(header, content);
        return;
      }
      hasDocuments = true;
      boolean small = head.length <= MAX_SMALL_BYTES;
      Entry entry = new Entry(header.name());
      visitor.document(entry, small ? inMemory(head) : new Large(header, head, content));
      // Whatever the visitor has made of it.
      opened.refuseDamaged();
      if (reopened > bounds.maxReopened()) {
        throw new BadInputException(
            RejectionReason.LIMIT_EXCEEDED,
            "more than "
                + bounds.maxReopened()
                + " large files in the archive are bad, and it is read again for the place of each fault; load them unpacked");
      }
      entry.size = content.readToEnd();
    }

    private void leaveOut(ArchiveEntries.Header header, Content content) throws IOException {
      Entry entry = new Entry(header.name());
      entry.size = content.readToEnd();
      visitor.leftOut(entry);
    }
  }

  /** What has XML in it, in some packing, too, is read: so that nothing is lost without a word. */
  private static boolean isDocument(String name, byte[] head) {
    return Encoding.isLikeXml(Arrays.copyOf(head, Math.min(head.length, Encoding.HEAD_LENGTH)))
        || Packing.of(head) != null
        || (name.toLowerCase(Locale.ROOT).endsWith(".xml") && !isOfMacOs(name));
  }

  /** Files beside the files that were meant, with their names: Apple's TN1188, AppleDouble. */
  private static boolean isOfMacOs(String name) {
    return name.startsWith("__MACOSX/")
        || name.substring(name.lastIndexOf('/') + 1).startsWith("._");
  }

  private static XmlSource inMemory(byte[] bytes) {
    return offset -> {
      int start = Math.toIntExact(offset);
      return new ByteArrayInputStream(bytes, start, bytes.length - start);
    };
  }

  /** The archive from one entry on. */
  private final class Opened implements Closeable {
    private final PackedStream packed;
    private final ArchiveEntries entries;
    private long expanded;
    private ArchiveEntries.@Nullable Header current;
    private @Nullable BadInputException damage;

    Opened(long place) throws IOException {
      packed = new PackedStream(archive.open(place));
      entries =
          packing == Packing.TAR
              ? new TarEntries(place, packed)
              : new ZipEntries(archive, size, place, packed);
    }

    ArchiveEntries.@Nullable Header next() throws IOException {
      try {
        current = entries.next();
        return current;
      } catch (IOException e) {
        throw asOurs(e);
      }
    }

    int readBlock(byte[] block) throws IOException {
      try {
        int count = entries.readBlock(block);
        expanded += count;
        if (expanded > bounds.unsuspectedBytes()
            && expanded / bounds.maxExpansion() > packed.taken()) {
          throw new BadInputException(
              RejectionReason.LIMIT_EXCEEDED,
              "what is in the archive is more than "
                  + bounds.maxExpansion()
                  + " times its size; if it is right, load it unpacked");
        }
        return count;
      } catch (IOException e) {
        throw asOurs(e);
      }
    }

    private IOException asOurs(IOException e) {
      if (packed.hasFailed() && !(e instanceof BadInputException)) {
        return e;
      }
      damage =
          e instanceof BadInputException bad
              ? bad
              : damaged(
                  packing,
                  (current == null ? "" : "in or behind " + quoted(current.name()) + ": ")
                      + Fault.bounded(String.valueOf(e.getMessage()), 500));
      return damage;
    }

    void refuseDamaged() throws BadInputException {
      if (damage != null) {
        throw damage;
      }
    }

    void verifyEnd() throws IOException {
      entries.verifyEnd();
    }

    @Override
    public void close() throws IOException {
      entries.close();
    }
  }

  /** The bytes of an archive's current entry. */
  private static final class Content extends BlockStream {
    private final Opened opened;
    private long position;

    Content(Opened opened) {
      this.opened = opened;
    }

    @Override
    int readBlock(byte[] block) throws IOException {
      int count = opened.readBlock(block);
      position += count;
      return count;
    }

    /** Reads the rest, and tells how many bytes there were in all. */
    long readToEnd() throws IOException {
      byte[] block = new byte[8 * 1024];
      while (read(block, 0, block.length) >= 0) {
        // The next entry comes behind it, and its checksum is of all of it.
      }
      return position;
    }
  }

  /**
   * A large entry. The first one to read on behind its head does so where the archive is read; for
   * the others, who look for the place of a fault, it is opened once more.
   */
  private final class Large extends SequentialSource {
    private final ArchiveEntries.Header header;
    private final byte[] head;
    private final Content content;
    private boolean taken;

    Large(ArchiveEntries.Header header, byte[] head, Content content) {
      this.header = header;
      this.head = head;
      this.content = content;
    }

    @Override
    InputStream open() throws IOException {
      return new LargeStream(this);
    }

    /** The archive from this entry on. */
    private Opened reopen() throws IOException {
      reopened++;
      return new Opened(header.place());
    }
  }

  private static final class LargeStream extends InputStream {
    private final Large entry;
    private int position;
    private @Nullable InputStream rest;
    private @Nullable Opened reopened;

    LargeStream(Large entry) {
      this.entry = entry;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (position < entry.head.length) {
        int count = Math.min(length, entry.head.length - position);
        System.arraycopy(entry.head, position, target, offset, count);
        position += count;
        return count;
      }
      if (rest == null) {
        rest = rest();
      }
      return rest.read(target, offset, length);
    }

    private InputStream rest() throws IOException {
      if (!entry.taken) {
        entry.taken = true;
        return entry.content;
      }
      reopened = entry.reopen();
      if (reopened.next() == null) {
        throw new EOFException("the archive became shorter while it was read");
      }
      Content again = new Content(reopened);
      again.skipNBytes(entry.head.length);
      return again;
    }

    @Override
    public void close() throws IOException {
      if (reopened != null) {
        reopened.close();
      }
    }
  }
}
