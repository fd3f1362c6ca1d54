package io.xmltobigquery.xml;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/** A file and a server that see it when anybody opens them. */
final class Untouchable implements Closeable {

  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));

  private final Path file;
  private final ServerSocket server;

  Untouchable(Path directory) throws IOException {
    file = Files.writeString(directory.resolve("secret"), "secret");
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setSoTimeout(1);
    Files.setAttribute(file, "lastAccessTime", LONG_AGO);
  }

  String fileUri() {
    return file.toUri().toString();
  }

  String httpUri() {
    return "http://localhost:" + server.getLocalPort() + "/secret";
  }

  boolean isTouched() throws IOException {
    if (!accessTime().equals(LONG_AGO)) {
      return true;
    }
    try {
      server.accept().close();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  /** Whether the file system tells when a file was read: some are mounted not to. */
  boolean seesReading() throws IOException {
    Files.setAttribute(file, "lastAccessTime", LONG_AGO);
    Files.readString(file);
    return !accessTime().equals(LONG_AGO);
  }

  private FileTime accessTime() throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).lastAccessTime();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
