package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.Row;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several documents in one file, one after the other. */
final class ManyDocumentsTest {

  /** A tree of names is enough for the first one, and not for the second. */
  private static final String PLAIN =
      """
      {"tables": [{"table": "t", "record": "/l/r", "fields": [
        {"name": "v", "type": "STRING", "source": "@v"}]}]}
      """;

  private static final String PATHS =
      """
      {"tables": [{"table": "t", "record": "/l/r", "fields": [
        {"name": "v", "type": "STRING", "source": "@v"},
        {"name": "of", "type": "STRING", "source": "../@of"}]}]}
      """;

  /** Row by row: its record's number, and its values. */
  private static List<String> read(String mapping, byte[] file) throws Exception {
    CompiledMapping compiled = CompiledMapping.of(MappingReader.read(mapping.getBytes(UTF_8)));
    RecordReaderFactory readers =
        new RecordReaderFactory(compiled, new Limits(1 << 20)).ofManyDocuments();
    List<String> rows = new ArrayList<>();
    try (RecordReader reader = readers.open(source(file))) {
      while (reader.next()) {
        if (reader.isInvalid()) {
          throw reader.invalidRecordRejection();
        }
        Row row = reader.row();
        String json = RowJson.of(row).toString().replace("\"", "").replace(":", "=");
        rows.add(reader.recordNumber() + " " + json);
      }
      assertThat(reader.coverage().tables()).hasSize(1);
    }
    return rows;
  }

  private static XmlSource source(byte[] file) {
    return offset -> {
      InputStream in = new ByteArrayInputStream(file);
      in.skipNBytes(offset);
      return in;
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "<?xml version='1.0'?>",
        "\r\n <!-- between --> <?xml version=\"1.0\" encoding=\"utf-8\" standalone='yes'?>\n<!-- c -->",
        "<!DOCTYPE l>",
        "<?xml version='1.0'?><!DOCTYPE l SYSTEM 'l.dtd' [<!ELEMENT l ANY>]><?pi?>",
        "<?pi x?>\n<!DOCTYPE l>\n",
        "<!-- <l> --><?xml-stylesheet href='x'?>"
      })
  void documentsComeOneAfterTheOther(String between) throws Exception {
    String file =
        "<l of='1'><r v='a'/><r v='ä'/></l>"
            + between
            + "<l of='2'><r v='b'/></l>"
            + between
            + "<l of='3'></l>"
            + between
            + "<l of='4'><r v='c'/></l>\n";

    assertThat(read(PLAIN, ignoring(file)))
        .containsExactly("1 {v=a}", "2 {v=ä}", "3 {v=b}", "4 {v=c}")
        .inOrder();
    assertThat(read(PATHS, file.getBytes(UTF_8)))
        .containsExactly("1 {v=a,of=1}", "2 {v=ä,of=1}", "3 {v=b,of=2}", "4 {v=c,of=4}")
        .inOrder();
  }

  private static byte[] ignoring(String file) {
    return file.replaceAll(" of='.'", "").getBytes(UTF_8);
  }

  @Test
  void oneDocumentIsEnough() throws Exception {
    assertThat(read(PLAIN, "<?xml version='1.0'?><l><r v='a'/></l>".getBytes(UTF_8)))
        .containsExactly("1 {v=a}");
  }

  @Test
  void aFaultHasItsPlaceInTheFile() {
    String before = "<l><r v='ä'/>\n</l>\n<?xml version='1.0'?>\n<l/>\n";
    RejectedException rejected =
        assertThrows(
            RejectedException.class,
            () -> read(PLAIN, (before + "<l>\n <r w='b'/></l>").getBytes(UTF_8)));

    assertThat(rejected.reason()).isEqualTo(RejectionReason.UNKNOWN_ATTRIBUTE);
    assertThat(rejected.recordNumber()).isEqualTo(2);
    assertThat(rejected.position().line()).isEqualTo(6);
    assertThat(rejected.position().column()).isEqualTo(2);
    assertThat(rejected.position().byteOffset())
        .isEqualTo((before + "<l>\n ").getBytes(UTF_8).length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TRUNCATED          | <l/><l>",
        "TRUNCATED          | <l/><?xml version='1.0'?>",
        "TRUNCATED          | <l/><!-- ",
        "NOT_WELL_FORMED    | <l><?xml version='1.0'?><l/>",
        "NOT_WELL_FORMED    | <l><r v='a'><?xml version='1.0'?></r></l>",
        "NOT_WELL_FORMED    | <l><r v='a'/><?xml version='1.0'?><r v='b'/></l>",
        "NOT_WELL_FORMED    | <!DOCTYPE l><!DOCTYPE l><l/>",
        "NOT_WELL_FORMED    | <l/><!DOCTYPE l><!DOCTYPE l><l/>",
        "CONTENT_AFTER_ROOT | <l/>more<l/>",
        "CONTENT_AFTER_ROOT | <l/></l>",
        "UNKNOWN_ELEMENT    | <l/><other/>",
        "INVALID_ENCODING   | <l/><?xml version='1.0' encoding='ISO-8859-1'?><l/>",
        "INVALID_ENCODING   | <l/><?xml version='1.0' encoding='no'?><l/>",
        "NOT_WELL_FORMED    | <l/><?xml version='1.1'?><l/>"
      })
  void oneBadDocumentRejectsTheFile(RejectionReason reason, String file) {
    RejectedException rejected =
        assertThrows(RejectedException.class, () -> read(PLAIN, file.getBytes(UTF_8)));

    assertThat(rejected.reason()).isEqualTo(reason);
    assertThat(rejected.position().byteOffset()).isAtLeast(3);
  }

  @Test
  void aDocumentWithoutDeclarationBehindOneInAnotherEncodingIsNotGuessedAt() throws Exception {
    Charset latin = ISO_8859_1;
    String first = "<?xml version='1.0' encoding='ISO-8859-1'?><l><r v='ä'/></l>";

    assertThat(read(PLAIN, (first + first).getBytes(latin)))
        .containsExactly("1 {v=ä}", "2 {v=ä}")
        .inOrder();
    RejectedException rejected =
        assertThrows(RejectedException.class, () -> read(PLAIN, (first + "<l/>").getBytes(latin)));
    assertThat(rejected.reason()).isEqualTo(RejectionReason.INVALID_ENCODING);
    assertThat(rejected).hasMessageThat().contains("declares no encoding");
  }

  @Test
  void entitiesAndDefaultsOfOneDocumentAreNotThoseOfTheNext() throws Exception {
    String file =
        "<!DOCTYPE l [<!ATTLIST r v CDATA 'x'>]><l><r/></l>"
            + "<!DOCTYPE l [<!ATTLIST r v CDATA 'y'>]><l><r/></l>"
            + "<l><r/></l>";

    assertThat(read(PLAIN, file.getBytes(UTF_8)))
        .containsExactly("1 {v=x}", "2 {v=y}", "3 {}")
        .inOrder();
  }

  @Test
  void withoutTheOptionTheFileIsRejectedAndTheOptionIsNamed() throws Exception {
    RecordReaderFactory readers =
        new RecordReaderFactory(
            CompiledMapping.of(MappingReader.read(PLAIN.getBytes(UTF_8))), new Limits(1 << 20));
    for (String next : List.of("<l/>", "<?xml version='1.0'?><l/>")) {
      try (RecordReader reader = readers.open(source(("<l/>" + next).getBytes(UTF_8)))) {
        RejectedException rejected = assertThrows(RejectedException.class, reader::next);
        assertThat(rejected.reason()).isEqualTo(RejectionReason.CONTENT_AFTER_ROOT);
        assertThat(rejected)
            .hasMessageThat()
            .endsWith("; a file of several documents is loaded by --documents=many");
      }
    }
  }
}
