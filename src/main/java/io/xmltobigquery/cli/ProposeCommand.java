package io.xmltobigquery.cli;

import io.xmltobigquery.explore.Exploration;
import io.xmltobigquery.explore.Explorer;
import io.xmltobigquery.explore.NamedFiles;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.propose.Forecast;
import io.xmltobigquery.propose.Proposal;
import io.xmltobigquery.propose.Proposal.NoProposalException;
import io.xmltobigquery.propose.ProposalReport;
import io.xmltobigquery.propose.SampleCheck;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.jspecify.annotations.Nullable;

/**
 * {@code xml-to-bigquery propose FILE... --output=MAPPING}: writes a mapping that takes the files.
 */
final class ProposeCommand extends Command {

  ProposeCommand(PrintStream out, PrintStream err, boolean showProgress) {
    super("propose", out, err, showProgress);
  }

  @Override
  void printHelp() {
    Help.printPropose(out);
  }

  @Override
  int run(List<String> words, List<String> arguments) throws IOException {
    Arguments<ProposeOptions> parsed = Arguments.parse(arguments, ProposeOptions.class);
    ProposeOptions options = parsed.options();
    FileStore store = FileStore.of(options);
    List<String> problems = new ArrayList<>(parsed.problems());
    if (words.isEmpty()) {
      problems.add("the samples are missing: give names or patterns, such as 'samples/*.xml'");
    }
    String problem = outputProblem(options.getOutput(), store);
    if (problem != null) {
      problems.add(problem);
    }
    NamedFiles found = NamedFiles.find(words, store, () -> options.as(GcsOptions.class));
    problems.addAll(problems(found));
    if (!problems.isEmpty()) {
      return refuse(problems);
    }
    try {
      propose(found.files(), options, store);
      return CommandLine.OK;
    } catch (NoProposalException e) {
      say(e.getMessage());
      return CommandLine.FAILED;
    }
  }

  private static @Nullable String outputProblem(@Nullable String output, FileStore store)
      throws IOException {
    if (output == null) {
      return "--output is missing: give the mapping file to write, such as my-mapping.json";
    }
    String problem = fileProblem(output, "my-mapping.json");
    if (problem != null) {
      return "--output: " + problem;
    }
    return store.exists(output)
        ? "--output: " + output + " is there already; delete it, or name another file"
        : null;
  }

  private static String reportName(ProposeOptions options) {
    return options.getOutput().replaceFirst("(\\.json)?$", ".report.json");
  }

  /** What was made of the samples. */
  private record Proposed(
      Exploration exploration, Proposal proposal, SampleCheck check, Optional<Forecast> forecast) {}

  private void propose(List<FileVersion> files, ProposeOptions options, FileStore store)
      throws IOException, NoProposalException {
    Proposed made = showingProgress(() -> make(files, options, store));
    Proposal proposal = made.proposal();
    SampleCheck check = made.check();
    ProposalReport.print(out, proposal);
    store.write(options.getOutput(), file -> file.write(ProposalReport.mapping(proposal)));
    store.replace(reportName(options), file -> ProposalReport.write(file, proposal, check));
    Exploration exploration = made.exploration();
    sayFiles("left out", exploration.leftOut(), exploration.leftOutFiles());
    sayFiles("would be rejected:", check.rejected(), check.rejected().size());
    out.println(
        "files that would be accepted  "
            + check.accepted()
            + " of "
            + (check.accepted() + check.rejected().size())
            + ", with "
            + check.rows()
            + " rows");
    made.forecast()
        .ifPresent(
            found ->
                out.println(
                    "made from half of them, it would accept  "
                        + found.accepted()
                        + " of "
                        + found.files()
                        + " others"));
  }

  private static Proposed make(List<FileVersion> files, ProposeOptions options, FileStore store)
      throws IOException, NoProposalException {
    List<String> records = Objects.requireNonNullElse(options.getRecord(), List.of());
    boolean onlyStrings = options.getTypes() == ProposeOptions.Types.STRING;
    Exploration exploration = Explorer.explore(files, store);
    Proposal proposal = Proposal.of(exploration.profile(), records, onlyStrings);
    List<FileVersion> good = good(files, exploration);
    SampleCheck check = SampleCheck.of(proposal.read(), good, store);
    return new Proposed(
        exploration, proposal, check, Forecast.of(good, records, onlyStrings, store));
  }

  private static List<FileVersion> good(List<FileVersion> files, Exploration exploration) {
    Set<String> leftOut = new HashSet<>();
    exploration.leftOut().forEach(file -> leftOut.add(file.file()));
    return files.stream().filter(file -> !leftOut.contains(file.uri())).toList();
  }
}
