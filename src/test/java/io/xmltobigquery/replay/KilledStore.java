package io.xmltobigquery.replay;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.VersionId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Files of which one change is the last: right before it, or right behind it, whoever makes it is
 * killed, and nothing more is done by him.
 */
final class KilledStore implements FileStore {

  static final class KilledException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final FileStore files;
  private final int last;
  private final boolean behind;
  private final AtomicInteger changes = new AtomicInteger();

  /**
   * @param last the number of the last change, from 1
   * @param behind whether that is made
   */
  KilledStore(FileStore files, int last, boolean behind) {
    this.files = files;
    this.last = last;
    this.behind = behind;
  }

  boolean wasKilled() {
    return changes.get() >= last;
  }

  private interface Change {
    void make() throws IOException;
  }

  private void change(Change change) throws IOException {
    int number = changes.incrementAndGet();
    if (number > last || (number == last && !behind)) {
      throw new KilledException();
    }
    change.make();
    if (number == last) {
      throw new KilledException();
    }
  }

  @Override
  public FileVersion find(String uri) throws IOException {
    return files.find(uri);
  }

  @Override
  public FileVersion find(VersionId version) throws IOException {
    return files.find(version);
  }

  @Override
  public InputStream open(FileVersion file, long offset) throws IOException {
    return files.open(file, offset);
  }

  @Override
  public void verify(FileVersion file) throws IOException {
    files.verify(file);
  }

  @Override
  public PendingFile create(String target, Existing existing) throws IOException {
    PendingFile pending = files.create(target, existing);
    return new PendingFile() {
      @Override
      public OutputStream stream() {
        return pending.stream();
      }

      @Override
      public void complete() throws IOException {
        change(pending::complete);
      }

      @Override
      public void close() throws IOException {
        pending.close();
      }
    };
  }

  @Override
  public void copy(FileVersion file, String target, Existing existing) throws IOException {
    change(() -> files.copy(file, target, existing));
  }

  @Override
  public boolean delete(FileVersion file) throws IOException {
    boolean[] deleted = new boolean[1];
    change(() -> deleted[0] = files.delete(file));
    return deleted[0];
  }

  @Override
  public void visit(String directory, Visitor visitor) throws IOException {
    files.visit(directory, visitor);
  }

  @Override
  public void deleteAll(String prefix) throws IOException {
    change(() -> files.deleteAll(prefix));
  }
}
