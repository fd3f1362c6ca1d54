package io.xmltobigquery.crash;

import static com.google.common.truth.Truth.assertWithMessage;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.outcome.FileLoads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A directory of JSON Lines. */
final class OutputLines {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final Pattern LINES = Pattern.compile("(\\w+)-(\\d{5})-of-(\\d{5})\\.jsonl");

  private OutputLines() {}

  /** The files that look finished; each of them must be. */
  static Found read(Path directory) throws IOException {
    Found found = Found.nothing();
    for (Path file : finished(directory)) {
      String table = matcher(file).group(1);
      for (ObjectNode line : lines(file)) {
        if (table.equals(FileLoads.TABLE)) {
          found.outcomes().add(line.get("uri").textValue() + " " + line.get("outcome").textValue());
        } else {
          found.rows().add(LoadedRow.of(table, line));
        }
      }
    }
    return found;
  }

  /** Whether all files of a table are there; their names tell. */
  static boolean isComplete(Path directory, String table) throws IOException {
    Set<String> numbers = new TreeSet<>();
    Set<String> totals = new TreeSet<>();
    for (Path file : finished(directory)) {
      Matcher name = matcher(file);
      if (name.group(1).equals(table)) {
        numbers.add(name.group(2));
        totals.add(name.group(3));
      }
    }
    assertWithMessage("runs that %s is of, by their number of files", table)
        .that(totals.size())
        .isAtMost(1);
    return totals.size() == 1 && numbers.size() == Integer.parseInt(totals.iterator().next());
  }

  static List<Path> finished(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> matcher(file).matches()).sorted().toList();
    }
  }

  /** The lines of a file, each of which must be whole. */
  static List<ObjectNode> lines(Path file) throws IOException {
    String text = Files.readString(file);
    assertWithMessage("%s ends with a line", file)
        .that(text.isEmpty() || text.endsWith("\n"))
        .isTrue();
    return text.lines().map(OutputLines::object).toList();
  }

  private static ObjectNode object(String line) {
    try {
      return (ObjectNode) JSON.readTree(line);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  private static Matcher matcher(Path file) {
    Matcher matcher = LINES.matcher(file.getFileName().toString());
    var unused = matcher.matches();
    return matcher;
  }
}
