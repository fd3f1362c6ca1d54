package io.xmltobigquery.flow.write.bigquery.wire;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.cloud.bigquery.storage.v1.BigDecimalByteStringEncoder;
import com.google.cloud.bigquery.storage.v1.CivilTimeEncoder;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.write.JsonRowWriter;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Base64;
import java.util.List;
import org.apache.beam.sdk.io.gcp.bigquery.TableRowToStorageApiProto;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProtoRowWriterTest {

  private static final FileVersion FILE = new FileVersion("gs://b/Kühe.xml", "17", 99);

  private DynamicMessage written(Row row, @Nullable FileVersion lineage) throws Exception {
    byte[] bytes = new RowBytes(row.table(), lineage).of(row, 7);
    Descriptor descriptor =
        TableRowToStorageApiProto.wrapDescriptorProto(
            RowSchema.descriptor(row.table(), new AddedColumns(lineage != null, false)));
    DynamicMessage message = DynamicMessage.parseFrom(descriptor, bytes);
    assertThat(message.getUnknownFields().asMap()).isEmpty();
    // As protobuf writes it: nothing longer than it need be, fields in the order of their numbers.
    assertThat(message.toByteString()).isEqualTo(ByteString.copyFrom(bytes));
    return message;
  }

  private static Object field(Message message, String name) {
    return message.getField(message.getDescriptorForType().findFieldByName(name));
  }

  private static boolean has(Message message, String name) {
    return message.hasField(message.getDescriptorForType().findFieldByName(name));
  }

  /** What becomes of a text in a column of its own. */
  private Object value(String type, String text) throws Exception {
    TableColumns table = TestRows.table("{'name': 'x', 'type': '%s'}".formatted(type));
    Row row = new Row(table);
    TestRows.add(row, TestRows.ROW, table.columns().get(0), text);
    return field(written(row, null), "x");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, 127, 128, 16_383, 16_384, Long.MAX_VALUE})
  void writesInt64(long value) throws Exception {
    assertThat(value("INT64", Long.toString(value))).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "INF, Infinity",
    "-INF, -Infinity",
    "NaN, NaN",
    "-0, -0.0",
    "1.7976931348623157E308,",
    "4.9E-324,",
    "0.1,"
  })
  void writesFloat64(String text, @Nullable Double value) throws Exception {
    assertThat(value("FLOAT64", text)).isEqualTo(value == null ? Double.valueOf(text) : value);
  }

  @Test
  void writesJsonAsText() throws Exception {
    TableColumns table =
        TestRows.table("{'name': 'x', 'type': 'JSON', 'mode': 'REPEATED', 'as': 'json'}");
    Row row = new Row(table);
    String object = "{\"a\":[\"1\",null]}";
    TestRows.add(row, TestRows.ROW, table.columns().get(0), object);
    TestRows.add(row, TestRows.ROW, table.columns().get(0), "\"b\"");

    assertThat(field(written(row, null), "x")).isEqualTo(List.of(object, "\"b\""));
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      new JsonRowWriter(json, table).write(row);
    }
    assertThat(text.toString()).isEqualTo("{\"x\":[" + object + ",\"b\"]}");
    assertThat(
            new ProtoRowReader(table)
                .read(ByteString.copyFrom(new RowBytes(table, null).of(row, 7))))
        .isEqualTo(text.toString());
  }

  @Test
  void writesBool() throws Exception {
    assertThat(value("BOOL", "true")).isEqualTo(true);
    assertThat(value("BOOL", "0")).isEqualTo(false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "+1",
        "1",
        "-1",
        "0.127",
        "0.000000127",
        "0.000000128",
        "-0.000000128",
        "-0.000000129",
        "123456789.123456789",
        "-999999999.999999999",
        "9999999999",
        "-9999999999",
        "1234567890.000000001",
        "007.50000000000",
        ".5",
        "5.",
        "18446744073.709551615",
        "99999999999999999999999999999.999999999",
        "-99999999999999999999999999999.999999999",
        "10000000000000000000000000000",
        "-10000000000000000000000000000"
      })
  void writesNumericAsGoogleDoes(String text) throws Exception {
    assertThat(value("NUMERIC", text))
        .isEqualTo(BigDecimalByteStringEncoder.encodeToNumericByteString(decimal(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0.00",
        "1",
        "-1",
        "0.00000000000000000000000000000000000001",
        "-0.00000000000000000000000000000000000001",
        "0.00000000000000000000000000000000000128",
        "-0.00000000000000000000000000000000000128",
        "0.12345678901234567890123456789012345678",
        "1.7014118346046923173168730371588410572800000",
        "-1.70141183460469231731687303715884105728",
        "578960446186580977117854925043439539266.34992332820282019728792003956564819967",
        "-578960446186580977117854925043439539266.34992332820282019728792003956564819968",
        "0000000000000000000000000000000000000000000000000000000000000000000000000000000000002.5",
        "100000000000000000000000000000000000000"
      })
  void writesBignumericAsGoogleDoes(String text) throws Exception {
    assertThat(value("BIGNUMERIC", text))
        .isEqualTo(BigDecimalByteStringEncoder.encodeToBigNumericByteString(decimal(text)));
  }

  private static BigDecimal decimal(String text) {
    BigDecimal decimal = new BigDecimal(text);
    return decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0001-01-01", "1969-12-31", "1970-01-01", "2024-02-29", "9999-12-31"})
  void writesDate(String text) throws Exception {
    assertThat(value("DATE", text)).isEqualTo((int) LocalDate.parse(text).toEpochDay());
  }

  @ParameterizedTest
  @ValueSource(strings = {"00:00:00", "00:00:00.000001", "12:34:56.5", "23:59:59.999999"})
  void writesTime(String text) throws Exception {
    assertThat(value("TIME", text))
        .isEqualTo(CivilTimeEncoder.encodePacked64TimeMicrosLocalTime(LocalTime.parse(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0001-01-01T00:00:00",
        "1969-12-31T23:59:59.999999",
        "1970-01-01T00:00:00",
        "2000-02-29T12:00:00.1",
        "9999-12-31T23:59:59.999999"
      })
  void writesDateTime(String text) throws Exception {
    assertThat(value("DATETIME", text))
        .isEqualTo(
            CivilTimeEncoder.encodePacked64DatetimeMicrosLocalDateTime(LocalDateTime.parse(text)));
  }

  @ParameterizedTest
  @CsvSource({
    "0001-01-01T00:00:00Z, -62135596800000000",
    "1969-12-31T23:59:59.999999Z, -1",
    "1970-01-01T01:00:00+01:00, 0",
    "9999-12-31T23:59:59.999999, 253402300799999999"
  })
  void writesTimestamp(String text, long micros) throws Exception {
    assertThat(value("TIMESTAMP", text)).isEqualTo(micros);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 100, 50_000})
  void writesBytes(int length) throws Exception {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 37 + 251);
    }
    assertThat(value("BYTES", Base64.getEncoder().encodeToString(bytes)))
        .isEqualTo(ByteString.copyFrom(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "  kept \n as it is\t",
        "\u007f\u0080\u07ff\u0800\ud7ff\ue000\ufffd",
        "\ud83d\ude00x\udbff\udffd",
        "Kühe 漢字"
      })
  void writesText(String text) throws Exception {
    assertThat(value("STRING", text)).isEqualTo(text);
  }

  /** The length before a text takes one byte more at 128 and 16384, and is guessed before. */
  @ParameterizedTest
  @ValueSource(ints = {42, 43, 63, 64, 127, 128, 5_461, 5_462, 8_192, 16_383, 16_384, 16_385})
  void writesTextOfEveryLength(int length) throws Exception {
    for (String character : List.of("a", "é", "漢", "\ud83d\ude00")) {
      String text = character.repeat(length);
      assertThat(value("STRING", text)).isEqualTo(text);
      assertThat(value("STRING", text + "a")).isEqualTo(text + "a");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "x\ud83dy", "\ude00", "\ude00\ud83d"})
  void refusesTextThatIsNoUnicode(String text) {
    assertThrows(IllegalArgumentException.class, () -> value("STRING", text));
    assertThrows(IllegalArgumentException.class, () -> value("STRING", "a".repeat(100_000) + text));
  }

  @Test
  void leavesOutWhatIsAbsentButNotWhatIsEmpty() throws Exception {
    TableColumns table =
        TestRows.table("{'name': 'a', 'type': 'STRING'}, {'name': 'b', 'type': 'STRING'}");
    Row row = new Row(table);
    TestRows.add(row, TestRows.ROW, table.columns().get(1), "");

    DynamicMessage message = written(row, null);

    assertThat(has(message, "a")).isFalse();
    assertThat(has(message, "b")).isTrue();
    assertThat(field(message, "b")).isEqualTo("");
  }

  @Test
  void writesRecordsWithinRecords() throws Exception {
    // Every level is longer than a length of one byte can say, or not, depending on the text.
    for (int length : new int[] {0, 50, 127, 128, 20_000}) {
      TableColumns table = TestRows.table(nested(15));
      Row row = new Row(table);
      int group = TestRows.ROW;
      List<Column> columns = table.columns();
      for (int level = 0; level < 15; level++) {
        TestRows.add(row, group, TestRows.column(columns, "x"), "é".repeat(length));
        Column record = TestRows.column(columns, "r");
        group = row.addRecord(group, record);
        columns = record.columns();
      }

      Message message = written(row, null);

      for (int level = 0; level < 15; level++) {
        assertThat(field(message, "x")).isEqualTo("é".repeat(length));
        message = (Message) field(message, "r");
      }
      assertThat(message.getAllFields()).isEmpty();
    }
  }

  private static String nested(int levels) {
    String text = "{'name': 'x', 'type': 'STRING'}";
    return levels == 0
        ? text
        : text + ", {'name': 'r', 'type': 'RECORD', 'fields': [" + nested(levels - 1) + "]}";
  }

  @Test
  void writesRepeatedValuesAndRecords() throws Exception {
    TableColumns table =
        TestRows.table(
            """
            {'name': 'n', 'type': 'INT64', 'mode': 'REPEATED'},
            {'name': 'r', 'type': 'RECORD', 'mode': 'REPEATED', 'fields': [
              {'name': 's', 'type': 'STRING', 'mode': 'REPEATED'}]}
            """);
    Row row = new Row(table);
    Column record = table.columns().get(1);
    for (String value : List.of("1", "-2", "3")) {
      TestRows.add(row, TestRows.ROW, table.columns().get(0), value);
      int group = row.addRecord(TestRows.ROW, record);
      for (int i = 0; i < Math.abs(Integer.parseInt(value)); i++) {
        TestRows.add(row, group, record.columns().get(0), value);
      }
    }
    row.addRecord(TestRows.ROW, record);

    DynamicMessage message = written(row, null);

    assertThat(field(message, "n")).isEqualTo(List.of(1L, -2L, 3L));
    List<?> records = (List<?>) field(message, "r");
    assertThat(records.stream().map(r -> field((Message) r, "s")).toList())
        .containsExactly(List.of("1"), List.of("-2", "-2"), List.of("3", "3", "3"), List.of())
        .inOrder();
  }

  @Test
  void addsWhereTheRowComesFrom() throws Exception {
    TableColumns table = TestRows.table("{'name': 'x', 'type': 'STRING'}");

    Message file = (Message) field(written(new Row(table), FILE), "_file");

    assertThat(field(file, "uri")).isEqualTo("gs://b/Kühe.xml");
    assertThat(field(file, "generation")).isEqualTo("17");
    assertThat(field(file, "record")).isEqualTo(7);
  }

  @Test
  void appendsToWhatIsInTheBuffer() throws Exception {
    TableColumns table = TestRows.table("{'name': 'x', 'type': 'STRING'}");
    Row row = new Row(table);
    ProtoRowWriter writer = new ProtoRowWriter(table, false);
    TestRows.add(row, TestRows.ROW, table.columns().get(0), "a".repeat(2_000_000));
    writer.append(row);
    byte[] first = writer.bytes().toByteArray();
    row.clear();
    TestRows.add(row, TestRows.ROW, table.columns().get(0), "b");

    writer.append(row);

    assertThat(writer.bytes().size()).isEqualTo(first.length + 3);
    writer.bytes().clear(Integer.MAX_VALUE);
    writer.append(row);
    assertThat(writer.bytes().toByteArray()).isEqualTo(new byte[] {10, 1, 'b'});
  }
}
