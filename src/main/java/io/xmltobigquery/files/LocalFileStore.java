package io.xmltobigquery.files;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Files of this machine. A file's generation is a digest of what the file system knows of its
 * identity and changes (inode, change and modification time, size): the best that can be had, since
 * there are no generations.
 */
final class LocalFileStore implements FileStore {

  private static final String ATTRIBUTES =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix")
          ? "unix:ino,ctime,lastModifiedTime,size"
          : "basic:fileKey,lastModifiedTime,size";

  /** Asks for a file's attributes, as {@link Files} does. */
  @FunctionalInterface
  interface Attributes {
    Map<String, Object> read(Path file, String names) throws IOException;
  }

  /** For files that are nobody else's business, where the file system knows users. */
  private static final FileAttribute<?>[] OWNER_ONLY =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
          ? new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
          }
          : new FileAttribute<?>[0];

  private final Attributes attributes;

  LocalFileStore() {
    this(Files::readAttributes);
  }

  /** With attributes that a test makes up: its user may be allowed everything. */
  LocalFileStore(Attributes attributes) {
    this.attributes = attributes;
  }

  private static Path path(String uri) {
    return Path.of(uri.startsWith("file://") ? uri.substring("file://".length()) : uri);
  }

  @Override
  public FileVersion find(String uri) throws IOException {
    try {
      Map<String, Object> found = new TreeMap<>(attributes.read(path(uri), ATTRIBUTES));
      long size = ((Number) found.get("size")).longValue();
      FileTime changed = (FileTime) found.getOrDefault("ctime", found.get("lastModifiedTime"));
      return new FileVersion(uri, Digest.of(found.toString()), size, changed.toInstant());
    } catch (NoSuchFileException e) {
      throw FileGoneException.missing(uri);
    } catch (AccessDeniedException e) {
      throw noPermissionToRead(uri);
    }
  }

  @Override
  public FileVersion find(VersionId version) throws IOException {
    FileVersion found = find(version.uri());
    if (!found.id().equals(version)) {
      throw FileGoneException.superseded(version);
    }
    return found;
  }

  @Override
  public InputStream open(FileVersion file, long offset) throws IOException {
    Path path = path(file.uri());
    if (Files.isDirectory(path)) {
      throw new UnreadableFileException(file.uri() + " is a directory");
    }
    SeekableByteChannel channel;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw FileGoneException.missing(file.uri());
    } catch (AccessDeniedException e) {
      throw noPermissionToRead(file.uri());
    }
    boolean opened = false;
    try {
      verify(file);
      InputStream stream = Channels.newInputStream(channel.position(offset));
      opened = true;
      return stream;
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  @Override
  public void verify(FileVersion file) throws IOException {
    var unused = find(file.id());
  }

  @Override
  public PendingFile create(String target, Existing existing) throws IOException {
    Path path = path(target).toAbsolutePath();
    Files.createDirectories(path.getParent());
    // Not createTempFile: the file is to have the usual permissions.
    Path part = path.resolveSibling("." + UUID.randomUUID() + ".part");
    OutputStream stream = Files.newOutputStream(part, StandardOpenOption.CREATE_NEW);
    return new PartFile(path, part, existing, stream);
  }

  private record PartFile(Path path, Path part, Existing existing, OutputStream stream)
      implements PendingFile {

    @Override
    public void complete() throws IOException {
      stream.close();
      if (existing == Existing.REFUSE) {
        completeNew();
      } else if (existing == Existing.REPLACE || Files.notExists(path)) {
        // One that comes between these two has the same bytes.
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    }

    /** A link is never made over a file, whoever writes one at the same moment. */
    private void completeNew() throws IOException {
      try {
        Files.createLink(path, part);
      } catch (FileAlreadyExistsException e) {
        throw e;
      } catch (FileSystemException | UnsupportedOperationException e) {
        // There are file systems without links; they get as near to it as they can.
        Files.move(part, path);
      }
    }

    @Override
    public void close() throws IOException {
      stream.close();
      Files.deleteIfExists(part);
    }
  }

  /** It has its name from the start: then a prefix of names is all that it takes to clear up. */
  @Override
  public PendingFile createTemporary(String target) throws IOException {
    Path path = path(target).toAbsolutePath();
    Files.createDirectories(path.getParent());
    OutputStream stream =
        Channels.newOutputStream(
            Files.newByteChannel(
                path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY));
    return new TemporaryFile(path, stream);
  }

  private static final class TemporaryFile implements PendingFile {
    private final Path path;
    private final OutputStream stream;
    private boolean complete;

    TemporaryFile(Path path, OutputStream stream) {
      this.path = path;
      this.stream = stream;
    }

    @Override
    public OutputStream stream() {
      return stream;
    }

    @Override
    public void complete() throws IOException {
      stream.close();
      complete = true;
    }

    @Override
    public void close() throws IOException {
      stream.close();
      if (!complete) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** In the order of names, so that a file's versions come one after the other. */
  @Override
  public void visit(String directory, Visitor visitor) throws IOException {
    visit(path(directory).toFile(), visitor);
  }

  private void visit(File directory, Visitor visitor) throws IOException {
    File[] found = directory.listFiles();
    if (found == null) {
      if (directory.isDirectory()) {
        throw new UnreadableFileException("no permission to list " + directory);
      }
      return;
    }
    Arrays.sort(found);
    for (File file : found) {
      if (file.isDirectory()) {
        visit(file, visitor);
      } else {
        visitFile(file, visitor);
      }
    }
  }

  private void visitFile(File file, Visitor visitor) throws IOException {
    FileVersion version;
    try {
      version = find(file.getPath());
    } catch (FileGoneException e) {
      return;
    }
    visitor.visit(
        new FileVersion(
            version.uri(),
            version.generation(),
            version.size(),
            Instant.ofEpochMilli(file.lastModified())));
  }

  @Override
  public void deleteAll(String prefix) throws IOException {
    Path named = path(prefix).toAbsolutePath();
    Path directory = named.getParent();
    String start = named.getFileName().toString();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(
            directory, file -> file.getFileName().toString().startsWith(start))) {
      for (Path file : found) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // Nothing was ever written there.
    } catch (AccessDeniedException e) {
      throw new NoPermissionException("no permission to delete " + e.getFile());
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  @Override
  public boolean delete(FileVersion file) throws IOException {
    try {
      verify(file);
    } catch (FileGoneException e) {
      return false;
    }
    try {
      return Files.deleteIfExists(path(file.uri()));
    } catch (AccessDeniedException e) {
      throw noPermissionToDelete(file);
    } catch (FileSystemException e) {
      if ("Read-only file system".equals(e.getReason())) {
        throw noPermissionToDelete(file);
      }
      throw e;
    }
  }

  private static UnreadableFileException noPermissionToRead(String uri) {
    return new UnreadableFileException("no permission to read " + uri);
  }

  private static NoPermissionException noPermissionToDelete(FileVersion file) {
    return new NoPermissionException("no permission to delete " + file.uri());
  }
}
