package io.xmltobigquery.mapping;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingWarningsTest {

  private static List<String> of(String fields) throws Exception {
    String mapping =
        "{'tables': [{'table': 't', 'record': '/l/r', 'fields': [%s]}]}".formatted(fields);
    return MappingWarnings.of(MappingReader.read(mapping.replace('\'', '"').getBytes(UTF_8)));
  }

  @ParameterizedTest
  @CsvSource({
    "phone/number, phone/kind, phone",
    "phone, phone/@kind, phone",
    "a/phones/phone/number, a/phones/phone/kind, phone",
  })
  void arraysThatAreOutOfStepIfOneIsMissing(String one, String other, String element)
      throws Exception {
    String array = "{'name': '%s', 'type': 'STRING', 'mode': 'REPEATED', 'source': '%s'}";
    String rest = ", {'name': 'z', 'type': 'STRING', 'mode': 'REPEATED', 'source': 'b'}";
    String both = array.formatted("a", one) + ", " + array.formatted("b", other) + rest;
    String warning =
        "a and b are arrays of what is in the same elements "
            + element
            + ": if these occur several times, nothing tells which items belong together; make a"
            + " RECORD of them that is REPEATED";

    assertThat(of(both)).containsExactly("t: " + warning);
    assertThat(of("{'name': 'x', 'type': 'RECORD', 'mode': 'REPEATED', 'fields': [" + both + "]}"))
        .containsExactly("t: x." + warning);
  }

  @ParameterizedTest
  @CsvSource({
    "%d/%m/%Y, %m/%d/%Y, 03/02/2001",
    "%y-%m-%d, %d-%m-%y, 01-02-03",
    "epoch-seconds, epoch-millis, 981173106",
    "epoch-seconds, %Y%m%d, 20010203",
  })
  void formatsThatCannotBeToldApart(String one, String other, String text) throws Exception {
    assertThat(
            of(
                "{'name': 'd', 'type': 'DATE', 'format': ['date', '%s', '%s']}"
                    .formatted(one, other)))
        .containsExactly(
            "t: d has formats that can't be told apart: %s is read as %s, and never as %s"
                .formatted(text, one, other));
  }

  @Test
  void aKeyThatTheNextVersionOfAFileDoesNotHave() throws Exception {
    String mapping =
        """
        {"tables": [{"table": "t", "record": "/l/r", "primaryKey": {"columns": ["%s"]}, "fields": [
          {"name": "k", "type": "STRING", "mode": "REQUIRED", "source": "row:key()"},
          {"name": "n", "type": "INT64", "mode": "REQUIRED", "source": "row:position()"}]}]}
        """;

    assertThat(MappingWarnings.of(MappingReader.read(mapping.formatted("n").getBytes(UTF_8))))
        .isEmpty();
    assertThat(MappingWarnings.of(MappingReader.read(mapping.formatted("k").getBytes(UTF_8))))
        .containsExactly(
            "t: k of the primaryKey is row:key(), and a new version of a file has other ones: rows of"
                + " the version before stay; take what tells the rows apart in the file itself");
  }

  @Test
  void whatIsMeantIsNoWarning() throws Exception {
    assertThat(
            of(
                """
                {'name': 'a', 'type': 'STRING', 'mode': 'REPEATED', 'source': 'x/a'},
                {'name': 'b', 'type': 'STRING', 'source': 'x/b'},
                {'name': 'c', 'type': 'STRING', 'mode': 'REPEATED', 'source': 'y/a'},
                {'name': 'd', 'type': 'DATE', 'format': ['date', 'dateTime', '%d.%m.%Y', '%d %b %Y', '%Y%m%d']},
                {'name': 'e', 'type': 'TIMESTAMP', 'format': ['%a, %d %b %Y %I:%M:%S %p %z', '%j/%Y', 'gYear', 'gYearMonth']}
                """))
        .isEmpty();
    assertThat(MappingWarnings.of(MappingReader.defaultMapping())).isEmpty();
  }
}
