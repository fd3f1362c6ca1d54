package io.xmltobigquery.cli;

import io.xmltobigquery.explore.Exploration;
import io.xmltobigquery.explore.Explorer;
import io.xmltobigquery.explore.HtmlPage;
import io.xmltobigquery.explore.NamedFiles;
import io.xmltobigquery.explore.ProfileJson;
import io.xmltobigquery.explore.TreeText;
import io.xmltobigquery.files.FileStore;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/** {@code xml-to-bigquery explore FILE...}: shows what is in XML files, and loads nothing. */
final class ExploreCommand extends Command {

  ExploreCommand(PrintStream out, PrintStream err, boolean showProgress) {
    super("explore", out, err, showProgress);
  }

  @Override
  boolean takesFiles() {
    return true;
  }

  @Override
  void printHelp() {
    Help.printExplore(out);
  }

  @Override
  int run(List<String> words, List<String> options) throws IOException {
    Choices choices = Choices.of(options);
    List<String> problems = new ArrayList<>(choices.problems());
    if (words.isEmpty()) {
      problems.add("the files are missing: give names or patterns, such as 'data/*.xml'");
    }
    String pageProblem = choices.html() == null ? null : fileProblem(choices.html(), "page.html");
    if (pageProblem != null) {
      problems.add("--html: " + pageProblem);
    }
    FileStore store = FileStore.of(choices.options());
    NamedFiles found =
        NamedFiles.find(words, store, () -> choices.options().get().as(GcsOptions.class));
    problems.addAll(found.problems());
    if (!problems.isEmpty()) {
      return refuse(problems);
    }
    found.unmatched().forEach(pattern -> say("warning: no file matches " + pattern));
    Exploration exploration = showingProgress(() -> Explorer.explore(found.files(), store));
    if (choices.json()) {
      ProfileJson.write(out, exploration);
    } else {
      TreeText.print(out, exploration);
    }
    sayFiles("left out", exploration.leftOut(), exploration.leftOutFiles());
    if (choices.html() != null) {
      store.replace(choices.html(), page -> HtmlPage.write(page, exploration));
      say("wrote " + choices.html());
    }
    return CommandLine.OK;
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
            List.of(),
            PipelineOptionsFactory::create);
      }
      Arguments<ExploreOptions> parsed = Arguments.parse(arguments, ExploreOptions.class);
      ExploreOptions options = parsed.options();
      return new Choices(options.getJson(), options.getHtml(), parsed.problems(), () -> options);
    }
  }
}
