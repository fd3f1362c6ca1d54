package io.xmltobigquery.cli;

import io.xmltobigquery.check.OptionsCheck;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code xml-to-bigquery schema}: writes the tables' BigQuery schemas and loads nothing. */
final class SchemaCommand {

  /** The argument that chooses it. */
  static final String NAME = "schema";

  private final PrintStream out;
  private final PrintStream err;

  SchemaCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Runs it.
   *
   * @param arguments those after its name
   * @return the exit status
   */
  int run(List<String> arguments) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      Help.printSchema(out);
      return CommandLine.OK;
    }
    Arguments<XmlToBigQueryOptions> parsed = Arguments.parse(arguments, XmlToBigQueryOptions.class);
    List<String> problems = new ArrayList<>(parsed.problems());
    OptionsCheck.Result checked = OptionsCheck.ofSchemas(parsed.options());
    problems.addAll(checked.problems());
    if (!problems.isEmpty()) {
      problems.forEach(problem -> err.println("xml-to-bigquery: " + problem));
      err.println("Try schema --help for all options.");
      return CommandLine.WRONG_USAGE;
    }
    try {
      Set<String> tables = Schemas.write(parsed.options(), checked.mapping());
      out.println("schemas written  " + String.join(", ", tables));
      return CommandLine.OK;
    } catch (IOException | RuntimeException e) {
      // The border of the program: a bug is shown to the user, too.
      err.println(
          "xml-to-bigquery: failed: "
              + (e instanceof RuntimeException ? e.toString() : e.getMessage()));
      return CommandLine.FAILED;
    }
  }
}
