package io.xmltobigquery.crash;

import static com.google.common.truth.Truth.assertWithMessage;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A local directory of dead letters. */
final class DeadLetter {

  private static final String REPORT = ".error.json";

  private final Path directory;

  DeadLetter(Path directory) {
    this.directory = directory;
  }

  boolean isEmpty() throws IOException {
    return files("files").isEmpty();
  }

  /** Whatever is there under its name is whole: a copy has all bytes, and a report has its copy. */
  void assertWhole(List<InputFile> input) throws IOException {
    for (Path file : files("files")) {
      String name = file.toString().replace(REPORT, "");
      InputFile source = source(name, input);
      assertWithMessage("%s is in the dead letter", source.uri()).that(source.isGood()).isFalse();
      assertWithMessage("%s is whole", name).that(source.isSameAs(Path.of(name))).isTrue();
      if (file.toString().endsWith(REPORT)) {
        assertWithMessage("uri in %s", file)
            .that(new JsonMapper().readTree(file.toFile()).get("uri").textValue())
            .isEqualTo(source.uri());
      }
    }
    for (Path file : files("rows")) {
      var unused = OutputLines.lines(file);
    }
  }

  /** Whether a file is there, and its report. */
  boolean has(InputFile rejected) throws IOException {
    return files("files").stream()
        .map(Path::toString)
        .anyMatch(file -> isOf(file, rejected) && file.endsWith(REPORT));
  }

  /** How many records of files that were loaded are there. */
  int records() throws IOException {
    int records = 0;
    for (Path file : files("rows")) {
      records += OutputLines.lines(file).size();
    }
    return records;
  }

  private InputFile source(String name, List<InputFile> input) {
    return input.stream()
        .filter(file -> isOf(name, file))
        .findAny()
        .orElseThrow(() -> new AssertionError(name + " is of no file"));
  }

  private boolean isOf(String name, InputFile file) {
    return name.startsWith(directory + "/files" + file.uri() + "#");
  }

  /** Without those that are being written. */
  private List<Path> files(String subdirectory) throws IOException {
    return visible(directory.resolve(subdirectory));
  }

  /** The files of a directory, without those whose names say that they aren't finished. */
  static List<Path> visible(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !directory.relativize(file).toString().matches("(.*/)?\\..*"))
          .toList();
    }
  }
}
