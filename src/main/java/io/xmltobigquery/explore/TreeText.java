package io.xmltobigquery.explore;

import io.xmltobigquery.explore.Outline.Line;
import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.profile.NamespaceProfile;
import io.xmltobigquery.profile.PathNames;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.profile.RecordCandidate;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An exploration as a tree for a terminal. */
public final class TreeText {

  /** Longer ones are for the page and for JSON. */
  private static final int MOST_LINES = 1_000;

  private static final int MOST_CANDIDATES = 10;
  private static final int MOST_NAMESPACES = 30;

  /** Columns of the terminal. */
  private static final int WIDTH = 120;

  private static final int WIDEST_NAME = 50;
  private static final int LEAST_NAME = 30;

  /** A line of the tree, with the lines that lead to it. */
  private record Drawn(String name, Line line) {}

  private final PrintStream out;
  private final List<Drawn> lines = new ArrayList<>();
  private long hidden;

  private TreeText(PrintStream out) {
    this.out = out;
  }

  /** Prints an exploration, but for files that were left out. */
  public static void print(PrintStream out, Exploration exploration) {
    new TreeText(out).print(exploration);
  }

  private void print(Exploration exploration) {
    Profile profile = exploration.profile();
    for (Line root : Outline.of(profile)) {
      draw(root, "", "");
    }
    printTree();
    if (hidden > 0) {
      out.println("… and " + plural(hidden, "path") + " more: --json and --html=FILE have all");
    }
    if (!profile.isComplete()) {
      out.println(tooManyPaths(profile));
    }
    printRecursions(profile);
    printNamespaces(profile);
    printCandidates(profile);
    out.println();
    out.println(total(exploration));
  }

  /** How much there is in all. */
  static String total(Exploration exploration) {
    Profile profile = exploration.profile();
    return String.format(
        Locale.ROOT,
        "%s, %.1f MB: %s, %s",
        plural(profile.documents(), "file"),
        exploration.bytes() / 1e6,
        plural(profile.elements(), "element"),
        plural(profile.paths(), "path"));
  }

  static String tooManyPaths(Profile profile) {
    return "There are too many different paths to show all: elements deeper than "
        + profile.deepest()
        + " steps are counted only. If names of elements differ from record to record, they are data.";
  }

  private void draw(Line line, String lead, String leadBelow) {
    if (lines.size() >= MOST_LINES) {
      hidden += 1 + below(line);
      return;
    }
    lines.add(new Drawn(lead + JobLog.oneLine(line.label()), line));
    if (line.repeatsAncestor()) {
      hidden += below(line);
      return;
    }
    for (int i = 0; i < line.lines().size(); i++) {
      boolean last = i == line.lines().size() - 1;
      draw(
          line.lines().get(i),
          leadBelow + (last ? "└─ " : "├─ "),
          leadBelow + (last ? "   " : "│  "));
    }
  }

  private static long below(Line line) {
    return line.lines().stream().mapToLong(child -> 1 + below(child)).sum();
  }

  private void printTree() {
    if (lines.isEmpty()) {
      return;
    }
    int nameWidth =
        lines.stream()
            .mapToInt(drawn -> drawn.name().length())
            .filter(length -> length <= WIDEST_NAME)
            .max()
            .orElse(WIDEST_NAME);
    nameWidth = Math.max(LEAST_NAME, nameWidth);
    int typeWidth =
        Math.max(
            "content".length(),
            lines.stream().mapToInt(drawn -> content(drawn.line()).length()).max().orElse(0));
    String format = "%-" + nameWidth + "s %,13d %5s %7s  %-" + typeWidth + "s  %s";
    out.println(
        String.format(
                format.replace(",13d", "13s"), "", "count", "in", "most", "content", "examples")
            .stripTrailing());
    for (Drawn drawn : lines) {
      Line line = drawn.line();
      String text =
          String.format(
              Locale.ROOT,
              format,
              drawn.name(),
              line.count(),
              line.filledPercent() + "%",
              line.attribute() == null ? number(line.element().mostPerParent()) : "",
              content(line),
              line.values() == null ? "" : Outline.examples(line.values()));
      out.println(
          cut(text, Math.max(WIDTH, drawn.name().length() + WIDTH - nameWidth)).stripTrailing());
    }
  }

  private static String content(Line line) {
    if (line.repeatsAncestor() && !line.lines().isEmpty()) {
      return "as above";
    }
    return line.content();
  }

  private void printRecursions(Profile profile) {
    PathNames names = PathNames.of(profile);
    for (Profile.Recursion recursion : profile.recursions()) {
      out.println(
          "Recursive: "
              + JobLog.oneLine(names.path(recursion.outermost()))
              + " contains itself, up to "
              + recursion.nesting()
              + " deep");
    }
  }

  private void printNamespaces(Profile profile) {
    List<NamespaceProfile> namespaces = profile.namespaces();
    boolean isOnlyNone = namespaces.stream().allMatch(namespace -> namespace.uri().isEmpty());
    if (isOnlyNone) {
      return;
    }
    out.println();
    out.println("Namespaces:");
    for (NamespaceProfile namespace :
        namespaces.subList(0, Math.min(MOST_NAMESPACES, namespaces.size()))) {
      out.println("  " + namespaceLine(namespace));
    }
    if (namespaces.size() > MOST_NAMESPACES) {
      out.println("  … and " + (namespaces.size() - MOST_NAMESPACES) + " more: see --json");
    }
    for (NamespaceProfile.Versions versions : NamespaceProfile.versions(namespaces)) {
      out.println("  " + versionsLine(versions));
    }
  }

  private static String namespaceLine(NamespaceProfile namespace) {
    String uri =
        namespace.uri().isEmpty()
            ? "none"
            : namespace.prefix() + " = " + JobLog.oneLine(namespace.uri());
    return uri
        + "  "
        + plural(namespace.elements(), "element")
        + (namespace.attributes() > 0 ? ", " + plural(namespace.attributes(), "attribute") : "");
  }

  static String versionsLine(NamespaceProfile.Versions versions) {
    return versions.uris().size()
        + " of them look like versions of one another: "
        + JobLog.oneLine(versions.pattern());
  }

  private void printCandidates(Profile profile) {
    List<RecordCandidate> candidates = RecordCandidate.of(profile);
    if (candidates.isEmpty()) {
      return;
    }
    PathNames names = PathNames.of(profile);
    out.println();
    out.println("What may be a record, the likeliest first:");
    int shown = Math.min(MOST_CANDIDATES, candidates.size());
    for (RecordCandidate candidate : candidates.subList(0, shown)) {
      out.println("  " + JobLog.oneLine(names.path(candidate.path())) + "  " + about(candidate));
    }
    if (candidates.size() > shown) {
      out.println("  … and " + (candidates.size() - shown) + " more: see --json");
    }
  }

  /** What speaks for and against a candidate. */
  static String about(RecordCandidate candidate) {
    return (candidate.isDocument() ? "one for each file: " : "")
        + plural(candidate.element().count(), "record")
        + " in "
        + plural(candidate.element().files(), "file")
        + ", "
        + plural(candidate.columns(), "column")
        + ", "
        + plural(candidate.values(), "value")
        + (candidate.inside() > 0 ? ", inside another one" : "");
  }

  /** {@code 1 file}, {@code 2,000 files}. */
  public static String plural(long count, String noun) {
    return number(count) + " " + noun + (count == 1 ? "" : "s");
  }

  /** With commas between thousands. */
  public static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /**
   * The beginning of a text, and no half of a character.
   *
   * @param length in characters, at most, the sign that something is missing included
   */
  public static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    boolean inPair = Character.isHighSurrogate(text.charAt(length - 2));
    return text.substring(0, inPair ? length - 2 : length - 1) + "…";
  }
}
