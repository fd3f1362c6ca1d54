package io.xmltobigquery.cli;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the embedded engine keeps the checkpoints of a streaming job. They end with it: there is no
 * way to go on from them.
 */
final class LocalCheckpoints {

  static final Path DIRECTORY =
      Path.of(
          System.getProperty("java.io.tmpdir"),
          "xml-to-bigquery-checkpoints-" + ProcessHandle.current().pid());

  private LocalCheckpoints() {}

  static void deleteAtExit() {
    Runtime.getRuntime().addShutdownHook(new Thread(LocalCheckpoints::delete, "checkpoints"));
  }

  private static void delete() {
    try {
      if (Files.exists(DIRECTORY)) {
        MoreFiles.deleteRecursively(DIRECTORY, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    } catch (IOException e) {
      // The engine may be writing there still; it is a temporary directory.
    }
  }
}
