package io.xmltobigquery.xml;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.rows.CompiledMapping;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Files at the limits of what is read, and a little beyond; some of them are long. */
final class LimitDocuments {

  /**
   * One of them.
   *
   * @param mapping with single quotes
   * @param expected the reason to reject it, or null if it is to be read
   */
  record LimitDocument(
      String name, String mapping, GeneratedFile file, @Nullable RejectionReason expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * What became of one.
   *
   * @param reason why it was rejected, or null if it was read
   */
  record Outcome(@Nullable RejectionReason reason, String message) {}

  /** Whose records have any content: what is refused by the mapping isn't read. */
  static final String MAPPING =
      "{'tables': [{'table': 't', 'record': '/l/r', 'unknown': 'ignore', 'fields': ["
          + "{'name': 'x', 'type': 'STRING'},"
          + "{'name': 'a', 'type': 'STRING', 'source': '@a'},"
          + "{'name': 'y', 'type': 'STRING', 'mode': 'REPEATED'}]}]}";

  /** Whose rows lie in each other, and take what is chosen, and what stands around them. */
  static final String PATHS =
      """
      {'outside': 'ignore', 'tables': [
        {'table': 'p', 'record': '/l/p', 'unknown': 'ignore', 'fields': [
          {'name': 'id', 'type': 'STRING', 'source': '@id'},
          {'name': 'chosen', 'type': 'STRING', 'source': 'b[k=\\u0027x\\u0027]/v'},
          {'name': 'last', 'type': 'STRING', 'source': '(b/v)[last()]'}]},
        {'table': 'c', 'record': '/l/p/c', 'unknown': 'ignore', 'fields': [
          {'name': 'p', 'type': 'STRING', 'source': '../@id'},
          {'name': 'head', 'type': 'STRING', 'source': '(/l/h)[1]'}]},
        {'table': 'k', 'record': '//k', 'unknown': 'ignore', 'fields': [
          {'name': 'depth', 'type': 'INT64', 'source': 'row:depth()'},
          {'name': 'key', 'type': 'STRING', 'source': 'row:key(ancestor::k[1])'},
          {'name': 'way', 'type': 'STRING', 'mode': 'REPEATED', 'source': 'ancestor::k/@n'}]}]}
      """;

  private static final String GOOD = "<r><x>1</x></r>";

  private final List<LimitDocument> documents = new ArrayList<>();
  private final long huge;
  private String mapping = MAPPING;

  private LimitDocuments(long huge) {
    this.huge = huge;
  }

  /**
   * All of them.
   *
   * @param file a URI of a file that nobody may open
   * @param http a URI that nobody may open
   * @param huge the length, in bytes, of what is too long in most of them; more than 20 MiB
   */
  static List<LimitDocument> all(String file, String http, long huge) {
    LimitDocuments all = new LimitDocuments(huge);
    all.entities(file, http);
    all.tooMuchOfAKind();
    all.tooLong();
    all.longProlog();
    all.names();
    all.namespaces();
    all.mapping = PATHS;
    all.candidates();
    all.rowsInRows();
    all.aroundRows();
    return all.documents;
  }

  private void rejected(RejectionReason reason, String name, GeneratedFile file) {
    documents.add(new LimitDocument(name, mapping, file, reason));
  }

  private void tooMuch(String name, GeneratedFile file) {
    rejected(RejectionReason.LIMIT_EXCEEDED, name, file);
  }

  private void accepted(String name, GeneratedFile file) {
    documents.add(new LimitDocument(name, mapping, file, null));
  }

  private void entities(String file, String http) {
    for (String uri : List.of(file, http)) {
      String kind = uri.substring(0, uri.indexOf(':'));
      rejected(
          RejectionReason.UNKNOWN_ENTITY,
          "external entity, " + kind,
          GeneratedFile.of(
              "<!DOCTYPE l [<!ENTITY e SYSTEM '" + uri + "'>]><l><r><x>&e;</x></r></l>"));
      rejected(
          RejectionReason.UNKNOWN_ENTITY,
          "external entity in an attribute, " + kind,
          GeneratedFile.of("<!DOCTYPE l [<!ENTITY e SYSTEM '" + uri + "'>]><l><r a='&e;'/></l>"));
      accepted(
          "external DTD and parameter entity, " + kind,
          GeneratedFile.of(
              "<!DOCTYPE l SYSTEM '%s' [<!ENTITY %% p SYSTEM '%s'>%%p;]><l>%s</l>"
                  .formatted(uri, uri, GOOD)));
    }
    rejected(
        RejectionReason.UNKNOWN_ENTITY,
        "declared entity",
        GeneratedFile.of("<!DOCTYPE l [<!ENTITY e 'value'>]><l><r><x>&e;</x></r></l>"));
  }

  private void tooMuchOfAKind() {
    tooMuch("1,001 levels", GeneratedFile.of("<l>").then("<k>".getBytes(UTF_8), 1_000));
    tooMuch(
        "1,001 levels, most of them in a record",
        GeneratedFile.of("<l><r>").then("<k>".getBytes(UTF_8), 999));
    tooMuch("1,001 attributes", GeneratedFile.of("<l><r" + numbered(" a%d=''", 1_001) + "/>"));
    tooMuch(
        "a million and one values in a record",
        GeneratedFile.of("<l><r>").then("<y/>".getBytes(UTF_8), 1_000_001).then("</r></l>"));
  }

  private void tooLong() {
    tooMuch("one text", around("<l><r><x>", "text ", "</x></r></l>"));
    tooMuch("one CDATA section", around("<l><r><x><![CDATA[", "]] >", "]]></x></r></l>"));
    tooMuch("one attribute", around("<l><r a='", "a", "'/></l>"));
    tooMuch("one unknown attribute", around("<l><k a='", "a", "'/></l>"));
    accepted(
        "attributes of 19 MB in each record",
        around("<l>", "<r" + numbered(" a%d='" + "a".repeat(1_000_000) + "'", 19) + "/>", "</l>"));
    tooMuch("one comment", around("<l><!--", " - ", "--></l>"));
    tooMuch("one processing instruction", around("<l><?p ", " ? ", "?></l>"));
    tooMuch("one name", around("<l><", "n", "/></l>"));
    tooMuch("one tag, of blanks", around("<l><r", " ", "/></l>"));
    tooMuch("comments in a record", around("<l><r>", "<!-- -->", "</r></l>"));
    accepted("white space between records", between(" \n"));
    accepted("comments between records", between("<!-- comment -->"));
    accepted("processing instructions between records", between("<?p i?>"));
    accepted("unknown elements between records", between("<k a='b'>c</k>"));
    accepted("empty records", between("<r/>"));
  }

  private GeneratedFile around(String start, String repeated, String end) {
    return GeneratedFile.of(start).repeat(repeated, huge).then(end);
  }

  private GeneratedFile between(String repeated) {
    return around("<l>" + GOOD, repeated, GOOD + "</l>");
  }

  private void longProlog() {
    tooMuch("prolog of white space", around("<?xml version='1.0'?>", "\n", "<l>" + GOOD + "</l>"));
    tooMuch("prolog of one comment", around("<!--", "a", "--><l>" + GOOD + "</l>"));
    tooMuch(
        "DOCTYPE of entities", around("<!DOCTYPE l [", "<!ENTITY e 'x'>", "]><l>" + GOOD + "</l>"));
    tooMuch("DOCTYPE of one literal", around("<!DOCTYPE l SYSTEM '", "l", "'><l/>"));
    tooMuch("XML declaration", around("<?xml version='1.0'", " ", "?><l/>"));
  }

  private void names() {
    tooMuch("a name of 301 characters", GeneratedFile.of("<l><" + "n".repeat(301) + "/></l>"));
    tooMuch(
        "an attribute's name of 301 characters",
        GeneratedFile.of("<l><r " + "n".repeat(301) + "=''/></l>"));
    tooMuch("100,001 names", GeneratedFile.of("<l>" + numbered("<n%d/>", 100_001)));
    tooMuch("100,001 names in a record", GeneratedFile.of("<l><r>" + numbered("<n%d/>", 100_001)));
    tooMuch(
        "100,001 processing instructions' names",
        GeneratedFile.of("<l>" + numbered("<?n%d?>", 100_001)));
    tooMuch(
        "14,000 names of 295 characters",
        GeneratedFile.of("<l>" + numbered("<" + "é".repeat(290) + "%05d/>", 14_000)));
  }

  private void namespaces() {
    String uri = "u".repeat(10_000);
    tooMuch(
        "a namespace of 10,000 characters with its prefix, around all records",
        GeneratedFile.of("<l xmlns:p='" + uri + "'>" + GOOD + "</l>"));
    accepted("the same in each record", around("<l>", "<r><x xmlns:p='" + uri + "'/></r>", "</l>"));
  }

  private void candidates() {
    String candidates = "<b><v>1</v><k>y</k></b>".repeat(1_000);
    byte[] candidate = "<b><v>1</v><k>y</k></b>".getBytes(UTF_8);
    accepted(
        "300,000 candidates in a row",
        GeneratedFile.of("<l><p id='1'>")
            .then(candidate, 300_000)
            .then("<b><v>1</v><k>x</k></b></p></l>"));
    tooMuch(
        "600,000 candidates of two columns in a row",
        GeneratedFile.of("<l><p id='1'>").then(candidate, 600_000).then("</p></l>"));
    accepted(
        "1,000 candidates in each row",
        GeneratedFile.of("<l>")
            .then(
                ("<p id='1'>" + candidates + "</p>").getBytes(UTF_8),
                Math.min(1_000, huge / 100_000))
            .then("</l>"));
  }

  private void rowsInRows() {
    accepted(
        "a million rows in a row",
        GeneratedFile.of("<l><h>1</h><p id='1'>")
            .then("<c/>".getBytes(UTF_8), 1_000_000)
            .then("<b><v>1</v><k>x</k></b></p></l>"));
    accepted(
        "rows in a row, to whatever length",
        around("<l><h>1</h><p id='1'>", "<c>" + "text ".repeat(50) + "</c>", "</p></l>"));
    int deepest = Limits.MAX_DEPTH - 1;
    accepted(
        "rows in each other, to the limit",
        GeneratedFile.of("<l>")
            .then(("<k n='1'>".repeat(deepest) + "</k>".repeat(deepest)).getBytes(UTF_8), 20)
            .then("</l>"));
    tooMuch(
        "rows in each other, beyond the limit",
        GeneratedFile.of("<l>").then("<k n='1'>".getBytes(UTF_8), Limits.MAX_DEPTH));
  }

  private void aroundRows() {
    String longest = "h".repeat(64 * 1024);
    String text = "<x>" + "text ".repeat(2_000) + "</x>";
    accepted(
        "a value around rows at its limit",
        GeneratedFile.of("<l><h>" + longest + "</h><p><c/></p></l>"));
    tooMuch(
        "a value around rows beyond its limit",
        GeneratedFile.of("<l><h>" + longest + "h</h><p><c/></p></l>"));
    rejected(
        RejectionReason.LATE_VALUE,
        "a value behind the rows that take it",
        around("<l><p><c/></p>", text, "<h>1</h></l>"));
    accepted("a trailer that nobody takes", around("<l><h>1</h><p><c/></p>", text, "<h>1</h></l>"));
  }

  /** Reads a file as the job does: once, and if it is large by several threads. */
  static Outcome read(LimitDocument document) throws IOException {
    RecordReaderFactory readers =
        new RecordReaderFactory(
            CompiledMapping.of(Engine.mapping(document.mapping())),
            new Limits(Limits.DEFAULT_MAX_RECORD_BYTES));
    GeneratedFile file = document.file();
    try {
      ReadDocument<Long> read =
          new DocumentReader(readers, false).read(file, file.size(), CountingSink::new);
      long records = read.parts().stream().mapToLong(ReadDocument.Part::held).sum();
      return new Outcome(null, "accepted, " + records + " records");
    } catch (RejectedException e) {
      return new Outcome(e.reason(), e.getMessage());
    }
  }

  private static String numbered(String format, int count) {
    return IntStream.range(0, count).mapToObj(format::formatted).collect(Collectors.joining());
  }
}
