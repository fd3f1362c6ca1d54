package io.xmltobigquery.propose;

import io.xmltobigquery.explore.JsonLines;
import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.profile.PathNames;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.profile.RecordCandidate;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A proposal as people and programs see it. */
public final class ProposalReport {

  private static final int WIDEST_COLUMN = 50;
  private static final int MOST_OTHER_RECORDS = 5;

  private ProposalReport() {}

  /** The mapping document in UTF-8, each column on a line. */
  public static byte[] mapping(Proposal proposal) {
    return MappingText.of(proposal.mapping()).getBytes(StandardCharsets.UTF_8);
  }

  /** Prints a line for each decision: "?" is one to look at, "!" something that isn't kept. */
  public static void print(PrintStream out, List<Decision> decisions) {
    int width =
        decisions.stream()
            .mapToInt(decision -> name(decision).length())
            .filter(length -> length <= WIDEST_COLUMN)
            .max()
            .orElse(WIDEST_COLUMN);
    for (Decision decision : decisions) {
      out.println(
          String.format(
                  Locale.ROOT,
                  "%s %-" + width + "s  %-16s  %s",
                  decision.sign().text(),
                  name(decision),
                  decision.type(),
                  JobLog.oneLine(decision.reason()))
              .stripTrailing());
    }
  }

  /**
   * Prints which other elements may be a table's records, the likeliest first: of few samples, and
   * of a schema, nobody can tell whether a document is a row or a collection of rows.
   */
  public static void printOtherRecords(PrintStream out, Proposal proposal, Profile profile) {
    Set<String> tables =
        proposal.decisions().stream()
            .filter(decision -> decision.type().equals("TABLE"))
            .map(Decision::path)
            .collect(Collectors.toSet());
    PathNames names = PathNames.of(profile);
    List<String> others =
        RecordCandidate.of(profile).stream()
            .map(candidate -> names.path(candidate.path()))
            .filter(path -> !tables.contains(path))
            .limit(MOST_OTHER_RECORDS)
            .toList();
    if (!others.isEmpty()) {
      out.println("rows may also be, with --record  " + JobLog.oneLine(String.join(", ", others)));
    }
  }

  /** A column by its own name, as deep as its RECORDs are; another path as a whole. */
  private static String name(Decision decision) {
    if (decision.column().isEmpty()) {
      return JobLog.oneLine(decision.path());
    }
    int depth = (int) decision.column().chars().filter(c -> c == '.').count();
    return "  ".repeat(depth) + decision.column().substring(decision.column().lastIndexOf('.') + 1);
  }

  /** Writes all decisions as JSON, one on each line, and leaves the stream open. */
  public static void write(
      OutputStream out, Proposal proposal, SampleCheck check, TablesPicture picture)
      throws IOException {
    write(out, proposal.decisions(), check, List.of(), picture.mermaid());
  }

  /** Writes what is added to a mapping in the same way. */
  public static void write(OutputStream out, Additions additions, TablesPicture picture)
      throws IOException {
    write(
        out,
        additions.decisions(),
        SampleCheck.of(additions.trial()),
        additions.statements(),
        picture.mermaid());
  }

  private static void write(
      OutputStream out,
      List<Decision> decisions,
      SampleCheck check,
      List<String> statements,
      String mermaid)
      throws IOException {
    JsonLines.write(
        out,
        json -> {
          json.writeStartObject();
          json.writeNumberField("accepted", check.accepted());
          json.writeNumberField("rejected", check.rejected().size());
          json.writeNumberField("rows", check.rows());
          json.writeStringField("mermaid", mermaid);
          json.writeArrayFieldStart("decisions");
          for (Decision decision : decisions) {
            json.writeStartObject();
            json.writeStringField("sign", decision.sign().name().toLowerCase(Locale.ROOT));
            json.writeStringField("path", decision.path());
            json.writeStringField("column", decision.column());
            json.writeStringField("type", decision.type());
            json.writeStringField("reason", decision.reason());
            json.writeEndObject();
          }
          json.writeEndArray();
          if (!statements.isEmpty()) {
            json.writeArrayFieldStart("statements");
            for (String statement : statements) {
              json.writeString(statement);
            }
            json.writeEndArray();
          }
          json.writeEndObject();
        });
  }
}
