package io.xmltobigquery.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * Local files and those on Cloud Storage. The client is made for the first file there, since it
 * takes its time and wants credentials.
 */
final class RoutingFileStore implements FileStore {

  private final FileStore local = new LocalFileStore();
  private final Supplier<? extends PipelineOptions> options;
  private @Nullable FileStore cloudStorage;

  RoutingFileStore(Supplier<? extends PipelineOptions> options) {
    this.options = options;
  }

  private FileStore at(String uri) {
    return ObjectName.is(uri) ? cloudStorage() : local;
  }

  private synchronized FileStore cloudStorage() {
    if (cloudStorage == null) {
      cloudStorage = CloudStorageFileStore.of(options.get().as(GcsOptions.class));
    }
    return cloudStorage;
  }

  @Override
  public FileVersion find(String uri) throws IOException {
    return at(uri).find(uri);
  }

  @Override
  public FileVersion find(VersionId version) throws IOException {
    return at(version.uri()).find(version);
  }

  @Override
  public InputStream open(FileVersion file, long offset) throws IOException {
    return at(file.uri()).open(file, offset);
  }

  @Override
  public void verify(FileVersion file) throws IOException {
    at(file.uri()).verify(file);
  }

  @Override
  public PendingFile create(String target, Existing existing) throws IOException {
    return at(target).create(target, existing);
  }

  @Override
  public PendingFile createTemporary(String target) throws IOException {
    return at(target).createTemporary(target);
  }

  @Override
  public void copy(FileVersion file, String target, Existing existing) throws IOException {
    if (ObjectName.is(file.uri()) && ObjectName.is(target)) {
      cloudStorage().copy(file, target, existing);
    } else {
      FileStore.super.copy(file, target, existing);
    }
  }

  @Override
  public boolean delete(FileVersion file) throws IOException {
    return at(file.uri()).delete(file);
  }

  @Override
  public void visit(String directory, Visitor visitor) throws IOException {
    at(directory).visit(directory, visitor);
  }

  @Override
  public void deleteAll(String prefix) throws IOException {
    at(prefix).deleteAll(prefix);
  }
}
