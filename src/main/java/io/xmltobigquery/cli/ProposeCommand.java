package io.xmltobigquery.cli;

import io.xmltobigquery.check.MappingCheck;
import io.xmltobigquery.explore.Exploration;
import io.xmltobigquery.explore.Explorer;
import io.xmltobigquery.explore.HtmlPage;
import io.xmltobigquery.explore.NamedFiles;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.settle.KeepRejectedFiles;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.options.MappingFile;
import io.xmltobigquery.options.Problems;
import io.xmltobigquery.propose.Additions;
import io.xmltobigquery.propose.Forecast;
import io.xmltobigquery.propose.Proposal;
import io.xmltobigquery.propose.Proposal.NoProposalException;
import io.xmltobigquery.propose.ProposalReport;
import io.xmltobigquery.propose.SampleCheck;
import io.xmltobigquery.propose.TablesPicture;
import io.xmltobigquery.trial.TrialText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
    String pageProblem =
        options.getHtml() == null ? null : fileProblem(options.getHtml(), "page.html");
    if (pageProblem != null) {
      problems.add("--html: " + pageProblem);
    }
    NamedFiles found = NamedFiles.find(words, store, () -> options.as(GcsOptions.class));
    problems.addAll(problems(found));
    Optional<OldMapping> old = oldMapping(options, store, problems);
    if (!problems.isEmpty()) {
      return refuse(problems);
    }
    List<FileVersion> files = withoutReports(found.files());
    try {
      if (old.isPresent()) {
        extend(old.get(), files, options, store);
      } else {
        propose(files, options, store);
      }
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

  /** In a dead letter, beside each file lies the report that says why it was rejected. */
  private static List<FileVersion> withoutReports(List<FileVersion> files) {
    Set<String> names = files.stream().map(FileVersion::uri).collect(Collectors.toSet());
    return files.stream()
        .filter(
            file ->
                !file.uri().endsWith(KeepRejectedFiles.REPORT_SUFFIX)
                    || !names.contains(
                        file.uri()
                            .substring(
                                0, file.uri().length() - KeepRejectedFiles.REPORT_SUFFIX.length())))
        .toList();
  }

  /** A mapping as somebody wrote it, and as it is read. */
  private record OldMapping(String text, Mapping mapping) {}

  private static Optional<OldMapping> oldMapping(
      ProposeOptions options, FileStore store, List<String> problems) throws IOException {
    String name = options.getMapping();
    if (name == null) {
      return Optional.empty();
    }
    if (options.getRecord() != null) {
      problems.add("--record: with --mapping, the mapping says what the records are; leave it out");
    }
    if (options.getTables() == ProposeOptions.Tables.KEYS) {
      problems.add("--tables: with --mapping, the mapping says what the tables are; leave it out");
    }
    Problems found = new Problems();
    Mapping mapping = MappingCheck.read("--mapping", name, store, found);
    problems.addAll(found.lines());
    return mapping == null
        ? Optional.empty()
        : Optional.of(new OldMapping(MappingFile.text(store, name), mapping));
  }

  private void extend(
      OldMapping old, List<FileVersion> files, ProposeOptions options, FileStore store)
      throws IOException, NoProposalException {
    boolean onlyStrings = options.getTypes() == ProposeOptions.Types.STRING;
    Exploration exploration =
        showingProgress(() -> Explorer.explore(files, store, old.mapping().entities()));
    Additions additions =
        showingProgress(
            () ->
                Additions.of(
                    old.text(),
                    old.mapping(),
                    exploration.profile(),
                    records -> Proposal.of(exploration.profile(), records, onlyStrings),
                    good(files, exploration),
                    store));
    if (additions.decisions().isEmpty()) {
      out.println("there is nothing to add");
    }
    ProposalReport.print(out, additions.decisions());
    additions.statements().forEach(statement -> out.println("\n" + statement));
    out.println();
    store.write(
        options.getOutput(),
        file -> file.write(additions.mapping().getBytes(StandardCharsets.UTF_8)));
    TablesPicture picture = TablesPicture.of(additions.read());
    store.replace(reportName(options), file -> ProposalReport.write(file, additions, picture));
    writePage(options, store, exploration, picture);
    sayFiles("left out", exploration.leftOut(), exploration.leftOutFiles());
    TrialText.printComplaints(out, additions.trial());
  }

  private static void writePage(
      ProposeOptions options, FileStore store, Exploration exploration, TablesPicture picture)
      throws IOException {
    if (options.getHtml() != null) {
      store.replace(options.getHtml(), page -> HtmlPage.write(page, exploration, picture.html()));
    }
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
    ProposalReport.print(out, proposal.decisions());
    store.write(options.getOutput(), file -> file.write(ProposalReport.mapping(proposal)));
    TablesPicture picture = TablesPicture.of(proposal.read());
    store.replace(
        reportName(options), file -> ProposalReport.write(file, proposal, check, picture));
    writePage(options, store, made.exploration(), picture);
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
    Proposal nested = Proposal.of(exploration.profile(), records, onlyStrings);
    Proposal proposal =
        options.getTables() == ProposeOptions.Tables.KEYS ? nested.withKeys() : nested;
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
