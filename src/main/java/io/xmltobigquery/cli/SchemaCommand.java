package io.xmltobigquery.cli;

import io.xmltobigquery.check.OptionsCheck;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** {@code xml-to-bigquery schema}: writes the tables' BigQuery schemas and loads nothing. */
final class SchemaCommand extends Command {

  SchemaCommand(PrintStream out, PrintStream err) {
    super("schema", out, err, false);
  }

  @Override
  void printHelp() {
    Help.printSchema(out);
  }

  @Override
  int run(List<String> words, List<String> arguments) throws IOException {
    Arguments<XmlToBigQueryOptions> parsed =
        Arguments.parse(
            Stream.concat(words.stream(), arguments.stream()).toList(), XmlToBigQueryOptions.class);
    List<String> problems = new ArrayList<>(parsed.problems());
    OptionsCheck.Result checked = OptionsCheck.ofSchemas(parsed.options());
    problems.addAll(checked.problems());
    if (!problems.isEmpty()) {
      return refuse(problems);
    }
    Set<String> tables = Schemas.write(parsed.options(), checked.mapping());
    out.println("schemas written  " + String.join(", ", tables));
    return CommandLine.OK;
  }
}
