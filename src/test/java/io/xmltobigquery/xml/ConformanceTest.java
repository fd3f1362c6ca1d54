package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.mapping.Source;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.values.ColumnType;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.stream.XMLStreamConstants;
import org.codehaus.stax2.XMLStreamReader2;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Every document of the W3C's XML test suite: one that isn't well-formed is rejected with a
 * position, and a well-formed one is read, into the suite's canonical form if it has one.
 *
 * <p>The exceptions are listed in {@code set-aside.txt}, each under its rule. The list can't grow
 * unseen: the numbers stand here, and a document that it doesn't need fails the test, as does one
 * that is treated in another way than its rule says.
 */
class ConformanceTest {

  private static final int PASSED = 1_707;
  private static final int SET_ASIDE = 878;

  private static final Path LIST = Path.of("src/conformance/set-aside.txt");
  private static final String DTD_FAULT = "dtd-fault";
  private static final String PASSES = "passes";

  /** A rule of the list, and how its documents fail. */
  private record Rule(String name, String finding) {}

  private static List<ConformanceSuite.Case> cases = List.of();

  /** What became of each document. */
  private static final Map<String, String> FINDINGS = new LinkedHashMap<>();

  private static final String UNKNOWN_ENTITY = "refused for an unknown entity";

  private static final Map<String, Rule> SET_ASIDE_BY = new LinkedHashMap<>();

  @BeforeAll
  static void readAllDocuments() throws Exception {
    cases = ConformanceSuite.cases();
    for (ConformanceSuite.Case document : cases) {
      FINDINGS.put(document.id(), finding(document));
    }
    Rule rule = new Rule("none", PASSES);
    for (String line : Files.readAllLines(LIST)) {
      if (line.startsWith("rule ")) {
        String[] parts = line.substring("rule ".length()).split(": ", 2);
        rule = new Rule(parts[0], parts[1]);
      } else if (!line.isBlank() && !line.startsWith("#")) {
        assertWithMessage("%s is listed twice", line).that(SET_ASIDE_BY.put(line, rule)).isNull();
      }
    }
  }

  /** What we do with a document that we should treat in another way, or that it passes. */
  private static String finding(ConformanceSuite.Case document) throws IOException {
    byte[] bytes = Files.readAllBytes(document.document());
    XmlSource source = Engine.source(bytes);
    CanonicalForm form = CanonicalForm.of(source);
    String refusal =
        refusal(source, form.root() == null ? new XmlName("", "x") : form.root(), bytes);
    // Whoever reads rows also reads the defaults of attributes, and needs no entity but for them.
    String canonical = refusal.equals(UNKNOWN_ENTITY) ? null : form.text();
    assertWithMessage("%s, read for rows: %s", document.id(), refusal)
        .that(refusal.isEmpty())
        .isEqualTo(canonical != null);
    return switch (document.type()) {
      case "error" -> PASSES;
      case "not-wf" -> canonical == null ? PASSES : "accepted";
      case "valid", "invalid" -> {
        if (canonical == null) {
          yield refusal;
        }
        boolean same =
            document.output() == null || canonical.equals(Files.readString(document.output()));
        yield same ? PASSES : "read as something else";
      }
      default -> throw new IllegalArgumentException(document.toString());
    };
  }

  /** Reads the document with a mapping that takes its root element for a record. */
  private static String refusal(XmlSource source, XmlName root, byte[] bytes) throws IOException {
    Field text =
        new Field(
            "text",
            ColumnType.STRING,
            Mode.NULLABLE,
            new Source(List.of(), null),
            null,
            null,
            null,
            null,
            null,
            null,
            "{}",
            List.of());
    Mapping mapping =
        new Mapping(List.of(TableMapping.of("t", List.of(root), true, List.of(text))));
    try {
      assertThat(Engine.of(mapping).records(source)).hasSize(1);
      return "";
    } catch (RejectedException e) {
      Position position = e.position();
      assertThat(position).isNotNull();
      assertThat(position.byteOffset()).isAtMost(bytes.length);
      return e.reason() == RejectionReason.UNKNOWN_ENTITY
          ? UNKNOWN_ENTITY
          : "refused as not well-formed";
    }
  }

  @Test
  void everyDocumentPassesOrIsSetAside() {
    Map<String, String> failures = new LinkedHashMap<>(FINDINGS);
    failures.values().removeIf(PASSES::equals);
    failures.keySet().removeAll(SET_ASIDE_BY.keySet());

    Map<String, Integer> rules = new TreeMap<>();
    SET_ASIDE_BY.values().forEach(rule -> rules.merge(rule.name(), 1, Integer::sum));
    System.out.printf(
        "XML conformance: %d passed, %d failed, %d set aside %s%n",
        cases.size() - SET_ASIDE_BY.size() - failures.size(),
        failures.size(),
        SET_ASIDE_BY.size(),
        rules);
    assertThat(failures).isEmpty();
  }

  @Test
  void whatIsSetAsideFailsAsItsRuleSays() {
    Map<String, String> wrong = new LinkedHashMap<>();
    SET_ASIDE_BY.forEach(
        (id, rule) -> {
          if (!rule.finding().equals(FINDINGS.get(id))) {
            wrong.put(id, FINDINGS.get(id) + ", but the rule is " + rule);
          }
        });

    assertThat(wrong).isEmpty();
  }

  @Test
  void theListIsOfTheKnownSize() {
    assertThat(SET_ASIDE_BY).hasSize(SET_ASIDE);
    assertThat(cases).hasSize(PASSED + SET_ASIDE);
    assertThat(FINDINGS).hasSize(PASSED + SET_ASIDE);
  }

  /** An independent parser finds nothing wrong with them once the DOCTYPE is taken away. */
  @Test
  void faultsInDtdsAreNowhereElse() throws Exception {
    List<ConformanceSuite.Case> documents = new ArrayList<>(cases);
    documents.removeIf(
        document ->
            !SET_ASIDE_BY.containsKey(document.id())
                || !SET_ASIDE_BY.get(document.id()).name().equals(DTD_FAULT));
    SAXParserFactory parsers = SAXParserFactory.newDefaultInstance();
    parsers.setNamespaceAware(true);
    for (ConformanceSuite.Case document : documents) {
      String text = withoutDoctype(Files.readAllBytes(document.document()));
      parsers.newSAXParser().parse(new InputSource(new StringReader(text)), new DefaultHandler());
    }
    assertThat(documents).isNotEmpty();
  }

  private static String withoutDoctype(byte[] document) throws Exception {
    byte[] head = Arrays.copyOf(document, Math.min(document.length, Encoding.HEAD_LENGTH));
    Encoding encoding = Encoding.detect(head);
    int start = encoding.byteOrderMarkLength();
    String text = new String(document, start, document.length - start, encoding.charset());
    XMLStreamReader2 events = new StaxReaders(Map.of()).create(new StringReader(text));
    while (events.next() != XMLStreamConstants.DTD) {
      // What comes before the DOCTYPE stays.
    }
    int from = (int) events.getLocationInfo().getStartingCharOffset();
    int to = (int) events.getLocationInfo().getEndingCharOffset();
    return (text.substring(0, from) + text.substring(to)).strip();
  }
}
