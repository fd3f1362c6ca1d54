package io.xmltobigquery.log;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobLogTest {

  @ParameterizedTest
  @ValueSource(
      chars = {'\n', '\r', '\t', '\0', '\u001B', '\u0085', '\u2028', '\u2029', '\u202E', '\u2066'})
  void aNameCantForgeALine(char control) {
    String line = JobLog.oneLine("rejected a.xml" + control + "WARN accepted b.xml");
    assertThat(line).isEqualTo("rejected a.xml\\u%04XWARN accepted b.xml".formatted((int) control));
  }

  @Test
  void otherTextStaysAsItIs() {
    String message = "gs://b/Bücher 😀.xml, line 3: 100 %, {}, <é> isn't \"known\"";
    assertThat(JobLog.oneLine(message)).isEqualTo(message);
  }
}
