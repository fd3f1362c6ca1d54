package io.xmltobigquery.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProposeFromSchemaTest {

  private static final String TRADE = "src/test/resources/schemas/trade/";
  private static final String PAYMENTS = "src/test/resources/schemas/payments/";

  @TempDir Path dir;

  private record Ended(int status, String out, String err) {}

  @Test
  void samplesAndSchemaMakeAMapping() throws IOException {
    Ended ended =
        run(TRADE + "samples/*.xml", "--xsd=" + TRADE + "xsd", "--output=" + dir.resolve("m.json"));

    assertWithMessage(ended.err()).that(ended.status()).isEqualTo(0);
    assertThat(ended.out()).contains("\nfiles that would be accepted  2 of 2, with 2 rows\n");
    assertThat(ended.out()).contains("xs:date\n");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void aSchemaAloneMakesOneAndSaysSo() throws IOException {
    Ended ended =
        run(
            "--xsd=" + PAYMENTS + "xsd/payments.002.xsd",
            "--record=/Document/Stmts/Stmt/Ntry",
            "--output=" + dir.resolve("m.json"));

    assertWithMessage(ended.err()).that(ended.status()).isEqualTo(0);
    assertThat(ended.out())
        .endsWith(
            "\nmade of the schema alone: nothing was read by it; give samples, too, to see what files really have\n");
    JsonNode table = new JsonMapper().readTree(dir.resolve("m.json").toFile()).get("tables").get(0);
    assertThat(table.get("record").asText()).isEqualTo("/Document/Stmts/Stmt/Ntry");
    assertThat(table.get("fields").findValuesAsText("name"))
        .containsAtLeast("Amt", "Ccy", "value", "CdtDbtInd", "BookgDt", "Ustrd", "Ref");
    JsonNode report = new JsonMapper().readTree(dir.resolve("m.report.json").toFile());
    assertThat(report.get("accepted").asInt()).isEqualTo(0);
  }

  @Test
  void tablesMayHaveKeys() throws IOException {
    Ended ended =
        run(
            PAYMENTS + "samples/*.xml",
            "--xsd=" + PAYMENTS + "xsd",
            "--tables=keys",
            "--output=" + dir.resolve("m.json"));

    assertWithMessage(ended.err()).that(ended.status()).isEqualTo(0);
    assertThat(ended.out()).contains("\nfiles that would be accepted  2 of 2, ");
  }

  /** What was added for the samples has the schema's type. */
  @Test
  void anOldMappingGrowsByTheSchema() throws IOException {
    Path first = dir.resolve("first.json");
    Path next = dir.resolve("next.json");
    assertThat(run(TRADE + "samples/1.xml", "--xsd=" + TRADE + "xsd", "--output=" + first).status())
        .isEqualTo(0);

    Ended ended =
        run(
            TRADE + "samples/*.xml",
            "--xsd=" + TRADE + "xsd",
            "--mapping=" + first,
            "--output=" + next);

    assertWithMessage(ended.err()).that(ended.status()).isEqualTo(0);
    assertThat(Files.readString(next)).contains("\"name\": \"SubLine\"");
  }

  @Test
  void tellsAllThatIsWrong() {
    assertThat(
            run(
                    "a.xml",
                    "--catalog=c.xml",
                    "--unseen=leaves",
                    "--root=a",
                    "--maxColumns=0",
                    "--output=" + dir.resolve("m.json"))
                .err()
                .lines())
        .containsAtLeast(
            "xml-to-bigquery: --catalog is for schemas: name them with --xsd",
            "xml-to-bigquery: --unseen=leaves is for schemas: name them with --xsd",
            "xml-to-bigquery: --root is for a schema without samples, which have roots of their own",
            "xml-to-bigquery: --maxColumns must be from 1 to 10000, which is BigQuery's limit");

    Ended missing = run("--xsd=" + TRADE + "xsd/maindoc", "--output=" + dir.resolve("m.json"));
    assertThat(missing.status()).isEqualTo(2);
    assertThat(missing.err().lines().toList()).hasSize(2);
    assertThat(missing.err())
        .contains(
            "Order.xsd, line 5, column 56: imports the namespace urn:example:trade:aggregates");
    assertThat(Files.exists(dir.resolve("m.json"))).isFalse();
  }

  private static Ended run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] all = new String[arguments.length + 1];
    all[0] = "propose";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    int status =
        new CommandLine(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false)
            .run(all);
    return new Ended(status, out.toString(UTF_8), err.toString(UTF_8));
  }
}
