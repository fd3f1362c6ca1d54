package io.xmltobigquery.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.files.FileStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one replay takes out of {@code rows/}. Once it is written down, what it does can only be
 * done once more in the same way.
 *
 * @param id that no other batch has
 * @param into where its rows go, and how; a batch that was begun can only go on there
 * @param sources names of the files in {@code rows/} that it takes, without the directory
 * @param tables how many rows of each table
 */
record Batch(
    String id, Instant begun, String into, List<String> sources, Map<String, Long> tables) {

  private static final ObjectMapper JSON = new ObjectMapper();

  Batch {
    sources = List.copyOf(sources);
    tables = new TreeMap<>(tables);
  }

  ObjectNode json() {
    ObjectNode json =
        JSON.createObjectNode().put("id", id).put("begun", begun.toString()).put("into", into);
    ObjectNode counts = json.putObject("tables");
    tables.forEach(counts::put);
    sources.forEach(json.putArray("sources")::add);
    return json;
  }

  /** The number of a table among those of the batch. */
  int number(String table) {
    return List.copyOf(tables.keySet()).indexOf(table);
  }

  static Batch read(String name, FileStore files) throws IOException {
    try (InputStream in = files.open(files.find(name), 0)) {
      JsonNode json = JSON.readTree(in);
      List<String> sources = new ArrayList<>();
      json.get("sources").forEach(source -> sources.add(source.textValue()));
      Map<String, Long> tables = new TreeMap<>();
      json.get("tables")
          .fields()
          .forEachRemaining(table -> tables.put(table.getKey(), table.getValue().longValue()));
      return new Batch(
          json.get("id").textValue(),
          Instant.parse(json.get("begun").textValue()),
          json.get("into").textValue(),
          sources,
          tables);
    }
  }
}
