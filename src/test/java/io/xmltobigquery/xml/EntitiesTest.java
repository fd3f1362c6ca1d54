package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.oracle.OracleRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * References to entities that a mapping knows. A reference to a character is as long as one to an
 * entity, with zeros before its number: so a document with the one must give the same rows, places
 * and faults as with the other.
 */
class EntitiesTest {

  private static final String TABLES =
      "'tables': [{'table': 't', 'record': '/l/r', 'fields': ["
          + "{'name': 'a', 'type': 'STRING', 'source': '@a'},"
          + "{'name': 'x', 'type': 'STRING', 'mode': 'REPEATED'},"
          + "{'name': 'n', 'type': 'INT64'}]}]";

  private static final Engine HTML = Engine.of("{'entities': 'html', " + TABLES + "}");

  private static final String OWN =
      "{'entities': {'uuml': 'ü', 'less': '<', 'also': '&', 'trebleG': '\uD834\uDD1E', 'line': '\\n'}, "
          + TABLES
          + "}";

  private static final Engine ENGINE = Engine.of(OWN);
  private static final Engine PLAIN = Engine.of("{" + TABLES + "}");

  @Test
  void standForTheirCharacters() throws Exception {
    assertThat(ENGINE.rows("<l><r a='x&uuml;&trebleG;'><x>M&uuml;nchen</x><x>&uuml;</x></r></l>"))
        .containsExactly("{'a':'xü\uD834\uDD1E','x':['München','ü']}");
  }

  @Test
  void areNeverMarkupAndNeverExpandedTwice() throws Exception {
    assertThat(
            ENGINE.rows(
                "<l><r a='&less;&also;quot;&line;'><x>&less;b>&also;uuml;&also;#65;</x>"
                    + "<x>]]&less;</x><x>&line;</x></r></l>"))
        .containsExactly("{'a':'<&quot;\\n','x':['<b>&uuml;&#65;',']]<','\\n']}");
  }

  @Test
  void predefinedOnesAndReferencesToCharactersStayWhatTheyAre() throws Exception {
    String document =
        "<l><r a='&lt;&gt;&amp;&apos;&quot;&#65;'><x>&lt;&gt;&amp;&apos;&quot;&#65;&#x1D11E;</x></r></l>";

    assertThat(result(document)).isEqualTo(List.copyOf(PLAIN.records(Engine.source(document))));
  }

  @Test
  void othersAreUnknownAndTheMessageNamesTheKey() {
    RejectedException rejection = ENGINE.rejection("<l><r><x>a&ouml;b</x></r></l>");

    assertThat(rejection.reason()).isEqualTo(RejectionReason.UNKNOWN_ENTITY);
    assertThat(rejection)
        .hasMessageThat()
        .contains("\"ouml\"; the mapping's \"entities\" can say what it stands for");
    assertThat(ENGINE.rejection("<l><r a='&ouml;'/></l>").reason())
        .isEqualTo(RejectionReason.UNKNOWN_ENTITY);
  }

  @Test
  void whatADocumentDeclaresIsNotOpenedAndNotTaken() throws Exception {
    String doctype = "<!DOCTYPE l [<!ENTITY uuml SYSTEM 'file:/etc/hostname'><!ENTITY e '&e;'>]>";

    assertThat(ENGINE.rows(doctype + "<l><r><x>&uuml;</x></r></l>")).containsExactly("{'x':['ü']}");
    assertThat(ENGINE.rejection(doctype + "<l><r><x>&e;</x></r></l>").reason())
        .isEqualTo(RejectionReason.UNKNOWN_ENTITY);
  }

  @Test
  void inCdataAndCommentsTheyAreText() throws Exception {
    assertThat(ENGINE.rows("<l><r><x><!--&uuml;--><![CDATA[&uuml;]]></x></r></l>"))
        .containsExactly("{'x':['&uuml;']}");
  }

  @Test
  void htmlHasThe253OfXhtml() throws Exception {
    Mapping mapping = HTML.mapping();

    // Five of them are XML's own.
    assertThat(mapping.entities()).hasSize(248);
    assertThat(mapping.entities()).containsEntry("nbsp", 0xA0);
    assertThat(mapping.entities()).containsEntry("thetasym", 0x3D1);
    assertThat(mapping.entities()).containsEntry("diams", 0x2666);
    assertThat(mapping.entities()).doesNotContainKey("amp");
    assertThat(HTML.rows("<l><r><x>&Eacute;t&eacute;&nbsp;&mdash;&amp;</x></r></l>"))
        .containsExactly("{'x':['Été\u00A0—&']}");
  }

  @Test
  void amongOthersThereAreNoReferencesWithoutTheKey() {
    assertThat(MappingReader.defaultMapping().entities()).isEmpty();
  }

  /** Texts longer than the parser's buffers, so that references meet their borders. */
  @Test
  void rowsPlacesAndFaultsAreThoseOfReferencesToCharacters() throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      String document = document(random);
      String characters = withCharacters(document);
      assertThat(characters).hasLength(document.length());

      assertWithMessage(document).that(result(document)).isEqualTo(result(characters));
      XmlSource entities = Engine.source(document);
      assertThat(ENGINE.recordEnds(entities))
          .isEqualTo(ENGINE.recordEnds(Engine.source(characters)));
    }
  }

  private static String document(Random random) {
    StringBuilder document = new StringBuilder("<l>");
    int records = 1 + random.nextInt(4);
    for (int i = 0; i < records; i++) {
      document.append("<r a='").append(text(random, 40)).append("'>");
      for (int j = random.nextInt(4); j > 0; j--) {
        document.append("<x>").append(text(random, random.nextInt(10) == 0 ? 9_000 : 90));
        document.append("</x>").append(random.nextInt(20) == 0 ? "&uuml;" : "\n");
      }
      if (random.nextInt(10) == 0) {
        document.append("<n>1&less;</n>");
      }
      document.append(random.nextInt(50) == 0 ? "<y/></r>" : "</r>");
    }
    return document.append(random.nextInt(20) == 0 ? "" : "</l>").toString();
  }

  private static String text(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.append(
          switch (random.nextInt(6)) {
            case 0 -> "&uuml;";
            case 1 -> "&less;";
            case 2 -> random.nextInt(30) == 0 ? "&trebleG;" : "&amp;";
            case 3 -> "&line;";
            default -> "abc d\n".substring(random.nextInt(6));
          });
    }
    return text.toString();
  }

  private static String withCharacters(String document) {
    return document
        .replace("&uuml;", "&#252;")
        .replace("&less;", "&#060;")
        .replace("&line;", "&#010;")
        .replace("&trebleG;", "&#119070;");
  }

  /** The rows, or what is wrong and where. */
  private static List<Object> result(String document) throws Exception {
    List<Object> result = new ArrayList<>();
    try {
      for (OracleRecord record :
          ENGINE.records(Engine.source(document.getBytes(StandardCharsets.UTF_8)))) {
        result.add(record);
      }
    } catch (RejectedException e) {
      result.add(e.reason());
      result.add(e.position());
      result.add(e.getMessage());
    }
    return result;
  }
}
