package io.xmltobigquery.explore;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.explore.Outline.Line;
import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.profile.NamespaceProfile;
import io.xmltobigquery.profile.PathNames;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.profile.RecordCandidate;
import io.xmltobigquery.profile.ValueKind;
import io.xmltobigquery.profile.ValueProfile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * An exploration as one page for a browser, which somebody can send to somebody else. All is in it,
 * and its own policy lets it load nothing, nor run any script but its own. The tree opens without
 * the script; this adds the search, the buttons and the arrow keys.
 */
public final class HtmlPage {

  /** The tree is open at first if it has no more lines; otherwise down to the level below roots. */
  private static final int MOST_OPEN_LINES = 300;

  private final Writer html;

  private HtmlPage(Writer html) {
    this.html = html;
  }

  /** Writes an exploration in UTF-8, and leaves the stream open. */
  public static void write(OutputStream out, Exploration exploration) throws IOException {
    write(out, exploration, "");
  }

  /**
   * Writes an exploration with something else above it.
   *
   * @param section HTML, in which {@link #escaped} was used for all that comes from files
   */
  public static void write(OutputStream out, Exploration exploration, String section)
      throws IOException {
    Writer html = new BufferedWriter(new OutputStreamWriter(out, UTF_8));
    new HtmlPage(html).write(exploration, section);
    html.flush();
  }

  private void write(Exploration exploration, String section) throws IOException {
    Profile profile = exploration.profile();
    String style = resource("page.css");
    String script = resource("page.js");
    html.write(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
        style-src 'unsafe-inline'; script-src 'sha256-%s'; base-uri 'none'; form-action 'none'">
        <title>What is in the files</title>
        <style>
        %s</style>
        </head>
        <body>
        <h1>What is in the files</h1>
        <p>%s</p>
        """
            .formatted(sha256(script), style, escaped(TreeText.total(exploration))));
    html.write(section);
    writeLeftOut(exploration);
    writeCandidates(profile);
    writeNamespaces(profile);
    writeTree(profile);
    html.write("<script>" + script + "</script>\n</body>\n</html>\n");
  }

  private void writeLeftOut(Exploration exploration) throws IOException {
    if (exploration.leftOutFiles() == 0) {
      return;
    }
    html.write(
        "<section>\n<h2>Left out: "
            + escaped(TreeText.plural(exploration.leftOutFiles(), "file"))
            + "</h2>\n<ul class=\"left-out\">\n");
    for (LeftOut file : exploration.leftOut()) {
      html.write("<li>" + escaped(file.sentence()) + "</li>\n");
    }
    long more = exploration.leftOutFiles() - exploration.leftOut().size();
    if (more > 0) {
      html.write("<li>… and " + TreeText.number(more) + " more</li>\n");
    }
    html.write("</ul>\n</section>\n");
  }

  private void writeCandidates(Profile profile) throws IOException {
    List<RecordCandidate> candidates = RecordCandidate.of(profile);
    if (candidates.isEmpty()) {
      return;
    }
    PathNames names = PathNames.of(profile);
    html.write("<section>\n<h2>What may be a record, the likeliest first</h2>\n<ol>\n");
    for (RecordCandidate candidate : candidates) {
      html.write(
          "<li><code>"
              + escaped(names.path(candidate.path()))
              + "</code> "
              + escaped(TreeText.about(candidate))
              + "</li>\n");
    }
    html.write("</ol>\n</section>\n");
  }

  private void writeNamespaces(Profile profile) throws IOException {
    List<NamespaceProfile> namespaces = profile.namespaces();
    if (namespaces.stream().allMatch(namespace -> namespace.uri().isEmpty())) {
      return;
    }
    html.write(
        "<section>\n<h2>Namespaces</h2>\n<table>\n<thead><tr><th>prefix</th><th>namespace</th>"
            + "<th class=\"n\">elements</th><th class=\"n\">attributes</th></tr></thead>\n<tbody>\n");
    for (NamespaceProfile namespace : namespaces) {
      html.write(
          "<tr><td><code>"
              + escaped(namespace.prefix())
              + "</code></td><td>"
              + (namespace.uri().isEmpty()
                  ? "none"
                  : "<code>" + escaped(namespace.uri()) + "</code>")
              + "</td><td class=\"n\">"
              + TreeText.number(namespace.elements())
              + "</td><td class=\"n\">"
              + TreeText.number(namespace.attributes())
              + "</td></tr>\n");
    }
    html.write("</tbody>\n</table>\n");
    for (NamespaceProfile.Versions versions : NamespaceProfile.versions(namespaces)) {
      html.write("<p>" + escaped(TreeText.versionsLine(versions)) + "</p>\n");
    }
    html.write("</section>\n");
  }

  private void writeTree(Profile profile) throws IOException {
    html.write(
        """
        <section>
        <h2>Elements and attributes</h2>
        <p>For each path: how many there are; the share of the elements around it that have it (of the files, \
        for a root); how many of it one element has at most; what is in it; examples.</p>
        """);
    if (!profile.isComplete()) {
      html.write("<p class=\"warning\">" + escaped(TreeText.tooManyPaths(profile)) + "</p>\n");
    }
    PathNames names = PathNames.of(profile);
    for (Profile.Recursion recursion : profile.recursions()) {
      html.write(
          "<p><code>"
              + escaped(names.path(recursion.outermost()))
              + "</code> contains itself, up to "
              + recursion.nesting()
              + " deep.</p>\n");
    }
    html.write(
        """
        <div id="tools" hidden>
        <label>Search <input id="search" type="search" autocomplete="off" spellcheck="false" \
        placeholder="part of a path, type or example"></label>
        <output id="found"></output>
        <button id="open" type="button">Open all</button>
        <button id="close" type="button">Close all</button>
        </div>
        <div class="row head"><span>path</span><span class="n">count</span><span>in</span>\
        <span class="n">most</span><span>content</span><span>examples</span></div>
        <div id="tree">
        """);
    boolean allOpen = profile.paths() <= MOST_OPEN_LINES;
    for (Line root : Outline.of(profile)) {
      writeLine(root, 0, allOpen);
    }
    html.write("</div>\n</section>\n");
  }

  private void writeLine(Line line, int depth, boolean allOpen) throws IOException {
    if (line.lines().isEmpty()) {
      html.write("<div class=\"row\" tabindex=\"-1\">" + cells(line, depth) + "</div>\n");
      return;
    }
    boolean open = !line.repeatsAncestor() && (allOpen || depth < 1);
    html.write(
        "<details"
            + (open ? " open" : "")
            + "><summary class=\"row\">"
            + cells(line, depth)
            + "</summary>\n");
    for (Line below : line.lines()) {
      writeLine(below, depth + 1, allOpen);
    }
    html.write("</details>\n");
  }

  private static String cells(Line line, int depth) {
    ValueProfile values = line.values();
    int percent = line.filledPercent();
    return "<span class=\"name\" title=\""
        + escaped(line.path())
        + "\" style=\"--d:"
        + depth
        + "\">"
        + (line.attribute() == null ? "" : "<i>")
        + escaped(line.label())
        + (line.attribute() == null ? "" : "</i>")
        + "</span><span class=\"n\">"
        + TreeText.number(line.count())
        + "</span><span class=\"in\" title=\""
        + TreeText.number(line.having())
        + " of "
        + TreeText.number(line.around())
        + "\"><b style=\"width:"
        + percent
        + "%\"></b><span>"
        + percent
        + "%</span></span><span class=\"n\">"
        + (line.attribute() == null ? TreeText.number(line.element().mostPerParent()) : "")
        + "</span><span class=\"type\""
        + (values == null ? "" : " title=\"" + escaped(about(values)) + "\"")
        + ">"
        + escaped(line.content())
        + "</span><span class=\"examples\">"
        + (values == null ? "" : "<bdi>" + escaped(Outline.examples(values)) + "</bdi>")
        + "</span>";
  }

  /** What is behind the type. */
  private static String about(ValueProfile values) {
    StringBuilder about = new StringBuilder();
    for (ValueKind kind : ValueKind.values()) {
      if (values.count(kind) > 0) {
        about
            .append(about.isEmpty() ? "" : ", ")
            .append(kind.name().toLowerCase(Locale.ROOT).replace('_', ' '))
            .append(' ')
            .append(TreeText.number(values.count(kind)));
      }
    }
    return about
        + "; length "
        + TreeText.number(values.minLength())
        + " to "
        + TreeText.number(values.maxLength())
        + "; different values "
        + (values.distinct() > ValueProfile.MOST_DISTINCT
            ? "more than " + ValueProfile.MOST_DISTINCT
            : values.distinct());
  }

  /** As text or in a quoted attribute, in one line. */
  public static String escaped(String text) {
    String line = JobLog.oneLine(text);
    StringBuilder escaped = new StringBuilder(line.length() + 16);
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static String sha256(String script) {
    try {
      return Base64.getEncoder()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(script.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
