package io.xmltobigquery.cli;

import io.xmltobigquery.check.MappingCheck;
import io.xmltobigquery.explore.Exploration;
import io.xmltobigquery.explore.Explorer;
import io.xmltobigquery.explore.HtmlPage;
import io.xmltobigquery.explore.NamedFiles;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.settle.KeepRejectedFiles;
import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.options.MappingFile;
import io.xmltobigquery.options.Problems;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.propose.Additions;
import io.xmltobigquery.propose.Forecast;
import io.xmltobigquery.propose.Proposal;
import io.xmltobigquery.propose.Proposal.NoProposalException;
import io.xmltobigquery.propose.ProposalReport;
import io.xmltobigquery.propose.RestRows;
import io.xmltobigquery.propose.SampleCheck;
import io.xmltobigquery.propose.TablesPicture;
import io.xmltobigquery.trial.TrialText;
import io.xmltobigquery.xsd.Xsd;
import io.xmltobigquery.xsd.XsdException;
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

  /** BigQuery's limit: "Quotas and limits", columns in a table. */
  private static final int MOST_COLUMNS = 10_000;

  ProposeCommand(PrintStream out, PrintStream err, boolean showProgress) {
    super("propose", out, err, showProgress);
  }

  @Override
  boolean takesFiles() {
    return true;
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
    boolean hasSchema = !orEmpty(options.getXsd()).isEmpty();
    if (words.isEmpty() && (!hasSchema || options.getMapping() != null)) {
      problems.add(
          "the samples are missing: give names or patterns, such as 'samples/*.xml'"
              + (hasSchema ? "" : ", or a schema with --xsd"));
    }
    problems.addAll(schemaProblems(options, hasSchema, !words.isEmpty()));
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
      Xsd schema = hasSchema ? Xsd.read(options.getXsd(), options.getCatalog()) : null;
      if (old.isPresent()) {
        extend(old.get(), files, schema, options, store);
      } else if (words.isEmpty()) {
        proposeWithoutSamples(schema, options, store);
      } else {
        propose(files, schema, options, store);
      }
      return CommandLine.OK;
    } catch (XsdException e) {
      e.problems().forEach(line -> say(JobLog.oneLine(line)));
      return CommandLine.WRONG_USAGE;
    } catch (NoProposalException e) {
      say(e.getMessage());
      return CommandLine.FAILED;
    }
  }

  private static List<String> orEmpty(@Nullable List<String> values) {
    return Objects.requireNonNullElse(values, List.of());
  }

  private static List<String> schemaProblems(
      ProposeOptions options, boolean hasSchema, boolean hasSamples) {
    List<String> problems = new ArrayList<>();
    if (!hasSchema && options.getCatalog() != null) {
      problems.add("--catalog is for schemas: name them with --xsd");
    }
    if (!hasSchema && options.getUnseen() == ProposeOptions.Unseen.LEAVES) {
      problems.add("--unseen=leaves is for schemas: name them with --xsd");
    }
    if (options.getRoot() != null && (!hasSchema || hasSamples)) {
      problems.add("--root is for a schema without samples, which have roots of their own");
    }
    if (options.getMaxColumns() < 1 || options.getMaxColumns() > MOST_COLUMNS) {
      problems.add(
          "--maxColumns must be from 1 to " + MOST_COLUMNS + ", which is BigQuery's limit");
    }
    if (options.getHtml() != null && !hasSamples) {
      problems.add("--html shows what samples have: give some");
    }
    return problems;
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
    if (mapping == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new OldMapping(MappingFile.text(store, name), mapping));
    } catch (MappingException e) {
      throw new IOException("--mapping: " + name + " was changed while it was read", e);
    }
  }

  private void extend(
      OldMapping old,
      List<FileVersion> files,
      @Nullable Xsd schema,
      ProposeOptions options,
      FileStore store)
      throws IOException, NoProposalException, XsdException {
    boolean onlyStrings = options.getTypes() == ProposeOptions.Types.STRING;
    List<FileVersion> samples = files.stream().filter(file -> !RestRows.isNamed(file)).toList();
    RestRows rows = RestRows.of(files.stream().filter(RestRows::isNamed).toList(), old.mapping());
    if (!rows.problems().isEmpty()) {
      throw new NoProposalException(String.join("\n", rows.problems()));
    }
    Exploration exploration =
        showingProgress(
            () ->
                Explorer.explore(
                    samples,
                    store,
                    old.mapping().entities(),
                    document -> rows.forEach(store, document::read)));
    if (samples.isEmpty() && exploration.profile().roots().isEmpty()) {
      throw new NoProposalException("of the rows nothing is left that a column could take");
    }
    Profile profile = declared(exploration.profile(), schema, options);
    Additions additions =
        showingProgress(
            () ->
                Additions.of(
                    old.text(),
                    old.mapping(),
                    profile,
                    records -> fresh(profile, records, onlyStrings, options),
                    good(samples, exploration),
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

  /** New tables have a rest; columns that are looked for in known tables are none. */
  private static Proposal fresh(
      Profile profile, List<String> records, boolean onlyStrings, ProposeOptions options)
      throws NoProposalException {
    Proposal proposal = Proposal.withoutKeys(profile, records, onlyStrings);
    return records.isEmpty() && options.getRest() ? proposal.withRest() : proposal;
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
  private record Proposed(Proposal proposal, SampleCheck check, Optional<Forecast> forecast) {}

  private void proposeWithoutSamples(Xsd schema, ProposeOptions options, FileStore store)
      throws IOException, NoProposalException, XsdException {
    List<String> records = orEmpty(options.getRecord());
    Profile outline = schema.outline(orEmpty(options.getRoot()), records, options.getMaxColumns());
    Proposal proposal = proposal(outline, options);
    write(proposal, new SampleCheck(0, 0, List.of()), options, store);
    ProposalReport.printOtherRecords(out, proposal, outline);
    out.println(
        "made of the schema alone: nothing was read by it; give samples, too, to see what files really have");
  }

  private TablesPicture write(
      Proposal proposal, SampleCheck check, ProposeOptions options, FileStore store)
      throws IOException, NoProposalException {
    TablesPicture picture = TablesPicture.of(proposal.read());
    ProposalReport.print(out, proposal.decisions());
    store.write(options.getOutput(), file -> file.write(ProposalReport.mapping(proposal)));
    store.replace(
        reportName(options), file -> ProposalReport.write(file, proposal, check, picture));
    return picture;
  }

  private void propose(
      List<FileVersion> files, @Nullable Xsd schema, ProposeOptions options, FileStore store)
      throws IOException, NoProposalException, XsdException {
    Exploration exploration = showingProgress(() -> Explorer.explore(files, store));
    Profile profile = declared(exploration.profile(), schema, options);
    List<FileVersion> good = good(files, exploration);
    Proposed made = showingProgress(() -> make(profile, good, schema, options, store));
    Proposal proposal = made.proposal();
    SampleCheck check = made.check();
    TablesPicture picture = write(proposal, check, options, store);
    ProposalReport.printOtherRecords(out, proposal, profile);
    writePage(options, store, exploration, picture);
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

  private static Proposed make(
      Profile profile,
      List<FileVersion> good,
      @Nullable Xsd schema,
      ProposeOptions options,
      FileStore store)
      throws IOException, NoProposalException {
    Proposal proposal = proposal(profile, options);
    SampleCheck check = SampleCheck.of(proposal.read(), good, store);
    Forecast.Proposer proposer =
        half -> {
          try {
            return proposal(declared(half, schema, options), options);
          } catch (XsdException e) {
            throw new NoProposalException(e.getMessage());
          }
        };
    return new Proposed(proposal, check, Forecast.of(good, proposer, store));
  }

  private static Proposal proposal(Profile profile, ProposeOptions options)
      throws NoProposalException {
    boolean onlyStrings = options.getTypes() == ProposeOptions.Types.STRING;
    List<String> records = orEmpty(options.getRecord());
    Proposal proposal =
        options.getTables() == ProposeOptions.Tables.KEYS
            ? Proposal.withKeys(profile, records, onlyStrings)
            : Proposal.of(profile, records, onlyStrings);
    return options.getRest() ? proposal.withRest() : proposal;
  }

  private static Profile declared(Profile samples, @Nullable Xsd schema, ProposeOptions options)
      throws XsdException {
    return schema == null
        ? samples
        : schema.declare(
            samples, options.getUnseen() == ProposeOptions.Unseen.LEAVES, options.getMaxColumns());
  }

  private static List<FileVersion> good(List<FileVersion> files, Exploration exploration) {
    Set<String> leftOut = new HashSet<>();
    exploration.leftOut().forEach(file -> leftOut.add(file.file()));
    return files.stream().filter(file -> !leftOut.contains(file.uri())).toList();
  }
}
