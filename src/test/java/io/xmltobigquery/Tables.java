package io.xmltobigquery;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.localstack.LocalBigQuery;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What a job has loaded, as a test reads it, also while the job runs. */
abstract class Tables {

  private Tables() {}

  /** Hands out all rows of a table, in no order. */
  abstract void read(String table, Consumer<ObjectNode> consumer) throws IOException;

  /** How many rows a table has. */
  abstract long count(String table) throws IOException;

  /** All rows of a table that isn't large. */
  final List<ObjectNode> rows(String table) throws IOException {
    List<ObjectNode> rows = new ArrayList<>();
    read(table, rows::add);
    return rows;
  }

  /** The tables of a dataset. */
  static Tables of(LocalBigQuery bigQuery) {
    return new Tables() {
      @Override
      void read(String table, Consumer<ObjectNode> consumer) throws IOException {
        bigQuery.rows(table, consumer);
      }

      @Override
      long count(String table) throws IOException {
        String query = "SELECT COUNT(*) AS number FROM %s.%s".formatted(bigQuery.dataset(), table);
        return bigQuery.query(query).get(0).get("number").asLong();
      }
    };
  }

  /** The JSON Lines of a directory that a streaming job adds to. */
  static Tables in(Path directory) {
    return new Tables() {
      private final JsonMapper json = new JsonMapper();

      @Override
      void read(String table, Consumer<ObjectNode> consumer) throws IOException {
        for (Path file : files(table)) {
          try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
              consumer.accept((ObjectNode) json.readTree(line));
            }
          }
        }
      }

      @Override
      long count(String table) throws IOException {
        long count = 0;
        for (Path file : files(table)) {
          try (Stream<String> lines = Files.lines(file)) {
            count += lines.count();
          }
        }
        return count;
      }

      private List<Path> files(String table) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
          return files
              .filter(file -> file.getFileName().toString().matches(table + "-.*\\.jsonl"))
              .toList();
        }
      }
    };
  }
}
