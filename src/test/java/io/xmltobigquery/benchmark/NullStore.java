package io.xmltobigquery.benchmark;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.VersionId;
import java.io.InputStream;
import java.io.OutputStream;

/** Takes what is written to it and keeps nothing but its length. */
final class NullStore implements FileStore {

  private long bytes;

  long bytes() {
    return bytes;
  }

  @Override
  public PendingFile create(String target, Existing existing) {
    return new PendingFile() {
      @Override
      public OutputStream stream() {
        return new OutputStream() {
          @Override
          public void write(int value) {
            bytes++;
          }

          @Override
          public void write(byte[] source, int start, int length) {
            bytes += length;
          }
        };
      }

      @Override
      public void complete() {}

      @Override
      public void close() {}
    };
  }

  @Override
  public FileVersion find(String uri) {
    throw new UnsupportedOperationException(uri);
  }

  @Override
  public FileVersion find(VersionId version) {
    throw new UnsupportedOperationException(version.uri());
  }

  @Override
  public InputStream open(FileVersion file, long offset) {
    throw new UnsupportedOperationException(file.uri());
  }

  @Override
  public void verify(FileVersion file) {}

  @Override
  public boolean delete(FileVersion file) {
    throw new UnsupportedOperationException(file.uri());
  }

  @Override
  public void visit(String directory, Visitor visitor) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void deleteAll(String prefix) {}
}
