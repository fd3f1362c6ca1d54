package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FaultTest {

  private static final Engine ENGINE =
      Engine.of("/l/r", "error", "{'name': 'x', 'type': 'STRING'}");

  @Test
  void aTextIsCutWhereItIsTooLong() {
    assertThat(Fault.bounded("abc", 3)).isEqualTo("abc");
    assertThat(Fault.bounded("abcd", 3)).isEqualTo("abc…");
  }

  /** Names of XML 1.1 may have such characters, and no JSON report could have the half of one. */
  @Test
  void aSurrogatePairIsNotCut() {
    assertThat(Fault.bounded("a😀b", 2)).isEqualTo("a…");
    assertThat(Fault.bounded("a😀b", 3)).isEqualTo("a😀…");
  }

  @Test
  void aLongNameInAMessageCanBeReported() {
    String name = "a" + "\uD800\uDC00".repeat(Limits.MAX_NAME_IN_MESSAGE);

    String message = ENGINE.rejection("<?xml version=\"1.1\"?><l><" + name + "/></l>").getMessage();

    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(message)).isTrue();
  }
}
