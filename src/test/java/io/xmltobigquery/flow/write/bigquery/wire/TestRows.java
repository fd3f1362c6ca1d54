package io.xmltobigquery.flow.write.bigquery.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.values.InvalidValueException;
import java.util.List;

/** Tables from their fields, and rows from texts. */
public final class TestRows {

  /** The row itself, where a group is asked for. */
  public static final int ROW = 0;

  private TestRows() {}

  /**
   * A table.
   *
   * @param fields as the mapping has them, with single quotes for double ones
   */
  public static TableColumns table(String fields) {
    String json =
        "{'tables': [{'table': 't', 'record': '/r/t', 'fields': [%s]}]}".formatted(fields);
    try {
      byte[] document = json.replace('\'', '"').getBytes(UTF_8);
      return CompiledMapping.of(MappingReader.read(document)).tables().get(0);
    } catch (MappingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static Column column(List<Column> columns, String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findAny().orElseThrow();
  }

  /** Adds the value that a text in the XML would be. */
  public static void add(Row row, int group, Column column, String text) {
    int start = row.textEnd();
    row.append(text);
    try {
      if (row.add(group, column, start, row.textEnd()) != Row.Added.VALUE) {
        throw new IllegalStateException(column + " has a value already, or got none");
      }
    } catch (InvalidValueException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
