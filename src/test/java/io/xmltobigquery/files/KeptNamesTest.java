package io.xmltobigquery.files;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class KeptNamesTest {

  @Test
  void keepsTheWholePathAndTheGeneration() {
    assertThat(name("gs://bucket/a/b c#1.xml")).isEqualTo("bucket/a/b c#1.xml#17");
    assertThat(name("/data/in/a.xml")).isEqualTo("data/in/a.xml#17");
    assertThat(name("file:///data/in/a.xml")).isEqualTo("data/in/a.xml#17");
  }

  @Test
  void noTwoVersionsMeet() {
    String start = "/in/" + "x".repeat(240);
    assertThat(name(start + "1.xml")).isNotEqualTo(name(start + "2.xml"));
    assertThat(name("/in/" + "d".repeat(900) + "/1/a.xml"))
        .isNotEqualTo(name("/in/" + "d".repeat(900) + "/2/a.xml"));
    assertThat(KeptNames.path(new FileVersion(start, "1", 1)))
        .isNotEqualTo(KeptNames.path(new FileVersion(start, "2", 1)));
  }

  @Test
  void longNamesStayWithinWhatFileSystemsTake() {
    for (String letter : new String[] {"x", "é", "日", "😀"}) {
      String name = name("/in/" + letter.repeat(255 / letter.getBytes(UTF_8).length));

      String report = name + ".error.json";
      assertThat(report.substring(report.lastIndexOf('/') + 1).getBytes(UTF_8).length)
          .isAtMost(255);
      assertThat(name).startsWith("in/" + letter.repeat(40));
      assertThat(name).endsWith("#17");
      assertThat(UTF_8.newEncoder().canEncode(name)).isTrue();
    }
  }

  /** Cloud Storage takes object names of 1,024 bytes, in the dead letter as well. */
  @Test
  void longPathsStayWithinWhatCloudStorageTakes() {
    for (String directory : new String[] {"directory/", "名前/", "x"}) {
      String path = directory.repeat(1_000 / directory.getBytes(UTF_8).length);
      String name = name("gs://bucket/" + path + "/name.xml");

      assertThat((name + ".error.json").getBytes(UTF_8).length).isAtMost(900);
      assertThat(name).startsWith("bucket/");
      assertThat(name).endsWith("/name.xml#17");
      assertThat(Arrays.stream(name.split("/")).mapToInt(String::length).max().getAsInt())
          .isAtMost(255);
    }
  }

  /** An object may be named so; as a local name it would lead out of the dead letter. */
  @Test
  void neverLeadsOutOfTheDeadLetter() {
    assertThat(name("gs://bucket/../../etc/./cron.d/x"))
        .isEqualTo("bucket/..~/..~/etc/.~/cron.d/x#17");
    assertThat(name("gs://bucket/a..b/.c/...")).isEqualTo("bucket/a..b/.c/...#17");
  }

  private static String name(String uri) {
    return KeptNames.path(new FileVersion(uri, "17", 1));
  }
}
