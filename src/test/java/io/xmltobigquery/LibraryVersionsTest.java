package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What we share with Beam has the version that Beam was built and tested with. */
final class LibraryVersionsTest {

  private static final String BEAM_POM =
      "/META-INF/maven/org.apache.beam/beam-sdks-java-core/pom.xml";

  @Test
  void sharedLibrariesHaveBeamsVersions() throws Exception {
    Map<String, String> beams = beamsVersions();
    Map<String, String> ours = ourVersions();

    for (String library : new String[] {"jackson-databind", "commons-compress", "joda-time"}) {
      assertWithMessage(library).that(ours.get(library)).isEqualTo(beams.get(library));
    }
    // Beam takes any provider of its major version; ours brings its own.
    assertThat(major(ours.get("slf4j-api"))).isEqualTo(major(beams.get("slf4j-api")));
    assertThat(ours.get("slf4j-simple")).isEqualTo(ours.get("slf4j-api"));
  }

  private static String major(String version) {
    return version.substring(0, version.indexOf('.'));
  }

  /** By artifact. */
  private static Map<String, String> beamsVersions() throws Exception {
    try (InputStream in = LibraryVersionsTest.class.getResourceAsStream(BEAM_POM)) {
      return versions(parse(in));
    }
  }

  /** By artifact. */
  private static Map<String, String> ourVersions() throws Exception {
    try (InputStream in = Files.newInputStream(Path.of("pom.xml"))) {
      Document pom = parse(in);
      Node properties = pom.getElementsByTagName("properties").item(0);
      Map<String, String> versions = new HashMap<>();
      versions(pom)
          .forEach(
              (artifact, version) ->
                  versions.put(artifact, resolved(version, (Element) properties)));
      return versions;
    }
  }

  private static String resolved(String version, Element properties) {
    if (!version.startsWith("${")) {
      return version;
    }
    String property = version.substring(2, version.length() - 1);
    return properties.getElementsByTagName(property).item(0).getTextContent();
  }

  private static Map<String, String> versions(Document pom) {
    Map<String, String> versions = new HashMap<>();
    NodeList dependencies = pom.getElementsByTagName("dependency");
    for (int i = 0; i < dependencies.getLength(); i++) {
      Element dependency = (Element) dependencies.item(i);
      NodeList version = dependency.getElementsByTagName("version");
      if (version.getLength() > 0) {
        String artifact = dependency.getElementsByTagName("artifactId").item(0).getTextContent();
        versions.put(artifact, version.item(0).getTextContent());
      }
    }
    return versions;
  }

  private static Document parse(InputStream pom)
      throws IOException, ParserConfigurationException, SAXException {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom);
  }
}
