package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.rows.CompiledMapping;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that have ended before the parser looks at their first character. */
final class TinyFilesTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 100})
  void textIsNoXmlFromItsFirstCharacterOn(int length) {
    RejectedException e = rejection("x".repeat(length));

    assertThat(e.reason()).isEqualTo(RejectionReason.NOT_XML);
    assertThat(e.position()).isEqualTo(Position.START);
  }

  @ParameterizedTest
  @CsvSource({
    "<<, NOT_XML, 2",
    "<a<, NOT_WELL_FORMED, 3",
    "<a<<<<, NOT_WELL_FORMED, 3",
    "<a<<<<<<<, NOT_WELL_FORMED, 3",
    "<, NOT_XML, 2",
    "<a, NOT_XML, 3",
    "<a b, TRUNCATED, 5",
    "<!--, NOT_XML, 5",
  })
  void aFaultIsWhereItIsAndAnEndAtTheEnd(String text, RejectionReason reason, int column) {
    RejectedException e = rejection(text);

    assertThat(e.reason()).isEqualTo(reason);
    assertThat(e.position()).isEqualTo(new Position(1, column, column - 1));
  }

  private static RejectedException rejection(String text) {
    RecordReaderFactory readers =
        new RecordReaderFactory(
            CompiledMapping.of(MappingReader.defaultMapping()),
            new Limits(Limits.DEFAULT_MAX_RECORD_BYTES));
    byte[] bytes = text.getBytes(UTF_8);
    return assertThrows(
        RejectedException.class,
        () -> {
          try (RecordReader reader =
              readers.open(
                  offset ->
                      new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset))) {
            reader.next();
          }
        });
  }
}
