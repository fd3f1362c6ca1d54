package io.xmltobigquery.propose;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.mapping.Expression.Nodes;
import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.NameTest;
import io.xmltobigquery.mapping.Namespaces;
import io.xmltobigquery.mapping.Path;
import io.xmltobigquery.mapping.TableMapping;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import org.jspecify.annotations.Nullable;

/**
 * Rows that were loaded, for what no column took of them: of each, the columns of {@code
 * row:rest()} are turned back into the XML that they were, at its place in a document, and so it is
 * a sample as any other. They come as JSON Lines, as this program writes them and BigQuery exports
 * them, in files whose names begin with the table's.
 */
public final class RestRows {

  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> SUFFIXES = List.of(".jsonl", ".ndjson", ".json");

  /** Takes a document. */
  @FunctionalInterface
  public interface Visitor {
    void document(byte[] xml) throws IOException;
  }

  /** A file, and the table whose rows it has. */
  private record RowsFile(FileVersion file, TableMapping table) {}

  private final List<RowsFile> files = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private RestRows() {}

  /** Whether a file's name is one of JSON. */
  public static boolean isNamed(FileVersion file) {
    String name = file.uri().toLowerCase(Locale.ROOT);
    return SUFFIXES.stream().anyMatch(name::endsWith);
  }

  /**
   * Finds out whose rows files have.
   *
   * @param files with names of JSON
   */
  public static RestRows of(List<FileVersion> files, Mapping mapping) {
    RestRows rows = new RestRows();
    for (FileVersion file : files) {
      String name = file.uri().substring(file.uri().lastIndexOf('/') + 1);
      TableMapping table =
          mapping.tables().stream()
              .filter(candidate -> isOf(name, candidate.table()))
              .max(Comparator.comparing(candidate -> candidate.table().length()))
              .orElse(null);
      if (table == null) {
        rows.problems.add(
            file.uri()
                + ": rows come in files whose names begin with their table's; the mapping's are "
                + String.join(", ", mapping.tables().stream().map(TableMapping::table).toList()));
      } else if (!hasRest(table.fields())) {
        rows.problems.add(
            file.uri() + ": " + table.table() + " has no column of row:rest() to look into");
      } else {
        rows.files.add(new RowsFile(file, table));
      }
    }
    return rows;
  }

  private static boolean isOf(String file, String table) {
    return file.startsWith(table)
        && !Character.isLetterOrDigit(file.charAt(table.length()))
        && file.charAt(table.length()) != '_';
  }

  private static boolean hasRest(List<Field> fields) {
    return fields.stream().anyMatch(f -> f.source().isRest() || hasRest(f.fields()));
  }

  /** What is wrong with the files' names, in sentences. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /**
   * Hands out a document for each row of which something is left.
   *
   * @throws IOException if a file can't be read, or isn't JSON Lines: the message says where
   */
  public void forEach(FileStore store, Visitor visitor) throws IOException {
    for (RowsFile rows : files) {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(store.open(rows.file(), 0), StandardCharsets.UTF_8))) {
        long number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          number++;
          String xml = line.isBlank() ? null : xml(rows, line, number);
          if (xml != null) {
            visitor.document(xml.getBytes(StandardCharsets.UTF_8));
          }
        }
      }
    }
  }

  private static @Nullable String xml(RowsFile rows, String line, long number) throws IOException {
    try {
      Writer writer = new Writer(rows.table().names());
      return writer.document(rows.table(), JSON.readTree(line));
    } catch (JsonProcessingException e) {
      throw new IOException(
          rows.file().uri() + ": line " + number + " is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** Writes XML of a row. */
  private static final class Writer {
    private final Namespaces names;
    private final StringBuilder xml = new StringBuilder();
    private int prefixes;

    Writer(Namespaces names) {
      this.names = names;
    }

    /** Null if nothing is left. */
    @Nullable String document(TableMapping table, JsonNode row) throws JsonProcessingException {
      List<Path.Step> steps = table.records().get(0).steps();
      for (Path.Step step : steps.subList(0, steps.size() - 1)) {
        start(step.name());
        xml.append('>');
      }
      boolean left = element(steps.get(steps.size() - 1).name(), table.fields(), row);
      for (int i = steps.size() - 2; i >= 0; i--) {
        end(steps.get(i).name());
      }
      return left ? xml.toString() : null;
    }

    /** Writes the element of a row or a RECORD; whether anything of it is left. */
    private boolean element(NameTest name, List<Field> fields, JsonNode row)
        throws JsonProcessingException {
      JsonNode rest = JSON.nullNode();
      for (Field field : fields) {
        if (field.source().isRest() && row.hasNonNull(field.name())) {
          rest = row.get(field.name());
          rest = rest.isTextual() ? JSON.readTree(rest.textValue()) : rest;
        }
      }
      start(name);
      attributes(rest);
      xml.append('>');
      boolean left = !rest.isNull();
      content(rest);
      for (Field field : fields) {
        for (JsonNode inner : items(row.path(field.name()))) {
          if (hasRest(field.fields())) {
            left |= record(field, inner);
          }
        }
      }
      end(name);
      return left;
    }

    private boolean record(Field field, JsonNode row) throws JsonProcessingException {
      if (!(field.source().expressions().get(0) instanceof Nodes nodes)
          || nodes.paths().get(0).steps().isEmpty()) {
        return false;
      }
      List<Path.Step> steps = nodes.paths().get(0).steps();
      for (Path.Step step : steps.subList(0, steps.size() - 1)) {
        start(step.name());
        xml.append('>');
      }
      boolean left = element(steps.get(steps.size() - 1).name(), field.fields(), row);
      for (int i = steps.size() - 2; i >= 0; i--) {
        end(steps.get(i).name());
      }
      return left;
    }

    private static List<JsonNode> items(JsonNode value) {
      List<JsonNode> items = new ArrayList<>();
      if (value.isArray()) {
        value.forEach(items::add);
      } else if (!value.isMissingNode()) {
        items.add(value);
      }
      return items;
    }

    private void attributes(JsonNode object) {
      members(object)
          .filter(member -> member.getKey().startsWith("@"))
          .forEach(
              member -> {
                String[] name = name(member.getKey().substring(1), false);
                xml.append(' ');
                if (name[0].equals(XMLConstants.XML_NS_URI)) {
                  xml.append("xml:");
                } else if (!name[0].isEmpty()) {
                  String prefix = "a" + ++prefixes;
                  xml.append("xmlns:").append(prefix).append("=\"").append(escaped(name[0]));
                  xml.append("\" ").append(prefix).append(':');
                }
                xml.append(name[1])
                    .append("=\"")
                    .append(escaped(member.getValue().asText()))
                    .append('"');
              });
    }

    private void content(JsonNode value) {
      if (value.isTextual()) {
        xml.append(escaped(value.textValue()));
      }
      members(value)
          .forEach(
              member -> {
                switch (member.getKey()) {
                  case "#text" -> xml.append(escaped(member.getValue().asText("")));
                  case "#xml" -> xml.append(member.getValue().asText());
                  default -> {
                    if (!member.getKey().startsWith("@")) {
                      items(member.getValue()).forEach(item -> child(member.getKey(), item));
                    }
                  }
                }
              });
    }

    private void child(String key, JsonNode value) {
      String[] name = name(key, true);
      start(name[0], name[1]);
      attributes(value);
      xml.append('>');
      content(value);
      end(name[0], name[1]);
    }

    private static Stream<Map.Entry<String, JsonNode>> members(JsonNode object) {
      List<Map.Entry<String, JsonNode>> members = new ArrayList<>();
      object.fields().forEachRemaining(members::add);
      return members.stream();
    }

    /** The namespace and the local name of a key. */
    private String[] name(String key, boolean element) {
      if (key.startsWith("Q{")) {
        int end = key.indexOf('}');
        return new String[] {key.substring(2, end), key.substring(end + 1)};
      }
      int colon = key.indexOf(':');
      String prefix = colon < 0 ? "" : key.substring(0, colon);
      List<String> uris =
          colon < 0 && !element ? List.of("") : names.byPrefix().getOrDefault(prefix, List.of(""));
      String uri = uris.get(0).equals("*") ? "" : uris.get(0);
      return new String[] {uri, key.substring(colon + 1)};
    }

    private void start(NameTest name) {
      start(uri(name), local(name));
    }

    /**
     * XML that is taken as it is has no prefix where it has no namespace, so all others have one.
     */
    private void start(String uri, String local) {
      xml.append('<');
      if (uri.isEmpty()) {
        xml.append(local);
      } else {
        xml.append("n:").append(local).append(" xmlns:n=\"").append(escaped(uri)).append('"');
      }
    }

    private void end(NameTest name) {
      end(uri(name), local(name));
    }

    private void end(String uri, String local) {
      xml.append(uri.isEmpty() ? "</" : "</n:").append(local).append('>');
    }

    private static String uri(NameTest name) {
      return name.namespaces() == null ? "" : name.namespaces().get(0);
    }

    private static String local(NameTest name) {
      return name.local() == null ? "any" : name.local();
    }

    private static String escaped(String text) {
      return text.replace("&", "&amp;")
          .replace("<", "&lt;")
          .replace(">", "&gt;")
          .replace("\"", "&quot;")
          .replace("\r", "&#13;");
    }
  }
}
