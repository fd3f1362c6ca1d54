package io.xmltobigquery.trial;

import io.xmltobigquery.explore.TreeText;
import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.Warning;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** A trial for a terminal. */
public final class TrialText {

  private static final int WIDEST_NAME = 50;

  /** Columns of the terminal. */
  private static final int WIDTH = 120;

  /** More are for JSON. */
  private static final int MOST_COMPLAINTS = 50;

  private final PrintStream out;

  private TrialText(PrintStream out) {
    this.out = out;
  }

  /** Prints a trial: "?" is something to look at, "!" something that isn't loaded. */
  public static void print(PrintStream out, Trial trial) {
    new TrialText(out).print(trial);
  }

  /** Prints only what is wrong, and how much would be loaded. */
  public static void printComplaints(PrintStream out, Trial trial) {
    new TrialText(out).printEnd(trial);
  }

  private void print(Trial trial) {
    trial.tables().forEach(this::print);
    printWarnings(trial.warnings());
    printEnd(trial);
  }

  private void printEnd(Trial trial) {
    print(trial.complaints());
    out.println(
        "files that would be loaded  "
            + TreeText.number(trial.accepted())
            + " of "
            + TreeText.number(trial.files())
            + ", with "
            + TreeText.plural(trial.rows(), "row"));
  }

  private void printWarnings(List<Warning> warnings) {
    // That a column is never filled its line says, unless there is more to say.
    List<Warning> shown =
        warnings.stream()
            .filter(
                warning -> warning.kind() != Warning.Kind.NEVER_FILLED || warning.nearest() != null)
            .toList();
    shown.forEach(warning -> out.println(JobLog.oneLine("? " + warning.sentence())));
    if (!shown.isEmpty()) {
      out.println();
    }
  }

  private void print(TableTrial table) {
    out.println(
        JobLog.oneLine(table.table() + "  " + table.record())
            + "  "
            + (table.rows() < table.read() ? TreeText.number(table.rows()) + " of " : "")
            + TreeText.plural(Math.max(table.rows(), table.read()), "row")
            + " in "
            + TreeText.plural(table.files(), "file")
            + (table.invalid() > 0
                ? ", " + TreeText.plural(table.invalid(), "invalid record")
                : ""));
    int width =
        table.columns().stream()
            .mapToInt(fill -> name(fill).length())
            .filter(length -> length <= WIDEST_NAME)
            .max()
            .orElse(WIDEST_NAME);
    String format = "%s %-" + width + "s  %-17s %5s %,11d  %s";
    out.println(
        String.format(format.replace(",11d", "11s"), " ", "", "type", "in", "values", "examples"));
    for (ColumnFill fill : table.columns()) {
      String line =
          String.format(
              Locale.ROOT,
              format,
              fill.filled() == 0 && fill.around() > 0 ? "?" : " ",
              name(fill),
              type(fill.column()),
              fill.percent() + "%",
              fill.values(),
              JobLog.oneLine(String.join(", ", fill.examples())));
      out.println(TreeText.cut(line.stripTrailing(), WIDTH));
    }
    out.println();
  }

  private void print(List<Complaint> complaints) {
    for (Complaint complaint : complaints.subList(0, shown(complaints))) {
      String what =
          complaint.table().isEmpty()
              ? TreeText.plural(complaint.files(), "file")
              : TreeText.plural(complaint.count(), "record")
                  + " of "
                  + complaint.table()
                  + " in "
                  + TreeText.plural(complaint.files(), "file");
      out.println(
          JobLog.oneLine(
              "! " + what + ": " + complaint.reason().name() + ": " + complaint.message()));
      out.println(
          JobLog.oneLine(
              "  first in "
                  + complaint.file()
                  + (complaint.position() == null ? "" : ", " + complaint.position())));
    }
    if (complaints.size() > MOST_COMPLAINTS) {
      out.println("  … and " + (complaints.size() - MOST_COMPLAINTS) + " more: see --json");
    }
    if (!complaints.isEmpty()) {
      out.println();
    }
  }

  private static int shown(List<Complaint> complaints) {
    return Math.min(MOST_COMPLAINTS, complaints.size());
  }

  private static String name(ColumnFill fill) {
    return "  ".repeat(fill.depth() + 1) + fill.column().name();
  }

  private static String type(Column column) {
    return column.type() + (column.mode() == Mode.NULLABLE ? "" : " " + column.mode());
  }
}
