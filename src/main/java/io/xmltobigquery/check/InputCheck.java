package io.xmltobigquery.check;

import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.OwnFiles;
import io.xmltobigquery.options.AcceptedInput;
import io.xmltobigquery.options.FileNames;
import io.xmltobigquery.options.InputPattern;
import io.xmltobigquery.options.Problems;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import io.xmltobigquery.outcome.FileLoads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Checks {@code --input} of a backfill, and how it fits the other options. */
final class InputCheck {

  /** A brace that no other wildcard stands before, in the name of a directory. */
  private static final Pattern BRACE_IN_DIRECTORY = Pattern.compile("[^*?\\[{]*\\{.*/.*");

  private final XmlToBigQueryOptions options;
  private final FileStore files;
  private final Problems problems = new Problems();

  private InputCheck(XmlToBigQueryOptions options, FileStore files) {
    this.options = options;
    this.files = files;
  }

  /**
   * All problems of it.
   *
   * @param options with an {@code --input}
   */
  static List<String> problems(XmlToBigQueryOptions options, FileStore files) {
    InputCheck check = new InputCheck(options, files);
    check.check(options.getInput());
    return check.problems.lines();
  }

  private void check(String input) {
    String nameProblem = FileNames.problem(input);
    if (nameProblem != null) {
      problems.add("--input", input + nameProblem);
      return;
    }
    if (InputPattern.isBucket(input)) {
      problems.add("--input", InputPattern.problem(input));
    } else if (FileNames.isIn(input, options.getDeadLetterDir())) {
      problems.add(
          "--input",
          input
              + " is in --deadLetterDir, whose files are never loaded; move what is to be loaded, or name another --deadLetterDir");
    } else if (FileNames.isIn(input, AcceptedInput.moveTarget(options).orElse(null))) {
      problems.add(
          "--input",
          input
              + " is in the directory of --acceptedInput, whose files are never loaded; name another one");
    } else if (!InputPattern.isPattern(input)) {
      checkInputFile(input);
    } else if (!input.contains("://")) {
      checkLocalPattern(input);
    }
  }

  private void checkLocalPattern(String pattern) {
    if (Files.exists(Path.of(pattern))) {
      return;
    }
    if (FileNames.isRelative(pattern) && FileNames.areInPattern()) {
      problems.add(
          "--input",
          "the current directory's name has one of * ? [ {, so that no pattern matches in it; rename it, or name one file");
      return;
    }
    PathMatcher matcher;
    try {
      String full =
          FileNames.isRelative(pattern) ? Path.of("").toAbsolutePath() + "/" + pattern : pattern;
      matcher = java.nio.file.FileSystems.getDefault().getPathMatcher("glob:" + full);
    } catch (PatternSyntaxException e) {
      problems.add("--input", pattern + " isn't a pattern: " + e.getDescription());
      return;
    }
    if (matchesOutput(matcher)) {
      problems.add(
          "--input",
          pattern
              + " also matches what this job writes to --output; name the files' ending, such as *.xml, or another --output");
    }
    if (BRACE_IN_DIRECTORY.matcher(pattern).matches()) {
      problems.add(
          "--input",
          pattern + ": { works in the names of local files but not of directories; use * or ?");
    }
  }

  private boolean matchesOutput(PathMatcher input) {
    String output = options.getOutput();
    return output != null
        && !output.contains("://")
        && input.matches(
            Path.of(output)
                .toAbsolutePath()
                .normalize()
                .resolve(FileLoads.TABLE + OwnFiles.SCHEMA));
  }

  private void checkInputFile(String input) {
    try {
      // Beam would look through the whole directory for a file that isn't there.
      files.find(input);
      if (!input.contains("://") && Files.isDirectory(Path.of(input))) {
        problems.add(
            "--input",
            input
                + " is a directory; name its files, such as '"
                + input.replaceFirst("/*$", "")
                + "/*.xml'");
      }
    } catch (FileGoneException e) {
      problems.add("--input", "there is no file " + input);
    } catch (IOException e) {
      problems.add("--input", input + " can't be read: " + e.getMessage());
    }
  }
}
