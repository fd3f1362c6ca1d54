package io.xmltobigquery.xml;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.Documents;
import io.xmltobigquery.mapping.CompiledMapping;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** Files that want to harm whoever reads them. */
final class HostileDocuments {

  /**
   * One of them.
   *
   * @param expected the reason to reject it, or null if it is good XML and reading it does no harm
   */
  record HostileDocument(String name, GeneratedFile file, @Nullable RejectionReason expected) {
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

  private static final long CHUNK_BYTES = 8 << 20;

  /** Whose records have any content: what is refused by the mapping isn't read. */
  static final String MAPPING =
      "{'tables': [{'table': 't', 'record': '/l/r', 'unknown': 'ignore', 'fields': ["
          + "{'name': 'x', 'type': 'STRING'},"
          + "{'name': 'a', 'type': 'STRING', 'source': '@a'},"
          + "{'name': 'y', 'type': 'STRING', 'mode': 'REPEATED'}]}]}";

  private static final String GOOD = "<r><x>1</x></r>";

  private final List<HostileDocument> documents = new ArrayList<>();
  private final long huge;

  private HostileDocuments(long huge) {
    this.huge = huge;
  }

  /**
   * All of them.
   *
   * @param file a URI of a file that nobody may open
   * @param http a URI that nobody may open
   * @param huge the length, in bytes, of what is too long in most of them; more than 20 MiB
   */
  static List<HostileDocument> all(String file, String http, long huge) {
    HostileDocuments all = new HostileDocuments(huge);
    all.entities(file, http);
    all.tooMuchOfAKind();
    all.tooLong();
    all.endlessProlog();
    all.names();
    all.namespaces();
    all.lyingEncodings();
    all.gzipBombs();
    return all.documents;
  }

  private void rejected(RejectionReason reason, String name, GeneratedFile file) {
    documents.add(new HostileDocument(name, file, reason));
  }

  private void tooMuch(String name, GeneratedFile file) {
    rejected(RejectionReason.LIMIT_EXCEEDED, name, file);
  }

  private void harmless(String name, GeneratedFile file) {
    documents.add(new HostileDocument(name, file, null));
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
      harmless(
          "external DTD and parameter entity, " + kind,
          GeneratedFile.of(
              "<!DOCTYPE l SYSTEM '%s' [<!ENTITY %% p SYSTEM '%s'>%%p;]><l>%s</l>"
                  .formatted(uri, uri, GOOD)));
    }
    StringBuilder laughs = new StringBuilder("<!DOCTYPE l [<!ENTITY e0 'ha'>");
    for (int i = 1; i < 30; i++) {
      laughs.append("<!ENTITY e%d '%s'>".formatted(i, ("&e" + (i - 1) + ";").repeat(10)));
    }
    rejected(
        RejectionReason.UNKNOWN_ENTITY,
        "billion laughs",
        GeneratedFile.of(laughs + "]><l><r><x>&e29;</x></r></l>"));
    rejected(
        RejectionReason.UNKNOWN_ENTITY,
        "quadratic blowup",
        GeneratedFile.of("<!DOCTYPE l [<!ENTITY e '" + "a".repeat(100_000) + "'>]><l><r><x>")
            .then("&e;".getBytes(UTF_8), 100_000)
            .then("</x></r></l>"));
  }

  private void tooMuchOfAKind() {
    tooMuch("a million levels", GeneratedFile.of("<l>").then("<k>".getBytes(UTF_8), 1_000_000));
    tooMuch(
        "a million levels in a record",
        GeneratedFile.of("<l><r>").then("<k>".getBytes(UTF_8), 1_000_000));
    tooMuch("100,000 attributes", GeneratedFile.of("<l><r" + numbered(" a%d=''", 100_000) + "/>"));
    tooMuch(
        "2 million values in a record",
        GeneratedFile.of("<l><r>").then("<y/>".getBytes(UTF_8), 2_000_000).then("</r></l>"));
  }

  private void tooLong() {
    tooMuch("one text", around("<l><r><x>", "text ", "</x></r></l>"));
    tooMuch("one CDATA section", around("<l><r><x><![CDATA[", "]] >", "]]></x></r></l>"));
    tooMuch("one attribute", around("<l><r a='", "a", "'/></l>"));
    tooMuch("one unknown attribute", around("<l><k a='", "a", "'/></l>"));
    harmless(
        "attributes of 19 MB in each record",
        around("<l>", "<r" + numbered(" a%d='" + "a".repeat(1_000_000) + "'", 19) + "/>", "</l>"));
    tooMuch("one comment", around("<l><!--", " - ", "--></l>"));
    tooMuch("one processing instruction", around("<l><?p ", " ? ", "?></l>"));
    tooMuch("one name", around("<l><", "n", "/></l>"));
    tooMuch("one tag, of blanks", around("<l><r", " ", "/></l>"));
    tooMuch("comments in a record", around("<l><r>", "<!-- -->", "</r></l>"));
    tooMuch("a reference to a character", around("<l><r><x>&#", "0", ";</x></r></l>"));
    harmless("white space between records", between(" \n"));
    harmless("comments between records", between("<!-- comment -->"));
    harmless("processing instructions between records", between("<?p i?>"));
    harmless("unknown elements between records", between("<k a='b'>c</k>"));
    harmless("empty records", between("<r/>"));
  }

  private GeneratedFile around(String start, String repeated, String end) {
    return GeneratedFile.of(start).repeat(repeated, huge).then(end);
  }

  private GeneratedFile between(String repeated) {
    return around("<l>" + GOOD, repeated, GOOD + "</l>");
  }

  private void endlessProlog() {
    tooMuch("prolog of white space", around("<?xml version='1.0'?>", "\n", "<l>" + GOOD + "</l>"));
    tooMuch("prolog of one comment", around("<!--", "a", "--><l>" + GOOD + "</l>"));
    tooMuch(
        "DOCTYPE of entities", around("<!DOCTYPE l [", "<!ENTITY e 'x'>", "]><l>" + GOOD + "</l>"));
    tooMuch("DOCTYPE of one literal", around("<!DOCTYPE l SYSTEM '", "l", "'><l/>"));
    tooMuch("XML declaration", around("<?xml version='1.0'", " ", "?><l/>"));
  }

  private void names() {
    tooMuch("a name of 100 KB", GeneratedFile.of("<l><" + "n".repeat(100_000) + "/></l>"));
    tooMuch(
        "an attribute's name of 100 KB",
        GeneratedFile.of("<l><r " + "n".repeat(100_000) + "=''/></l>"));
    tooMuch("200,000 names", GeneratedFile.of("<l>" + numbered("<n%d/>", 200_000)));
    tooMuch("200,000 names in a record", GeneratedFile.of("<l><r>" + numbered("<n%d/>", 200_000)));
    tooMuch(
        "200,000 processing instructions' names",
        GeneratedFile.of("<l>" + numbered("<?n%d?>", 200_000)));
    String longest = "é".repeat(290);
    tooMuch(
        "20,000 names of 300 characters",
        GeneratedFile.of("<l>" + numbered("<" + longest + "%d/>", 20_000)));
    tooMuch(
        "100,000 names of one hash",
        GeneratedFile.of("<l>" + joined(100_000, i -> "<" + ofOneHash(i) + "/>")));
  }

  /** "Aa" and "BB" have the same hash, and so has each row of them of the same length. */
  private static String ofOneHash(int number) {
    StringBuilder name = new StringBuilder();
    for (int bit = 0; bit < 17; bit++) {
      name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
    }
    return name.toString();
  }

  private void namespaces() {
    String uri = "u".repeat(1_000_000);
    tooMuch(
        "a namespace of 1 MB on each of 900 levels",
        GeneratedFile.of("<l>").then(("<k xmlns='" + uri + "'>").getBytes(UTF_8), 900));
    tooMuch(
        "a namespace of 1 MB around all records",
        GeneratedFile.of("<l xmlns:p='" + uri + "'>" + GOOD + "</l>"));
    GeneratedFile different = GeneratedFile.of("<l>");
    byte[] rest = (uri + "'/></r>").getBytes(UTF_8);
    for (int i = 0; i < huge / uri.length(); i++) {
      different.then("<r><x xmlns:p='" + i).then(rest, 1);
    }
    harmless("another namespace of 1 MB in each record", different.then("</l>"));
  }

  private void lyingEncodings() {
    rejected(
        RejectionReason.INVALID_ENCODING,
        "UTF-8 that says UTF-16",
        GeneratedFile.of("<?xml version='1.0' encoding='UTF-16'?><l/>"));
    for (String wide : List.of("UTF-16LE", "UTF-16BE")) {
      rejected(
          RejectionReason.INVALID_ENCODING,
          wide + " that says UTF-8",
          GeneratedFile.of(
              "<?xml version='1.0' encoding='UTF-8'?><l/>"
                  .getBytes(wide.equals("UTF-16LE") ? UTF_16LE : UTF_16BE)));
    }
    rejected(
        RejectionReason.INVALID_ENCODING,
        "ISO-8859-1 that says UTF-8",
        GeneratedFile.of(
            "<?xml version='1.0' encoding='UTF-8'?><l><r><x>é</x></r></l>".getBytes(ISO_8859_1)));
    rejected(
        RejectionReason.INVALID_ENCODING,
        "UTF-8 that says EBCDIC",
        GeneratedFile.of("<?xml version='1.0' encoding='IBM037'?><l/>"));
    rejected(
        RejectionReason.INVALID_ENCODING,
        "an encoding that nobody knows",
        GeneratedFile.of("<?xml version='1.0' encoding='" + "x".repeat(500) + "'?><l/>"));
  }

  private void gzipBombs() {
    byte[] start = Documents.gzip("<l>".getBytes(UTF_8));
    long more = Math.max(huge, 2 * GzipSource.UNSUSPECTED_BYTES);
    byte[] spaces = " ".repeat(1 << 20).getBytes(UTF_8);
    byte[] member = Documents.gzip(spaces);
    tooMuch("gzip of many members", GeneratedFile.of(start).then(member, more / spaces.length));
    tooMuch(
        "gzip of one member",
        GeneratedFile.of(start).then(header(0), 1).then(deflated(spaces), more / spaces.length));
    byte[] small = Documents.gzip(" ".repeat(20_000).getBytes(UTF_8));
    tooMuch("gzip of small members", GeneratedFile.of(start).then(small, more / 20_000));
    tooMuch(
        "gzip of empty members",
        GeneratedFile.of(start).then(Documents.gzip(new byte[0]), huge / 20));
    tooMuch("gzip with an endless name", GeneratedFile.of(header(8)).repeat("name", huge));
    tooMuch("gzip with an endless comment", GeneratedFile.of(header(16)).repeat("name", huge));
    rejected(
        RejectionReason.INVALID_ENCODING, "gzip in gzip", GeneratedFile.of(Documents.gzip(member)));
  }

  /** RFC 1952, section 2.3. */
  private static byte[] header(int flags) {
    return new byte[] {0x1F, (byte) 0x8B, 8, (byte) flags, 0, 0, 0, 0, 0, (byte) 0xFF};
  }

  /** Blocks of a deflate stream, to which others may be added. */
  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(bytes);
    ByteArrayOutputStream blocks = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    int length;
    do {
      length = deflater.deflate(buffer, 0, buffer.length, Deflater.FULL_FLUSH);
      blocks.write(buffer, 0, length);
    } while (length == buffer.length);
    deflater.end();
    return blocks.toByteArray();
  }

  /** Reads a file as the job does: inspects it, and then parses its chunks. */
  static Outcome read(HostileDocument document) throws IOException {
    RecordReaderFactory readers =
        new RecordReaderFactory(
            CompiledMapping.of(Engine.mapping(MAPPING)),
            new Limits(Limits.DEFAULT_MAX_RECORD_BYTES));
    Inspector inspector = new Inspector(readers, CHUNK_BYTES, false);
    GeneratedFile file = document.file();
    long records = 0;
    try {
      boolean gzip;
      try (InputStream in = file.open(0)) {
        gzip = GzipSource.isGzip(in.readNBytes(2));
      }
      Inspection inspection =
          gzip ? inspector.inspect(new GzipSource(file)) : inspector.inspect(file, file.size());
      for (Chunk chunk : inspection.chunks()) {
        try (RecordReader reader = readers.open(file, chunk)) {
          while (reader.next()) {
            records++;
          }
        }
      }
    } catch (RejectedException e) {
      return new Outcome(e.reason(), e.getMessage());
    }
    return new Outcome(null, "accepted, " + records + " records");
  }

  private static String numbered(String format, int count) {
    return joined(count, format::formatted);
  }

  private static String joined(int count, IntFunction<String> part) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < count; i++) {
      all.append(part.apply(i));
    }
    return all.toString();
  }
}
