package io.xmltobigquery.cli;

import io.xmltobigquery.check.MappingCheck;
import io.xmltobigquery.check.OptionsCheck;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.flow.settle.DeadLetter;
import io.xmltobigquery.flow.write.bigquery.BigQueryOutput;
import io.xmltobigquery.flow.write.bigquery.LoadJobs;
import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.options.DatasetName;
import io.xmltobigquery.options.Directories;
import io.xmltobigquery.options.FileNames;
import io.xmltobigquery.options.InputPattern;
import io.xmltobigquery.options.OptionDuration;
import io.xmltobigquery.options.Problems;
import io.xmltobigquery.options.WriteMode;
import io.xmltobigquery.replay.DirectoryRows;
import io.xmltobigquery.replay.Replay;
import io.xmltobigquery.replay.Replayed;
import io.xmltobigquery.replay.RowsTarget;
import io.xmltobigquery.replay.Selection;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.RejectionReason;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.jspecify.annotations.Nullable;

/** {@code xml-to-bigquery replay}: takes back what is in the dead letter. */
final class ReplayCommand extends Command {

  /** The reason of rows that BigQuery has refused; all others are those of rejections. */
  private static final String REFUSED = "REFUSED";

  ReplayCommand(PrintStream out, PrintStream err, boolean showProgress) {
    super("replay", out, err, showProgress);
  }

  @Override
  void printHelp() {
    Help.printReplay(out);
  }

  @Override
  int run(List<String> patterns, List<String> arguments) throws IOException {
    Arguments<ReplayOptions> parsed = Arguments.parse(arguments, ReplayOptions.class);
    ReplayOptions options = parsed.options();
    FileSystems.setDefaultPipelineOptions(options);
    FileStore files = FileStore.of(options);
    Problems problems = new Problems();
    problems.addAll(parsed.problems());
    if (options.getDeadLetterDir() == null) {
      problems.addMissing("--deadLetterDir", "the directory that loads have");
    } else {
      checkDirectory("--deadLetterDir", options.getDeadLetterDir(), problems);
    }
    Selection selection =
        new Selection(
            reasons(options.getReason(), problems),
            since(options.getSince(), problems),
            pattern(patterns, problems));
    if (!options.getAcceptedInput().matches("keep|delete|move:.+")) {
      problems.add(
          "--acceptedInput", options.getAcceptedInput() + " is none of keep, delete, move:DIR");
    }
    Mapping mapping = MappingCheck.read("--mapping", options.getMapping(), files, problems);
    OptionsCheck.checkMaxRecordBytes(options.getMaxRecordBytes(), problems);
    String output = options.getOutput();
    Optional<DatasetName> dataset = output == null ? Optional.empty() : DatasetName.parse(output);
    if (output != null && dataset.isEmpty()) {
      checkDirectory("--output", output, problems);
    }
    if (output != null && mapping != null) {
      checkUpserts(mapping, problems);
    }
    if (mapping == null || problems.count() > 0) {
      return refuse(problems.lines());
    }
    Replay.Rows rows =
        output == null && !options.getDryRun()
            ? null
            : new Replay.Rows(
                mapping,
                new Limits(options.getMaxRecordBytes()),
                options.getDryRun() ? null : target(output, dataset, mapping, options, files),
                options.getLineage());
    Replay replay =
        new Replay(
            Directories.directory(options.getDeadLetterDir()),
            selection,
            options.getAcceptedInput().equals("keep"),
            rows,
            options.getDryRun());
    Replayed replayed = new Replayed(options.getDryRun());
    showingProgress(
        () -> progress(replayed),
        () -> {
          replay.run(files, replayed);
          return null;
        });
    print(replayed, options.getDryRun());
    if (rows == null) {
      sayIfThereAreRows(replay.deadLetter(), files);
    }
    return replayed.filesStaying() + replayed.recordsStaying() == 0
        ? CommandLine.OK
        : CommandLine.NOT_ALL;
  }

  private static void checkDirectory(String option, String directory, Problems problems) {
    String problem = FileNames.problem(directory);
    if (problem != null) {
      problems.add(option, directory + problem);
    }
  }

  /** A load job would add rows beside those of the same key, and doesn't know of deletions. */
  private static void checkUpserts(Mapping mapping, Problems problems) {
    for (TableMapping table : mapping.tables()) {
      if (!table.primaryKey().isEmpty() || table.deleteWhen() != null) {
        problems.add(
            "--output",
            "the rows of "
                + table.table()
                + " are upserts, by its primaryKey in the mapping, and replay writes none; leave --output out, and load the files of rows and records again");
      }
    }
  }

  private static Set<String> reasons(@Nullable String text, Problems problems) {
    if (text == null) {
      return Set.of();
    }
    Set<String> known = new TreeSet<>(Set.of(REFUSED));
    Arrays.stream(RejectionReason.values()).map(Enum::name).forEach(known::add);
    Set<String> reasons = new LinkedHashSet<>();
    for (String word : text.split(",", -1)) {
      String reason = word.strip().toUpperCase(Locale.ROOT);
      if (!known.contains(reason)) {
        problems.add("--reason", word.strip() + " is none of " + String.join(", ", known));
      }
      reasons.add(reason);
    }
    return reasons;
  }

  private static @Nullable Instant since(@Nullable String text, Problems problems) {
    if (text == null) {
      return null;
    }
    try {
      return Instant.now().minus(OptionDuration.parse(text));
    } catch (IllegalArgumentException e) {
      // It is a time, then.
    }
    try {
      return text.contains("T")
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      problems.add(
          "--since",
          text
              + " is no duration, such as 12h, and no time, such as 2026-11-30 or 2026-11-30T06:00Z");
      return null;
    }
  }

  private static @Nullable InputPattern pattern(List<String> patterns, Problems problems) {
    if (patterns.isEmpty()) {
      return null;
    }
    if (patterns.size() > 1) {
      problems.addAll(List.of("there are " + patterns.size() + " patterns; give one, in quotes"));
    }
    String text = patterns.get(0);
    try {
      return new InputPattern(
          FileNames.isRelative(text) ? Path.of("").toAbsolutePath() + "/" + text : text);
    } catch (PatternSyntaxException e) {
      problems.addAll(List.of(text + " isn't a pattern: " + e.getDescription()));
      return null;
    }
  }

  private static RowsTarget target(
      String output,
      Optional<DatasetName> dataset,
      Mapping mapping,
      ReplayOptions options,
      FileStore files)
      throws IOException {
    if (dataset.isEmpty()) {
      return new DirectoryRows(files, Directories.directory(output));
    }
    BigQueryOutput.of(dataset.get(), mapping, WriteMode.EXACTLY_ONCE, options.getLineage())
        .prepare(options);
    LoadJobs jobs = LoadJobs.into(dataset.get(), options.as(BigQueryOptions.class));
    return new Tables(dataset.get() + " in " + jobs.location(), jobs);
  }

  /** Those of a dataset. */
  private record Tables(String place, LoadJobs jobs) implements RowsTarget {

    @Override
    public @Nullable Refusal load(String name, String table, FileStore.Content rows)
        throws IOException {
      LoadJobs.Failure failure = jobs.load(name, table, rows);
      return failure == null ? null : new Refusal(failure.message(), failure.isOfRows());
    }
  }

  private static String progress(Replayed replayed) {
    long rows = replayed.rows().values().stream().mapToLong(Long::longValue).sum();
    return String.format(Locale.ROOT, "%,d files, %,d rows", replayed.files(), rows);
  }

  private void print(Replayed replayed, boolean dryRun) {
    for (String name : replayed.names()) {
      out.println("would go back      " + JobLog.oneLine(name));
    }
    line(dryRun ? "files that would" : "files gone back", replayed.files());
    new TreeMap<>(replayed.rows()).forEach((table, count) -> line("rows of " + table, count));
    long staying = replayed.filesStaying() + replayed.recordsStaying();
    for (String sentence : replayed.staying()) {
      say("stays: " + JobLog.oneLine(sentence));
    }
    if (staying > replayed.staying().size() && !replayed.staying().isEmpty()) {
      say("the dead letter keeps more of what was asked for");
    }
    if (replayed.filesStaying() > 0) {
      line("files that stay", replayed.filesStaying());
    }
    if (replayed.recordsStaying() > 0) {
      line("rows that stay", replayed.recordsStaying());
    }
  }

  private void line(String what, long count) {
    out.printf(Locale.ROOT, "%-18s %,d%n", what, count);
  }

  private void sayIfThereAreRows(String deadLetter, FileStore files) throws IOException {
    boolean[] found = new boolean[1];
    files.visit(deadLetter + DeadLetter.ROWS, file -> found[0] = true);
    if (found[0]) {
      say("rows/ in the dead letter has rows and records; give --output to load them");
    }
  }
}
