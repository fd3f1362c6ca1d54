package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.Documents;
import io.xmltobigquery.oracle.OracleRecord;
import io.xmltobigquery.oracle.OracleRejection;
import io.xmltobigquery.oracle.XPathOracle;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Generated documents of generated mappings whose paths have every form: the rows are those that
 * the JDK's own XPath finds in a tree.
 *
 * <p>{@code -Dpaths.documents=9000} tries more documents, {@code -Dpaths.seed=7} others.
 */
class PathsOracleTest {

  private static final int DOCUMENTS = Integer.getInteger("paths.documents", 400);
  private static final long SEED = Long.getLong("paths.seed", 1);
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void rowsAreThoseThatXPathFindsInATree() {
    int good = 0;
    int rows = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      long seed = SEED * 1_000_003 + i;
      Generated generated = new Generated(new Random(seed));
      ObjectNode mapping = generated.mapping();
      String document = generated.document();
      try {
        int found = check(mapping, document);
        good += found >= 0 ? 1 : 0;
        rows += Math.max(0, found);
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "seed " + seed + "\n" + mapping.toPrettyString() + "\n" + document, e);
      }
    }
    System.out.printf(
        "Paths: %d documents from seed %d, %d of them good, with %d rows%n",
        DOCUMENTS, SEED, good, rows);
    assertWithMessage("good documents").that(good).isAtLeast(DOCUMENTS / 3);
    assertWithMessage("good documents").that(good).isLessThan(DOCUMENTS);
  }

  /** How many rows there are, or -1 if the document is bad. */
  private static int check(ObjectNode mapping, String document) throws Exception {
    Engine engine = Engine.ofJson(mapping.toString());
    XmlSource source = Engine.source(document);
    List<OracleRecord> expected;
    try {
      expected = XPathOracle.read(document, mapping);
    } catch (OracleRejection e) {
      RejectedException rejection = engine.rejection(source);
      assertWithMessage("%s, but %s", e, rejection.getMessage())
          .that(rejection.reason())
          .isAnyOf(RejectionReason.REPEATED_FIELD, RejectionReason.LATE_VALUE);
      return -1;
    }
    try {
      assertThat(engine.records(source)).isEqualTo(expected);
    } catch (RejectedException e) {
      if (expected.isEmpty() && e.reason() == RejectionReason.NO_SECTION) {
        return 0;
      }
      throw e;
    }
    XmlSource gzip =
        new DecompressedSource(
            Compression.GZIP, Engine.source(Documents.gzip(Documents.utf8(document))));
    assertThat(engine.records(gzip)).isEqualTo(expected);
    return expected.size();
  }

  /** A document and a mapping of the same few names. */
  private static final class Generated {
    private final Random random;

    Generated(Random random) {
      this.random = random;
    }

    private boolean chance(int of100) {
      return random.nextInt(100) < of100;
    }

    private String oneOf(String... choices) {
      return choices[random.nextInt(choices.length)];
    }

    String document() {
      StringBuilder xml = new StringBuilder();
      element(xml, "l", 0);
      return xml.toString();
    }

    private void element(StringBuilder xml, String name, int depth) {
      xml.append('<').append(name);
      // As the JDK's tree has them: XPath leaves the order of attributes open.
      for (String attribute : List.of("j", "k")) {
        if (chance(35)) {
          xml.append(' ').append(attribute).append("='").append(oneOf("x", "y", "")).append('\'');
        }
      }
      int children = depth == 0 ? 1 + random.nextInt(5) : depth > 5 ? 0 : random.nextInt(4);
      xml.append('>');
      if (chance(30)) {
        xml.append(oneOf("x", "y", " x ", "<![CDATA[x]]>"));
      }
      for (int i = 0; i < children; i++) {
        element(xml, oneOf("a", "b", "c", "r", "r"), depth + 1);
        if (chance(10)) {
          xml.append(oneOf("x", "z"));
        }
      }
      xml.append("</").append(name).append('>');
    }

    ObjectNode mapping() {
      ObjectNode mapping = JSON.createObjectNode();
      mapping.put("outside", "ignore").put("emptyDocument", "accept");
      ArrayNode tables = mapping.putArray("tables");
      int count = 1 + random.nextInt(3);
      for (int i = 0; i < count; i++) {
        table(tables.addObject(), "t" + i);
      }
      return mapping;
    }

    private void table(ObjectNode table, String name) {
      String record =
          oneOf(
              "/l/r",
              "/l/*",
              "//r",
              "/l/a/r | /l/b",
              "/l//r",
              "//a[@k]",
              "/l/a[@k='x']/r",
              "/l/*[not(@k='y')]/*",
              "//r//a | //b[@k or @j]",
              "/l/a | /l/a/b | /l/a/b/r");
      table.put("table", name).put("record", record).put("unknown", "ignore");
      ArrayNode fields = table.putArray("fields");
      int count = 1 + random.nextInt(4);
      for (int i = 0; i < count; i++) {
        field(fields.addObject().put("name", "f" + i).put("type", "STRING"));
      }
      // One that isn't an array, and has no other to be put together with.
      if (chance(30)) {
        fields.addObject().put("name", "one").put("type", "STRING").put("source", path());
      }
      if (chance(40)) {
        fields.addObject().put("name", "rest").put("type", "JSON").put("source", "row:rest()");
      }
    }

    private void field(ObjectNode field) {
      switch (random.nextInt(11)) {
        case 0 -> field.put("source", "(" + path() + ")[" + oneOf("1", "2", "last()") + "]");
        case 1 -> field.put("mode", "REPEATED").put("source", path() + " | " + path());
        case 2 ->
            field.put("mode", "REPEATED").putArray("source").add(path()).add(path()).add(path());
        case 3 -> field.put("source", "concat(" + first() + ", '-', " + first() + ")");
        case 4 -> field.put("mode", "REPEATED").put("source", "local-name(" + elements() + ")");
        case 5 -> field.put("mode", "REPEATED").put("source", "string(" + elements() + ")");
        case 6 -> field.put("source", oneOf("row:position()", "row:path()", "row:depth()"));
        case 7 ->
            field
                .put("mode", "REPEATED")
                .put("source", oneOf("ancestor::a/@k", "ancestor::r/@j", "../@k", "../b[@k]/@j"));
        case 8 ->
            field.put(
                "source", oneOf("ancestor::a[1]/@k", "ancestor::r[1]/@j", "../@j", "(../b)[1]"));
        default -> field.put("mode", "REPEATED").put("source", path());
      }
    }

    private String first() {
      return "(" + path() + ")[1]";
    }

    private String path() {
      return elements()
          + switch (random.nextInt(8)) {
            case 0 -> "/@k";
            case 1 -> "//@j";
            case 2 -> "/text()";
            case 3 -> "//text()";
            default -> "";
          };
    }

    private String elements() {
      StringBuilder path = new StringBuilder(chance(20) ? ".//" : "");
      int steps = 1 + random.nextInt(3);
      for (int i = 0; i < steps; i++) {
        path.append(i == 0 ? "" : chance(20) ? "//" : "/");
        path.append(chance(15) ? "*" : oneOf("a", "b", "c", "r"));
        if (chance(30)) {
          path.append(
              oneOf(
                  "[@k]",
                  "[@k='x']",
                  "[not(@k)]",
                  "[b]",
                  "[b='x']",
                  "[not(b='x') and @k]",
                  "[1]",
                  "[2]",
                  "[last()]",
                  "[@k][1]",
                  "[@k or c]",
                  "[b/@k='x']",
                  "[.='x']",
                  "[normalize-space(.)='x']",
                  "[.//c]",
                  "[local-name()='a']",
                  "[@j][last()]",
                  "[last()][b]",
                  "[text()='x']"));
        }
      }
      return path.toString();
    }
  }
}
