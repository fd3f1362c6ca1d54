package io.xmltobigquery.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The temporary directory of this process, in that of the system. What the embedded engine, its
 * libraries and the job keep there ends with the process; what one leaves that was killed is
 * deleted when the next one starts.
 */
final class EngineDirectory {

  private static final String TEMPORARY_DIRECTORY = "java.io.tmpdir";

  /** By the Filesystem Hierarchy Standard, what is there outlives a restart; so it is no memory. */
  private static final Path DISK = Path.of("/var/tmp");

  private static final String PREFIX = "xml-to-bigquery-engine-";
  private static final String UNLOCKED_PREFIX = "xml-to-bigquery-starting-";

  /**
   * A process holds a lock on this file until it ends, however it does. Its pid wouldn't tell: pids
   * come again, and containers have their own.
   */
  private static final String LOCK = "lock";

  /** What the embedded engine calls its own directory there, which it deletes last of all. */
  private static final String ENGINE = "minicluster_*";

  private static final Duration LONGEST_END = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private EngineDirectory() {}

  /**
   * Makes the directory, and leads whatever asks Java for the temporary one to it from now on.
   *
   * @throws IOException if the temporary directory can't be written to
   */
  static void open() throws IOException {
    Path system = onDisk(Path.of(System.getProperty(TEMPORARY_DIRECTORY)));
    deleteLeftOnes(system);
    // It gets its name when it is locked, so that nobody takes it for one that was left.
    Path unlocked = Files.createTempDirectory(system, UNLOCKED_PREFIX);
    FileChannel lock = openLock(unlocked);
    lock.lock();
    String name = unlocked.getFileName().toString().replace(UNLOCKED_PREFIX, PREFIX);
    Path directory = Files.move(unlocked, system.resolve(name));
    System.setProperty(TEMPORARY_DIRECTORY, directory.toString());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> deleteAndUnlock(directory, lock), "delete temporary files"));
  }

  /** Where the temporary directory is memory, what is there to save memory would take it. */
  private static Path onDisk(Path directory) throws IOException {
    return Files.getFileStore(directory).type().equals("tmpfs") && Files.isWritable(DISK)
        ? DISK
        : directory;
  }

  /**
   * Waits until the embedded engine has ended, for some seconds at most. When a job's result is
   * there, the engine is still clearing up. If it found its files deleted by us, it would log a
   * stack trace after a good load.
   */
  static void awaitEngine() {
    awaitEngine(Path.of(System.getProperty(TEMPORARY_DIRECTORY)), LONGEST_END);
  }

  static void awaitEngine(Path directory, Duration longest) {
    long deadline = System.nanoTime() + longest.toNanos();
    try {
      while (hasEngine(directory) && System.nanoTime() < deadline) {
        Thread.sleep(PAUSE.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean hasEngine(Path directory) {
    try (DirectoryStream<Path> engines = Files.newDirectoryStream(directory, ENGINE)) {
      return engines.iterator().hasNext();
    } catch (IOException e) {
      // Whatever can't be seen can't be waited for.
      return false;
    }
  }

  private static void deleteLeftOnes(Path system) throws IOException {
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(system, PREFIX + "*")) {
      for (Path directory : directories) {
        // Other users' can't be.
        if (Files.isWritable(directory)) {
          deleteIfLeft(directory);
        }
      }
    }
  }

  private static void deleteIfLeft(Path directory) {
    try (FileChannel lock = openLock(directory)) {
      if (lock.tryLock() != null) {
        delete(directory);
      }
    } catch (IOException e) {
      // Another process has just deleted it, or it can't be: a run doesn't fail of that.
    }
  }

  private static FileChannel openLock(Path directory) throws IOException {
    return FileChannel.open(
        directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static void deleteAndUnlock(Path directory, FileChannel lock) {
    try (lock) {
      delete(directory);
    } catch (IOException e) {
      // What is left is the next one's.
    }
  }

  /** The engine may be deleting and even writing there at the same time. */
  private static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
              throws IOException {
            try {
              Files.deleteIfExists(visited);
            } catch (DirectoryNotEmptyException stillWritten) {
              // What is left is the next one's.
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
