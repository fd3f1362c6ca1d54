package io.xmltobigquery.files;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file at one generation: what is loaded at most once, and what every read, copy and delete is
 * pinned to.
 *
 * @param uri the file's name as its file system writes it: {@code gs://bucket/object}, or an
 *     absolute local path; of a file in an archive, the archive's, {@code !} and its name there
 * @param generation what tells this version from every other one of the same name
 * @param size in bytes, as stored; of a file in an archive, the archive's
 * @param created when this version came to be, or null where that isn't known
 */
public record FileVersion(String uri, String generation, long size, @Nullable Instant created) {

  /** A version of which it isn't known when it came to be. */
  public FileVersion(String uri, String generation, long size) {
    this(uri, generation, size, null);
  }

  /**
   * A file in this one, which is an archive.
   *
   * @param name in the archive
   */
  public FileVersion entry(String name) {
    return new FileVersion(uri + "!" + name, generation, size, created);
  }

  public VersionId id() {
    return new VersionId(uri, generation);
  }

  /**
   * A number that grows from one version of a file to the next: of an object its generation, which
   * is about the time of its making in microseconds since 1970; of a local file that time.
   *
   * @throws IllegalStateException if nothing tells it
   */
  public long order() {
    if (ObjectName.is(uri)) {
      return Long.parseLong(generation);
    }
    if (created == null) {
      throw new IllegalStateException("nobody knows when this version was made: " + this);
    }
    // A file system may know a time before 1970, which isn't to be the last of all.
    return Math.max(0, ChronoUnit.MICROS.between(Instant.EPOCH, created));
  }

  /** Whether it only makes Cloud Storage look as if it had directories. */
  public boolean isPlaceholder() {
    return size == 0 && uri.endsWith("/");
  }

  /** A short file name that stands for this version. */
  public String digest() {
    return Digest.of(toString());
  }

  /** {@code uri#generation}. */
  @Override
  public String toString() {
    return id().toString();
  }
}
