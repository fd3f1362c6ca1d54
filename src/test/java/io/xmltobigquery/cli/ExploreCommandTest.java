package io.xmltobigquery.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExploreCommandTest {

  @TempDir Path dir;

  private record Ended(int status, String out, String err) {}

  @Test
  void showsATree() throws IOException {
    Files.writeString(dir.resolve("a.xml"), "<r><a>1</a></r>");

    Ended ended = run(dir + "/a.xml");

    assertWithMessage(ended.err()).that(ended.status()).isEqualTo(0);
    assertThat(ended.out()).contains("\n└─ a  ");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void printsJsonAndWritesThePage() throws IOException {
    Files.writeString(dir.resolve("a.xml"), "<r><a>1</a></r>");
    Path page = dir.resolve("new/page.html");

    Ended ended = run("--input=" + dir + "/*.xml", "--json", "--html=" + page);

    assertWithMessage(ended.err()).that(ended.status()).isEqualTo(0);
    assertThat(new JsonMapper().readTree(ended.out()).get("paths")).hasSize(2);
    assertThat(Files.readString(page)).startsWith("<!DOCTYPE html>");
    assertThat(ended.err()).isEqualTo("xml-to-bigquery: wrote " + page + "\n");
    Ended again = run(dir + "/*.xml", "--html=" + page);
    assertThat(again.status()).isEqualTo(0);
  }

  @Test
  void aBadFileIsToldAndTheOthersAreShown() throws IOException {
    Files.writeString(dir.resolve("a.xml"), "<r><a>1</a></r>");
    Files.writeString(dir.resolve("b.xml"), "<r>\n</s>");

    Ended ended = run(dir + "/*.xml");

    assertThat(ended.status()).isEqualTo(0);
    assertThat(ended.out()).contains("└─ a ");
    assertThat(ended.err())
        .startsWith("xml-to-bigquery: left out " + dir + "/b.xml, line 2, column ");
    assertThat(ended.err().lines().count()).isEqualTo(1);
  }

  @Test
  void tellsAllThatIsWrong() {
    Ended ended = run(dir + "/no.xml", dir.toString(), "--htm=x", "--json=maybe");

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err().lines().toList())
        .containsExactly(
            "xml-to-bigquery: --htm is not an option: did you mean --html?",
            "xml-to-bigquery: --json=maybe: the value is of the wrong kind; see --help",
            "xml-to-bigquery: there is no file " + dir + "/no.xml",
            "xml-to-bigquery: "
                + dir
                + " is a directory; name its files, such as '"
                + dir
                + "/*.xml'",
            "Try explore --help for all options.")
        .inOrder();
    assertThat(run().err())
        .startsWith("xml-to-bigquery: the files are missing: give names or patterns, such as ");
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void aPatternThatMatchesNothingIsAWarning() {
    Ended ended = run(dir + "/*.xml");

    assertThat(ended.status()).isEqualTo(0);
    assertThat(ended.err())
        .isEqualTo("xml-to-bigquery: warning: no file matches " + dir + "/*.xml\n");
  }

  @Test
  void showsHelp() {
    Ended ended = run("--help");

    assertThat(ended.status()).isEqualTo(0);
    assertThat(ended.out()).contains("Usage: xml-to-bigquery explore FILE... [OPTION...]");
    for (String option : new String[] {"--json", "--html", "--debug", "--help"}) {
      assertThat(ended.out()).contains("\n  " + option + "\n");
    }
  }

  private static Ended run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] all = new String[arguments.length + 1];
    all[0] = "explore";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    int status =
        new CommandLine(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false)
            .run(all);
    return new Ended(status, out.toString(UTF_8), err.toString(UTF_8));
  }
}
