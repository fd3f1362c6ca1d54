package io.xmltobigquery.cli;

import io.xmltobigquery.mapping.MappingSchema;
import io.xmltobigquery.options.Choices;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** The text of {@code --help}, made from the options themselves. */
final class Help {

  /** What follows {@code --help} to ask for a mapping's schema. */
  static final String MAPPING = "mapping";

  private static final String USAGE =
      """
      Loads XML files of any size into BigQuery, in constant memory. A file is loaded as a whole or, if
      anything in it is bad, not at all: it then goes to the dead letter, with the reason.

      Usage: xml-to-bigquery --input=PATTERN --output=PROJECT:DATASET --deadLetterDir=DIR [OPTION...]
             xml-to-bigquery notify gs://BUCKET/PATTERN --topic=TOPIC: see notify --help
             xml-to-bigquery schema --output=DIR: see schema --help
             xml-to-bigquery explore FILE...: see explore --help
             xml-to-bigquery propose FILE... --output=MAPPING: see propose --help
             xml-to-bigquery check FILE... --mapping=MAPPING: see check --help
             xml-to-bigquery replay --deadLetterDir=DIR: see replay --help
      """;

  private static final String REST =
      """
        --help
              Show this text.
        --help mapping
              Show the JSON Schema of mapping files, by which editors complete and check them.
        --version
              Show the version.

      All options of Apache Beam and of the runner are taken as well, under their own names, such as
      --tempLocation and --runner. Without --runner the job runs here, on an embedded Flink cluster.
      JAVA_OPTS holds options for Java; the heap is 256 MB unless it says otherwise (-Xmx1g).
      Exit status: 0 done, 1 the job failed, 2 wrong options.
      """;

  private static final String NOTIFY_USAGE =
      """
      Publishes a notification for each object that matches now, as Cloud Storage does for a new one: a
      running job then loads what was there before it, or what it wasn't told of. What it has loaded
      already it doesn't load again, for as long as its --deduplicationWindow.

      Usage: xml-to-bigquery notify gs://BUCKET/PATTERN --topic=TOPIC [OPTION...]
      """;

  private static final String NOTIFY_REST =
      """
        --help
              Show this text.

      The options of Apache Beam for Google Cloud are taken as well, under their own names, such as
      --project, --gcsEndpoint and --pubsubRootUrl.
      Exit status: 0 done, 1 it failed, 2 wrong options.
      """;

  private static final String SCHEMA =
      """
      Writes the BigQuery schema of each table of a mapping, and of file_loads, to DIR/TABLE.schema.json,
      as bq and Terraform take it, and what the mapping says of partitioning, clustering and the table's
      description to DIR/TABLE.table.json. Loads nothing.

      Usage: xml-to-bigquery schema --output=DIR [--mapping=FILE] [--lineage]
        --output (required)
              Directory, local or gs://.
        --mapping
              Mapping file. Without it: customers and orders.
        --lineage
              With the column _file.
      Exit status: 0 done, 1 it failed, 2 wrong options.
      """;

  private static final String EXPLORE_USAGE =
      """
      Shows what is in XML files: all paths of elements and attributes, how often they come, what type
      their values have, examples, namespaces, and which elements may be a table's records. It reads files
      of any size in constant memory, needs no mapping, and loads nothing. A bad file is named and left out.

      Usage: xml-to-bigquery explore FILE... [OPTION...]
        FILE
              Name or pattern, local or on gs://, also of compressed files; a pattern needs quotes.
              --input=FILE is the same.
      """;

  private static final String EXPLORE_REST =
      """
        --help
              Show this text.

      The options of Apache Beam for Google Cloud are taken as well, under their own names, such as
      --project and --gcsEndpoint.
      Exit status: 0 done, whatever was left out; 1 it failed; 2 wrong options.
      """;

  private static final String PROPOSE_USAGE =
      """
      Writes a mapping that takes the sample files, so that nobody has to: each record element a table, what
      has attributes or children a RECORD, what repeats REPEATED, and a type that all values fit. It tells
      what to look at (?) and what isn't kept (!), and checks the mapping against the samples. Loads nothing.

      Usage: xml-to-bigquery propose FILE... --output=MAPPING [OPTION...]
             xml-to-bigquery propose --xsd=SCHEMA [FILE...] --output=MAPPING [OPTION...]
        FILE
              Name or pattern, local or on gs://, also of compressed files; a pattern needs quotes.
              --input=FILE is the same.
      """;

  private static final String PROPOSE_REST =
      """
        --help
              Show this text.

      The options of Apache Beam for Google Cloud are taken as well, under their own names, such as
      --project and --gcsEndpoint.
      Exit status: 0 done; 1 it failed, or nothing can be proposed; 2 wrong options.
      """;

  private static final String CHECK_USAGE =
      """
      Shows what a load would make of files: rows of each table; of each column how many rows have it, and
      examples as BigQuery would get them; and what would be rejected, why and where. It reads as a load does,
      goes on behind a record that is wrong, and loads nothing.

      Usage: xml-to-bigquery check FILE... [--mapping=MAPPING] [OPTION...]
        FILE
              Name or pattern, local or on gs://, also of compressed files; a pattern needs quotes.
              --input=FILE is the same.
      """;

  private static final String CHECK_REST =
      """
        --help
              Show this text.

      The options of Apache Beam for Google Cloud are taken as well, under their own names, such as
      --project and --gcsEndpoint.
      Exit status: 0 all would be loaded; 3 something wouldn't; 1 it failed; 2 wrong options.
      """;

  private static final String REPLAY_USAGE =
      """
      Takes back what is in a dead letter, after a mapping or a table was mended. Rejected files go back to
      their places, where loads find them; never over another file. Refused rows, and invalid records that
      are rows by the mapping of now, are loaded. Nothing is taken back twice, also if this is killed and
      repeated; DIR/replayed tells what was taken back, and when. Let one replay work at a time.

      Usage: xml-to-bigquery replay [PATTERN] --deadLetterDir=DIR [--output=OUTPUT --mapping=MAPPING] [OPTION...]
        PATTERN
              Only what is of files whose full names match, local or gs://; quote it.
      """;

  private static final String REPLAY_REST =
      """
        --help
              Show this text.

      The options of Apache Beam for Google Cloud are taken as well, under their own names, such as
      --project, --gcsEndpoint and --bigQueryEndpoint.
      Exit status: 0 all that was asked for went back; 3 some of it stays, and why was said; 1 it failed,
      and may be repeated; 2 wrong options.
      """;

  private Help() {}

  static void print(PrintStream out) {
    print(out, USAGE, XmlToBigQueryOptions.class, REST);
  }

  static void printNotify(PrintStream out) {
    print(out, NOTIFY_USAGE, NotifyOptions.class, NOTIFY_REST);
  }

  static void printExplore(PrintStream out) {
    print(out, EXPLORE_USAGE, ExploreOptions.class, EXPLORE_REST);
  }

  static void printPropose(PrintStream out) {
    print(out, PROPOSE_USAGE, ProposeOptions.class, PROPOSE_REST);
  }

  static void printCheck(PrintStream out) {
    print(out, CHECK_USAGE, CheckOptions.class, CHECK_REST);
  }

  static void printReplay(PrintStream out) {
    print(out, REPLAY_USAGE, ReplayOptions.class, REPLAY_REST);
  }

  static void printSchema(PrintStream out) {
    out.print(SCHEMA);
  }

  static void printMapping(PrintStream out) {
    out.print(MappingSchema.json());
  }

  private static void print(
      PrintStream out, String usage, Class<? extends PipelineOptions> kind, String rest) {
    out.println(usage);
    out.println("Options:");
    for (Method getter : options(kind)) {
      out.println("  --" + name(getter) + (isRequired(getter) ? " (required)" : ""));
      out.println(
          "        " + getter.getAnnotation(Description.class).value() + defaultValue(getter));
    }
    out.print(rest);
  }

  /** The options' getters, those that are required first, each group by name. */
  private static List<Method> options(Class<? extends PipelineOptions> kind) {
    return Arrays.stream(kind.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Description.class))
        .sorted(
            Comparator.comparing((Method getter) -> !isRequired(getter)).thenComparing(Help::name))
        .toList();
  }

  private static boolean isRequired(Method getter) {
    return getter.isAnnotationPresent(Validation.Required.class);
  }

  private static String name(Method getter) {
    String property = getter.getName().substring("get".length());
    return Character.toLowerCase(property.charAt(0)) + property.substring(1);
  }

  private static String defaultValue(Method getter) {
    Object value = null;
    if (getter.isAnnotationPresent(Default.String.class)) {
      value = getter.getAnnotation(Default.String.class).value();
    } else if (getter.isAnnotationPresent(Default.Integer.class)) {
      value = getter.getAnnotation(Default.Integer.class).value();
    } else if (getter.isAnnotationPresent(Default.Long.class)) {
      value = getter.getAnnotation(Default.Long.class).value();
    } else if (getter.isAnnotationPresent(Default.Boolean.class)) {
      value = getter.getAnnotation(Default.Boolean.class).value();
    } else if (getter.isAnnotationPresent(Default.Enum.class)) {
      String name = getter.getAnnotation(Default.Enum.class).value();
      value =
          Arrays.stream(getter.getReturnType().getEnumConstants())
              .filter(constant -> ((Enum<?>) constant).name().equals(name))
              .map(Choices::text)
              .findFirst()
              .orElseThrow();
    }
    return value == null ? "" : " Default: " + value + ".";
  }
}
