package io.xmltobigquery.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.apache.beam.sdk.io.FileSystems;

/** Writes files that appear complete or not at all. */
public final class WholeFile {

  private WholeFile() {}

  /** Writes a file's content. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, in place of one that is there already.
   *
   * @param target a local path, or a name on any of Beam's file systems, whose files appear when
   *     they are closed
   */
  public static void write(String target, Content content) throws IOException {
    if (!LocalFileStore.isLocal(target)) {
      try (OutputStream out =
          Channels.newOutputStream(
              FileSystems.create(
                  FileSystems.matchNewResource(target, false), "application/octet-stream"))) {
        content.writeTo(out);
      }
      return;
    }
    Path path = LocalFileStore.path(target).toAbsolutePath();
    Files.createDirectories(path.getParent());
    // Not createTempFile: the file is to have the usual permissions.
    Path part = path.resolveSibling("." + UUID.randomUUID() + ".part");
    try {
      try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE_NEW)) {
        content.writeTo(out);
      }
      Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
