package io.xmltobigquery.flow.held;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileStore.PendingFile;
import io.xmltobigquery.files.OwnFiles;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Bytes that are held: in memory while they are few, and otherwise in a file. */
final class HeldFile implements Closeable {

  private final FileStore files;
  private final String prefix;
  private final int maxInMemory;
  private ByteArrayOutputStream memory = new ByteArrayOutputStream(0);
  private @Nullable PendingFile file;
  private @Nullable String uri;
  private long length;

  /**
   * @param prefix how the name of a file begins; each attempt has one of its own
   * @param maxInMemory in bytes
   */
  HeldFile(FileStore files, String prefix, int maxInMemory) {
    this.files = files;
    this.prefix = prefix;
    this.maxInMemory = maxInMemory;
  }

  /** How many bytes were written. */
  long length() {
    return length;
  }

  void write(byte[] bytes, int start, int count) throws HeldRowsException {
    length += count;
    if (length <= maxInMemory) {
      memory.write(bytes, start, count);
      return;
    }
    try {
      if (file == null) {
        uri = prefix + UUID.randomUUID() + OwnFiles.HELD;
        file = files.createTemporary(uri);
        memory.writeTo(file.stream());
        memory = new ByteArrayOutputStream(0);
      }
      file.stream().write(bytes, start, count);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Makes what was written last. */
  void complete() throws HeldRowsException {
    try {
      if (file != null) {
        file.complete();
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private HeldRowsException failed(IOException e) {
    return new HeldRowsException(
        "rows can't be held in "
            + uri
            + " until their file is read (--tempLocation): "
            + e.getMessage(),
        e);
  }

  /** The name of the file, or null if all is in memory. */
  @Nullable String uri() {
    return uri;
  }

  /** What is in memory. */
  byte[] memory() {
    return memory.toByteArray();
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
