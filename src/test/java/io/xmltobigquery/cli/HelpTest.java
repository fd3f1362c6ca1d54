package io.xmltobigquery.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.mapping.MappingSchema;
import io.xmltobigquery.options.Choices;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.Validation;
import org.junit.jupiter.api.Test;

final class HelpTest {

  private final String help = help();

  @Test
  void showsEveryOptionWithItsTextAndDefault() throws ReflectiveOperationException {
    XmlToBigQueryOptions defaults = PipelineOptionsFactory.as(XmlToBigQueryOptions.class);
    int options = 0;
    for (Method getter : XmlToBigQueryOptions.class.getDeclaredMethods()) {
      if (!getter.getName().startsWith("get")) {
        continue;
      }
      options++;
      String name =
          getter.getName().substring(3, 4).toLowerCase(Locale.ROOT) + getter.getName().substring(4);
      boolean required = getter.isAnnotationPresent(Validation.Required.class);
      String text = getter.getAnnotation(Description.class).value();
      Object value = getter.invoke(defaults);
      assertWithMessage(name)
          .that(help)
          .contains(
              "  --%s%s\n        %s%s\n"
                  .formatted(
                      name,
                      required ? " (required)" : "",
                      text,
                      value == null
                          ? ""
                          : " Default: "
                              + (value instanceof Enum ? Choices.text(value) : value)
                              + "."));
    }
    assertThat(options).isAtLeast(9);
    assertThat(help).contains("--help");
    assertThat(help).contains("--version");
  }

  @Test
  void requiredOptionsComeFirst() {
    List<String> options = new ArrayList<>();
    help.lines().filter(line -> line.startsWith("  --")).forEach(options::add);

    assertThat(options.subList(0, 2))
        .containsExactly("  --deadLetterDir (required)", "  --output (required)");
    assertThat(options.subList(2, options.size()).toString()).doesNotContain("required");
  }

  @Test
  void printsTheSchemaOfMappings() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    int status =
        new CommandLine(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false)
            .run("--help", "mapping");

    assertThat(status).isEqualTo(0);
    assertThat(out.toString(UTF_8)).isEqualTo(MappingSchema.json());
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  private static String help() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Help.print(new PrintStream(bytes, true, UTF_8));
    return bytes.toString(UTF_8);
  }
}
