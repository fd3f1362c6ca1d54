package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import io.xmltobigquery.oracle.DomOracle;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineEnds11Test {

  private static final Engine ENGINE =
      Engine.of(
          "/l/r",
          "error",
          "{'name': 'x', 'type': 'STRING'}, {'name': 'a', 'type': 'STRING', 'source': '@a'}");

  /** All texts of six characters that matter here. */
  private static List<String> texts() {
    List<String> texts = List.of("");
    for (int i = 0; i < 6; i++) {
      List<String> longer = new ArrayList<>();
      for (String text : texts) {
        for (String next : List.of("a", "\r", "\n", "\u0085", "\u2028")) {
          longer.add(text + next);
        }
      }
      texts = longer;
    }
    return texts;
  }

  private static String normalized(String... blocks) {
    LineEnds11 lineEnds = new LineEnds11();
    StringBuilder made = new StringBuilder();
    for (String block : blocks) {
      char[] text = block.toCharArray();
      lineEnds.normalize(text, 0, text.length);
      made.append(text);
    }
    return made.toString();
  }

  @Test
  void endsAsManyLinesAsTheSpecificationSays() {
    for (String text : texts()) {
      String made = normalized(text);
      assertThat(made).hasLength(text.length());
      assertThat(made.replaceAll("\r\n?", "\n"))
          .isEqualTo(text.replaceAll("\r[\n\u0085]|[\r\u0085\u2028]", "\n"));
    }
  }

  @Test
  void remembersWhatTheBlockBeforeEndedWith() {
    for (String text : texts()) {
      for (int cut = 0; cut <= text.length(); cut++) {
        assertThat(normalized(text.substring(0, cut), text.substring(cut)))
            .isEqualTo(normalized(text));
      }
    }
  }

  @Test
  void readsWhatTheOracleReads() throws Exception {
    StringBuilder records = new StringBuilder();
    for (String text : texts()) {
      records.append("<r").append(text.strip().isEmpty() ? text : " ").append(" a='").append(text);
      records.append("'><x>").append(text).append("</x>").append("</r>");
    }
    for (int shift = 0; shift < 4; shift++) {
      String document = "<?xml version='1.1'?>" + " ".repeat(shift) + "<l>" + records + "</l>";
      assertWithMessage("shifted by %s", shift)
          .that(
              ENGINE
                  .records(Engine.source(document))
                  .equals(DomOracle.read(document, ENGINE.mapping())))
          .isTrue();
    }
  }
}
