package io.xmltobigquery.files;

import java.io.IOException;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;

/**
 * Lists objects of Cloud Storage with their versions. Beam's listing holds all that matches in
 * memory, and leaves the versions out, so that each has to be asked for by itself.
 */
public final class ObjectListing {

  private final CloudStorageFileStore storage;

  private ObjectListing(CloudStorageFileStore storage) {
    this.storage = storage;
  }

  /**
   * A listing.
   *
   * @param options how to reach Cloud Storage
   */
  public static ObjectListing of(GcsOptions options) {
    return new ObjectListing(CloudStorageFileStore.of(options));
  }

  /** Sees one object after the other. */
  @FunctionalInterface
  public interface Visitor {
    void visit(FileVersion object) throws IOException;
  }

  /** Sees one object after the other, until it has seen enough. */
  @FunctionalInterface
  public interface StoppingVisitor {
    /** Returns whether it goes on. */
    boolean visit(FileVersion object) throws IOException;
  }

  /**
   * Visits the versions that all objects whose names begin in the same way have now, in the order
   * of their names, and directory placeholders as well. It holds a thousand of them in memory.
   *
   * @param prefix {@code gs://bucket/} and how the objects' names begin
   * @throws UnreadableFileException if listing isn't allowed
   */
  public void visit(String prefix, Visitor visitor) throws IOException {
    visit(
        prefix,
        "",
        object -> {
          visitor.visit(object);
          return true;
        });
  }

  /**
   * The same, from a name on.
   *
   * @param from the first name in the bucket, which needs no object; empty for all
   */
  public void visit(String prefix, String from, StoppingVisitor visitor) throws IOException {
    storage.list(prefix, from, visitor);
  }
}
