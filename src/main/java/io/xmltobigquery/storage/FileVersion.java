package io.xmltobigquery.storage;

import java.io.Serializable;

/**
 * A file at one generation: what is loaded at most once, and what every read, copy and delete is
 * pinned to.
 *
 * @param uri the file's name as its file system writes it: {@code gs://bucket/object}, or an
 *     absolute local path
 * @param generation what tells this version from every other one of the same name
 * @param size in bytes, as stored
 */
public record FileVersion(String uri, String generation, long size) implements Serializable {

  /** Whether it is an object of Cloud Storage. */
  public boolean isOnCloudStorage() {
    return RoutingFileStore.isOnCloudStorage(uri);
  }

  /** A short file name that stands for this version. */
  public String digest() {
    return Digest.of(toString());
  }

  /** {@code uri#generation}. */
  @Override
  public String toString() {
    return uri + "#" + generation;
  }
}
