package io.xmltobigquery;

import io.xmltobigquery.audit.FileLoads;
import io.xmltobigquery.discovery.InputPattern;
import io.xmltobigquery.discovery.SubscriptionCheck;
import io.xmltobigquery.load.bigquery.DatasetName;
import io.xmltobigquery.load.bigquery.WriteMode;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.mapping.MappingProblem;
import io.xmltobigquery.storage.FileGoneException;
import io.xmltobigquery.storage.FileStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.jspecify.annotations.Nullable;

/** Checks the options before anything runs. Every problem names its option and says what to do. */
public final class OptionsCheck {

  /** The file systems that a {@code FileStore} can reach. */
  private static final Set<String> SCHEMES = Set.of("file", "gs");

  /** A brace that no other wildcard stands before, in the name of a directory. */
  private static final Pattern BRACE_IN_DIRECTORY = Pattern.compile("[^*?\\[{]*\\{.*/.*");

  private static final long MIN_RECORD_BYTES = 1 << 20;
  private static final long MAX_RECORD_BYTES = 512 << 20;

  private final XmlToBigQueryOptions options;
  private final FileStore files;
  private final List<String> problems = new ArrayList<>();

  private OptionsCheck(XmlToBigQueryOptions options) {
    this.options = options;
    this.files = FileStore.of(options);
  }

  /** All problems of the options; none if the job can be built. */
  public static List<String> problems(XmlToBigQueryOptions options) {
    OptionsCheck check = new OptionsCheck(options);
    FileSystems.setDefaultPipelineOptions(options);
    check.all();
    return List.copyOf(check.problems);
  }

  /** All problems of those options that the schemas of the tables depend on. */
  public static List<String> problemsOfSchemas(XmlToBigQueryOptions options) {
    OptionsCheck check = new OptionsCheck(options);
    FileSystems.setDefaultPipelineOptions(options);
    String output = options.getOutput();
    if (check.isGiven("--output", output, "a directory for the schemas")) {
      if (DatasetName.parse(output).isPresent()) {
        check.problems.add(
            "--output: " + output + " is a dataset; give a directory for the schemas");
      } else {
        check.checkDirectory("--output", output);
      }
    }
    if (options.getMapping() != null) {
      check.checkMapping(options.getMapping());
    }
    return List.copyOf(check.problems);
  }

  private void all() {
    if (XmlToBigQuery.isStreaming(options)) {
      problems.addAll(StreamingOptionsCheck.problems(options));
      problems.addAll(
          SubscriptionCheck.problems(
              options.as(PubsubOptions.class),
              options.getInputSubscription(),
              StreamingOptionsCheck.deduplicationWindow(options)));
    } else if (isGiven(
        "--input",
        options.getInput(),
        "the files to load, such as 'data/*.xml', or --inputSubscription")) {
      checkInput(options.getInput());
      checkNoStreamingOption();
    }
    if (isGiven("--output", options.getOutput(), "a dataset, as PROJECT:DATASET, or a directory")) {
      checkOutput(options.getOutput());
    }
    if (isGiven("--deadLetterDir", options.getDeadLetterDir(), "a directory for rejected files")) {
      checkDirectory("--deadLetterDir", options.getDeadLetterDir());
    }
    if (options.getMapping() != null) {
      checkMapping(options.getMapping());
    }
    checkChoice(
        "--onInvalidRecord", options.getOnInvalidRecord(), List.of("reject-file", "dead-letter"));
    checkChoice("--writeMode", options.getWriteMode(), WriteMode.options());
    checkAcceptedInput();
    checkChoice("--rejectedInput", options.getRejectedInput(), List.of("delete", "keep"));
    checkRange("--chunkSizeMb", options.getChunkSizeMb(), 1, 1024);
    checkRange("--maxRecordBytes", options.getMaxRecordBytes(), MIN_RECORD_BYTES, MAX_RECORD_BYTES);
    if (OnDataflow.is(options)) {
      problems.addAll(OnDataflow.problems(options));
    }
  }

  private void checkNoStreamingOption() {
    if (options.getReconcileInterval() != null) {
      problems.add(
          "--reconcileInterval: a backfill lists --input once; it goes with --inputSubscription");
    }
  }

  private void checkAcceptedInput() {
    Optional<String> target = Directories.moveTarget(options);
    if (target.isEmpty()) {
      checkChoice(
          "--acceptedInput", options.getAcceptedInput(), List.of("keep", "delete", "move:DIR"));
    } else if (target.get().isBlank()) {
      problems.add("--acceptedInput: move: names no directory, such as move:gs://bucket/loaded");
    } else {
      checkDirectory("--acceptedInput", target.get());
    }
  }

  private boolean isGiven(String option, @Nullable String value, String meaning) {
    if (value == null || value.isBlank()) {
      problems.add(option + " is missing: give " + meaning);
      return false;
    }
    return true;
  }

  private void checkInput(String input) {
    if (!isName("--input", input)) {
      return;
    }
    if (InputPattern.isBucket(input)) {
      problems.add(
          "--input: "
              + input
              + " is a bucket; name its objects, such as '"
              + input.replaceFirst("/$", "")
              + "/**.xml'");
    } else if (isIn(input, options.getDeadLetterDir())) {
      problems.add(
          "--input: "
              + input
              + " is in --deadLetterDir, whose files are never loaded; move what is to be loaded, or name another --deadLetterDir");
    } else if (isIn(input, Directories.moveTarget(options).orElse(null))) {
      problems.add(
          "--input: "
              + input
              + " is in the directory of --acceptedInput, whose files are never loaded; name another one");
    } else if (!InputPattern.isPattern(input)) {
      checkInputFile(input);
    } else if (!input.contains("://")) {
      checkLocalPattern(input);
    }
  }

  /** Whether what a pattern matches is in a directory, if that is one. */
  static boolean isIn(String input, @Nullable String directory) {
    if (directory == null || directory.isBlank() || nameProblem(directory) != null) {
      return false;
    }
    String plain = InputPattern.beforeWildcard(input);
    String parent = plain.substring(0, plain.lastIndexOf('/') + 1);
    return Directories.directory(parent.isEmpty() ? "." : parent)
        .startsWith(Directories.directory(directory));
  }

  private void checkLocalPattern(String pattern) {
    if (Files.exists(Path.of(pattern))) {
      return;
    }
    if (isRelative(pattern) && isInPattern()) {
      problems.add(
          "--input: the current directory's name has one of * ? [ {, so that no pattern matches in it; rename it, or name one file");
      return;
    }
    PathMatcher matcher;
    try {
      String full = isRelative(pattern) ? Path.of("").toAbsolutePath() + "/" + pattern : pattern;
      matcher = java.nio.file.FileSystems.getDefault().getPathMatcher("glob:" + full);
    } catch (PatternSyntaxException e) {
      problems.add("--input: " + pattern + " isn't a pattern: " + e.getDescription());
      return;
    }
    if (matchesOutput(matcher)) {
      problems.add(
          "--input: "
              + pattern
              + " also matches what this job writes to --output; name the files' ending, such as *.xml, or another --output");
    }
    if (BRACE_IN_DIRECTORY.matcher(pattern).matches()) {
      problems.add(
          "--input: "
              + pattern
              + ": { works in the names of local files but not of directories; use * or ?");
    }
  }

  private static boolean isRelative(String name) {
    return !name.contains("://") && !Path.of(name).isAbsolute();
  }

  /** Whether relative names become patterns by the directory that they are in. */
  private static boolean isInPattern() {
    return InputPattern.isPattern(Path.of("").toAbsolutePath().toString());
  }

  private boolean matchesOutput(PathMatcher input) {
    String output = options.getOutput();
    return output != null
        && !output.contains("://")
        && input.matches(
            Path.of(output).toAbsolutePath().normalize().resolve(FileLoads.TABLE + ".schema.json"));
  }

  private void checkInputFile(String input) {
    try {
      // Beam would look through the whole directory for a file that isn't there.
      files.find(input);
      if (!input.contains("://") && Files.isDirectory(Path.of(input))) {
        problems.add(
            "--input: "
                + input
                + " is a directory; name its files, such as '"
                + input.replaceFirst("/*$", "")
                + "/*.xml'");
      }
    } catch (FileGoneException e) {
      problems.add("--input: there is no file " + input);
    } catch (IOException e) {
      problems.add("--input: " + input + " can't be read: " + e.getMessage());
    }
  }

  private void checkOutput(String output) {
    if (DatasetName.parse(output).isPresent()) {
      checkBigQuery();
    } else if (output.contains(":") && !output.contains("/")) {
      problems.add(
          "--output: "
              + output
              + " is no dataset, which is PROJECT:DATASET with letters, digits and underscores in DATASET; a directory of that name is ./"
              + output);
    } else if (InputPattern.isPattern(output)) {
      problems.add(
          "--output: " + output + " looks like a pattern; give a directory without * ? [ {");
    } else if (isRelative(output) && isInPattern()) {
      problems.add("--output: the current directory's name has one of * ? [ {; give another one");
    } else {
      checkDirectory("--output", output);
    }
  }

  private void checkBigQuery() {
    BigQueryOptions bigQuery = options.as(BigQueryOptions.class);
    if (WriteMode.EXACTLY_ONCE.option().equals(options.getWriteMode())
        && bigQuery.getUseStorageApiConnectionPool()) {
      problems.add(
          "--useStorageApiConnectionPool: only --writeMode="
              + WriteMode.AT_LEAST_ONCE.option()
              + " can share connections");
    }
    if (bigQuery.getStorageWriteApiTriggeringFrequencySec() != null
        && !XmlToBigQuery.isStreaming(options)) {
      problems.add(
          "--storageWriteApiTriggeringFrequencySec: a backfill doesn't wait for a trigger; leave it out");
    }
  }

  private boolean isName(String option, String name) {
    String problem = nameProblem(name);
    if (problem != null) {
      problems.add(option + ": " + name + problem);
    }
    return problem == null;
  }

  /** What is wrong with the name of a file or directory, or with a pattern's directory. */
  static @Nullable String nameProblem(String name) {
    int scheme = name.indexOf("://");
    if (scheme < 0) {
      return null;
    }
    if (!SCHEMES.contains(name.substring(0, scheme))) {
      return " is on no file system known here; give a local path or gs://";
    }
    String plain = InputPattern.beforeWildcard(name);
    String directory = plain.equals(name) ? name : plain.substring(0, plain.lastIndexOf('/') + 1);
    try {
      FileSystems.matchNewResource(directory, true);
      return null;
    } catch (IllegalArgumentException e) {
      return " isn't a name of that file system: " + e.getMessage();
    }
  }

  private void checkDirectory(String option, String name) {
    if (!isName(option, name) || name.contains("://")) {
      return;
    }
    Path existing = Path.of(name).toAbsolutePath();
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      problems.add(option + ": " + existing + " is a file; give a directory");
    } else if (!Files.isWritable(existing)) {
      problems.add(option + ": no permission to write to " + existing);
    }
  }

  private void checkMapping(String mapping) {
    if (!isName("--mapping", mapping)) {
      return;
    }
    try {
      MappingFile.read(files, mapping);
    } catch (MappingException e) {
      for (MappingProblem problem : e.problems()) {
        problems.add("--mapping: " + mapping + ": " + problem);
      }
    } catch (FileGoneException e) {
      problems.add("--mapping: there is no file " + mapping);
    } catch (IOException e) {
      problems.add("--mapping: " + mapping + " can't be read: " + e.getMessage());
    }
  }

  private void checkChoice(String option, String value, List<String> choices) {
    if (!choices.contains(value)) {
      problems.add(
          option + ": " + value + " isn't possible; choose " + String.join(" or ", choices));
    }
  }

  private void checkRange(String option, Number value, long least, long most) {
    if (value.longValue() < least || value.longValue() > most) {
      problems.add(
          option + ": " + value + " is out of range; choose from " + least + " to " + most);
    }
  }
}
