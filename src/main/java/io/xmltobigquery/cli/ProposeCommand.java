package io.xmltobigquery.cli;

import io.xmltobigquery.explore.Exploration;
import io.xmltobigquery.explore.Explorer;
import io.xmltobigquery.explore.LeftOut;
import io.xmltobigquery.explore.NamedFiles;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.ObjectName;
import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.options.FileNames;
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
final class ProposeCommand {

  /** The argument that chooses it. */
  static final String NAME = "propose";

  private final PrintStream out;
  private final PrintStream err;
  private final boolean showProgress;

  ProposeCommand(PrintStream out, PrintStream err, boolean showProgress) {
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
      Help.printPropose(out);
      return CommandLine.OK;
    }
    List<String> names = arguments.stream().filter(word -> !word.startsWith("-")).toList();
    Arguments<ProposeOptions> parsed =
        Arguments.parse(
            arguments.stream().filter(word -> word.startsWith("-")).toList(), ProposeOptions.class);
    ProposeOptions options = parsed.options();
    FileStore store = FileStore.of(options);
    try {
      List<String> problems = new ArrayList<>(parsed.problems());
      if (names.isEmpty()) {
        problems.add("the samples are missing: give names or patterns, such as 'samples/*.xml'");
      }
      String problem = outputProblem(options.getOutput(), store);
      if (problem != null) {
        problems.add(problem);
      }
      NamedFiles found = NamedFiles.find(names, store, () -> options.as(GcsOptions.class));
      problems.addAll(found.problems());
      found.unmatched().forEach(pattern -> problems.add("no file matches " + pattern));
      if (!problems.isEmpty()) {
        problems.forEach(line -> err.println("xml-to-bigquery: " + line));
        err.println("Try propose --help for all options.");
        return CommandLine.WRONG_USAGE;
      }
      return propose(found.files(), options, store);
    } catch (NoProposalException e) {
      err.println("xml-to-bigquery: " + e.getMessage());
      return CommandLine.FAILED;
    } catch (IOException | RuntimeException e) {
      // The border of the program: a bug is shown to the user, too.
      err.println(
          "xml-to-bigquery: failed: " + (e instanceof IOException ? e.getMessage() : e.toString()));
      if (options.getDebug()) {
        e.printStackTrace(err);
      } else {
        err.println("Add --debug for the stack trace.");
      }
      return CommandLine.FAILED;
    }
  }

  private static @Nullable String outputProblem(@Nullable String output, FileStore store)
      throws IOException {
    if (output == null) {
      return "--output is missing: give the mapping file to write, such as my-mapping.json";
    }
    if (ObjectName.is(output) && ObjectName.of(output).object().isEmpty()) {
      return "--output: " + output + " is a bucket; give a name such as gs://bucket/mapping.json";
    }
    String problem = ObjectName.is(output) ? null : FileNames.problem(output);
    if (problem != null) {
      return "--output: " + output + problem;
    }
    return store.exists(output)
        ? "--output: " + output + " is there already; delete it, or name another file"
        : null;
  }

  private int propose(List<FileVersion> files, ProposeOptions options, FileStore store)
      throws IOException, NoProposalException {
    @Nullable ProgressLine progress = showProgress ? ProgressLine.on(err) : null;
    Exploration exploration;
    Proposal proposal;
    SampleCheck check;
    Optional<Forecast> forecast;
    List<String> records = Objects.requireNonNullElse(options.getRecord(), List.of());
    boolean onlyStrings = options.getTypes() == ProposeOptions.Types.STRING;
    try {
      exploration = Explorer.explore(files, store);
      proposal = Proposal.of(exploration.profile(), records, onlyStrings);
      List<FileVersion> good = good(files, exploration);
      check = SampleCheck.of(proposal.read(), good, store);
      forecast = Forecast.of(good, records, onlyStrings, store);
    } finally {
      if (progress != null) {
        progress.close();
      }
    }
    ProposalReport.print(out, proposal);
    store.write(options.getOutput(), file -> file.write(ProposalReport.mapping(proposal)));
    store.replace(
        options.getOutput().replaceFirst("(\\.json)?$", ".report.json"),
        file -> ProposalReport.write(file, proposal, check));
    exploration.leftOut().forEach(file -> tell("left out ", file));
    check.rejected().forEach(file -> tell("would be rejected: ", file));
    out.println(
        "files that would be accepted  "
            + check.accepted()
            + " of "
            + (check.accepted() + check.rejected().size())
            + ", with "
            + check.rows()
            + " rows");
    forecast.ifPresent(
        found ->
            out.println(
                "made from half of them, it would accept  "
                    + found.accepted()
                    + " of "
                    + found.files()
                    + " others"));
    return CommandLine.OK;
  }

  private static List<FileVersion> good(List<FileVersion> files, Exploration exploration) {
    Set<String> leftOut = new HashSet<>();
    exploration.leftOut().forEach(file -> leftOut.add(file.file()));
    return files.stream().filter(file -> !leftOut.contains(file.uri())).toList();
  }

  private void tell(String what, LeftOut file) {
    err.println("xml-to-bigquery: " + what + JobLog.oneLine(file.sentence()));
  }
}
