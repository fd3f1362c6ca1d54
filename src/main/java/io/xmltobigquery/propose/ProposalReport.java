package io.xmltobigquery.propose;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.xmltobigquery.log.JobLog;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A proposal as people and programs see it. */
public final class ProposalReport {

  private static final int WIDEST_COLUMN = 50;

  private ProposalReport() {}

  /** The mapping document in UTF-8, each column on a line. */
  public static byte[] mapping(Proposal proposal) {
    return MappingText.of(proposal.mapping()).getBytes(StandardCharsets.UTF_8);
  }

  /** Prints a line for each decision: "?" is one to look at, "!" something that isn't kept. */
  public static void print(PrintStream out, Proposal proposal) {
    int width =
        proposal.decisions().stream()
            .mapToInt(decision -> name(decision).length())
            .filter(length -> length <= WIDEST_COLUMN)
            .max()
            .orElse(WIDEST_COLUMN);
    for (Decision decision : proposal.decisions()) {
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

  /** A column by its own name, as deep as its RECORDs are; another path as a whole. */
  private static String name(Decision decision) {
    if (decision.column().isEmpty()) {
      return JobLog.oneLine(decision.path());
    }
    int depth = (int) decision.column().chars().filter(c -> c == '.').count();
    return "  ".repeat(depth) + decision.column().substring(decision.column().lastIndexOf('.') + 1);
  }

  /** Writes all decisions as JSON, one on each line, and leaves the stream open. */
  public static void write(OutputStream out, Proposal proposal, SampleCheck check)
      throws IOException {
    try (JsonGenerator json =
        new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.writeStartObject();
      json.writeNumberField("accepted", check.accepted());
      json.writeNumberField("rejected", check.rejected().size());
      json.writeNumberField("rows", check.rows());
      json.writeArrayFieldStart("decisions");
      for (Decision decision : proposal.decisions()) {
        json.writeRaw('\n');
        json.writeStartObject();
        json.writeStringField("sign", decision.sign().name().toLowerCase(Locale.ROOT));
        json.writeStringField("path", decision.path());
        json.writeStringField("column", decision.column());
        json.writeStringField("type", decision.type());
        json.writeStringField("reason", decision.reason());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }
}
