package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.oracle.OracleValues;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.values.InvalidValueException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Any text as a value of columns of every type: it is accepted if regular expressions, java.math
 * and java.time accept it, and then is the same value.
 */
public final class ValuesFuzzer {

  /** Longer texts show nothing new, and take the oracle's regular expressions to their limits. */
  private static final int MAX_LENGTH = 500;

  private static final TableColumns COLUMNS =
      CompiledMapping.of(
              Engine.mapping(
                  """
                  {'tables': [{'table': 't', 'record': '/t', 'fields': [
                    {'name': 'string', 'type': 'STRING'},
                    {'name': 'string_3', 'type': 'STRING', 'maxLength': 3},
                    {'name': 'int64', 'type': 'INT64'},
                    {'name': 'float64', 'type': 'FLOAT64'},
                    {'name': 'numeric', 'type': 'NUMERIC'},
                    {'name': 'numeric_5', 'type': 'NUMERIC', 'precision': 5},
                    {'name': 'numeric_7_3', 'type': 'NUMERIC', 'precision': 7, 'scale': 3},
                    {'name': 'bignumeric', 'type': 'BIGNUMERIC'},
                    {'name': 'bignumeric_40_20', 'type': 'BIGNUMERIC', 'precision': 40, 'scale': 20},
                    {'name': 'bool', 'type': 'BOOL'},
                    {'name': 'date', 'type': 'DATE'},
                    {'name': 'datetime', 'type': 'DATETIME'},
                    {'name': 'time', 'type': 'TIME'},
                    {'name': 'timestamp', 'type': 'TIMESTAMP'},
                    {'name': 'bytes', 'type': 'BYTES'},
                    {'name': 'bytes_3', 'type': 'BYTES', 'maxLength': 3},
                    {'name': 'xs_boolean', 'type': 'STRING', 'lexical': 'boolean'},
                    {'name': 'xs_decimal', 'type': 'STRING', 'lexical': 'decimal'},
                    {'name': 'xs_integer', 'type': 'STRING', 'lexical': 'integer'},
                    {'name': 'xs_double', 'type': 'STRING', 'lexical': 'double'},
                    {'name': 'xs_date', 'type': 'STRING', 'lexical': 'date'},
                    {'name': 'xs_time', 'type': 'STRING', 'lexical': 'time'},
                    {'name': 'xs_dateTime', 'type': 'STRING', 'lexical': 'dateTime'},
                    {'name': 'xs_base64', 'type': 'STRING', 'lexical': 'base64Binary'},
                    {'name': 'xs_hex', 'type': 'STRING', 'lexical': 'hexBinary', 'maxLength': 9}]}]}
                  """))
          .tables()
          .get(0);

  private static final List<Field> FIELDS = COLUMNS.mapping().fields();

  private ValuesFuzzer() {}

  /** Called by the fuzzing engine. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    String text = new String(input, 0, Math.min(input.length, MAX_LENGTH), UTF_8);
    Row row = new Row(COLUMNS);
    for (int i = 0; i < FIELDS.size(); i++) {
      Column column = COLUMNS.columns().get(i);
      assertWithMessage("%s <%s>", column, text)
          .that(value(row, column, text))
          .isEqualTo(expected(FIELDS.get(i), text));
    }
  }

  private static @Nullable JsonNode value(Row row, Column column, String text) throws IOException {
    row.clear();
    int start = row.textEnd();
    row.append(text);
    try {
      if (row.add(0, column, start, row.textEnd()) == Row.Added.REPEATED) {
        throw new AssertionError("an empty row has a value");
      }
    } catch (InvalidValueException e) {
      return null;
    }
    return RowJson.of(row).get(column.name());
  }

  private static @Nullable JsonNode expected(Field field, String text) {
    try {
      return OracleValues.value(field, text);
    } catch (OracleValues.NoValueException e) {
      return null;
    }
  }
}
