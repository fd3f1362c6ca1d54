package io.xmltobigquery.cli;

import io.xmltobigquery.explore.Exploration;
import io.xmltobigquery.explore.Explorer;
import io.xmltobigquery.explore.HtmlPage;
import io.xmltobigquery.explore.LeftOut;
import io.xmltobigquery.explore.NamedFiles;
import io.xmltobigquery.explore.ProfileJson;
import io.xmltobigquery.explore.TreeText;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.ObjectName;
import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.options.FileNames;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/** {@code xml-to-bigquery explore FILE...}: shows what is in XML files, and loads nothing. */
final class ExploreCommand {

  /** The argument that chooses it. */
  static final String NAME = "explore";

  private final PrintStream out;
  private final PrintStream err;
  private final boolean showProgress;

  ExploreCommand(PrintStream out, PrintStream err, boolean showProgress) {
    this.out = out;
    this.err = err;
    this.showProgress = showProgress;
  }

  /**
   * Runs it.
   *
   * @param arguments those after its name
   * @return the exit status
   */
  int run(List<String> arguments) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      Help.printExplore(out);
      return CommandLine.OK;
    }
    List<String> names = arguments.stream().filter(word -> !word.startsWith("-")).toList();
    Choices choices = Choices.of(arguments.stream().filter(word -> word.startsWith("-")).toList());
    List<String> problems = new ArrayList<>(choices.problems());
    if (names.isEmpty()) {
      problems.add("the files are missing: give names or patterns, such as 'data/*.xml'");
    }
    if (choices.html() != null && pageProblem(choices.html()) != null) {
      problems.add("--html: " + choices.html() + pageProblem(choices.html()));
    }
    try {
      return run(names, choices, problems);
    } catch (IOException | RuntimeException e) {
      // The border of the program: a bug is shown to the user, too.
      err.println(
          "xml-to-bigquery: failed: " + (e instanceof IOException ? e.getMessage() : e.toString()));
      if (choices.debug()) {
        e.printStackTrace(err);
      } else {
        err.println("Add --debug for the stack trace.");
      }
      return CommandLine.FAILED;
    }
  }

  private static @Nullable String pageProblem(String name) {
    if (!ObjectName.is(name)) {
      return Files.isDirectory(Path.of(name))
          ? " is a directory; name a file in it"
          : FileNames.problem(name);
    }
    ObjectName object = ObjectName.of(name);
    return object.bucket().isEmpty() || object.object().isEmpty()
        ? " is no object of Cloud Storage; give a name such as gs://bucket/page.html"
        : null;
  }

  private int run(List<String> names, Choices choices, List<String> problems) throws IOException {
    FileStore store = FileStore.of(choices.options());
    NamedFiles found =
        NamedFiles.find(names, store, () -> choices.options().get().as(GcsOptions.class));
    problems.addAll(found.problems());
    if (!problems.isEmpty()) {
      problems.forEach(problem -> err.println("xml-to-bigquery: " + problem));
      err.println("Try explore --help for all options.");
      return CommandLine.WRONG_USAGE;
    }
    for (String pattern : found.unmatched()) {
      err.println("xml-to-bigquery: warning: no file matches " + pattern);
    }
    Exploration exploration = explore(found, store);
    if (choices.json()) {
      ProfileJson.write(out, exploration);
    } else {
      TreeText.print(out, exploration);
    }
    tellLeftOut(exploration);
    if (choices.html() != null) {
      store.replace(choices.html(), page -> HtmlPage.write(page, exploration));
      err.println("xml-to-bigquery: wrote " + choices.html());
    }
    return CommandLine.OK;
  }

  private Exploration explore(NamedFiles found, FileStore store) throws IOException {
    @Nullable ProgressLine progress = showProgress ? ProgressLine.on(err) : null;
    try {
      return Explorer.explore(found.files(), store);
    } finally {
      if (progress != null) {
        progress.close();
      }
    }
  }

  private void tellLeftOut(Exploration exploration) {
    for (LeftOut file : exploration.leftOut()) {
      err.println("xml-to-bigquery: left out " + JobLog.oneLine(file.sentence()));
    }
    long more = exploration.leftOutFiles() - exploration.leftOut().size();
    if (more > 0) {
      err.println("xml-to-bigquery: left out " + more + " more files");
    }
  }

  /**
   * What was asked for.
   *
   * @param html or null
   * @param options for Cloud Storage
   */
  private record Choices(
      boolean json,
      @Nullable String html,
      boolean debug,
      List<String> problems,
      Supplier<? extends PipelineOptions> options) {

    private static final String HTML = "--html=";

    /**
     * Beam isn't asked for its options unless one of them may be given: that takes longer than to
     * explore a small file.
     */
    static Choices of(List<String> arguments) {
      boolean json = arguments.contains("--json");
      boolean debug = arguments.contains("--debug");
      List<String> pages = arguments.stream().filter(word -> word.startsWith(HTML)).toList();
      if (pages.size() <= 1
          && arguments.size() == (json ? 1 : 0) + (debug ? 1 : 0) + pages.size()
          && !pages.contains(HTML)) {
        return new Choices(
            json,
            pages.isEmpty() ? null : pages.get(0).substring(HTML.length()),
            debug,
            List.of(),
            PipelineOptionsFactory::create);
      }
      Arguments<ExploreOptions> parsed = Arguments.parse(arguments, ExploreOptions.class);
      ExploreOptions options = parsed.options();
      return new Choices(
          options.getJson(),
          options.getHtml(),
          options.getDebug(),
          parsed.problems(),
          () -> options);
    }
  }
}
