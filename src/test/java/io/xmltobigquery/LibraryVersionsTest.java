package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

  private static final List<String> BEAM_MODULES =
      List.of(
          "beam-sdks-java-core",
          "beam-sdks-java-extensions-google-cloud-platform-core",
          "beam-sdks-java-io-google-cloud-platform",
          "beam-runners-google-cloud-dataflow-java",
          "beam-runners-flink-1.19");

  /** What has no version in our POM has the one of Beam's BOM, which the POM imports. */
  @Test
  void sharedLibrariesHaveBeamsVersions() throws Exception {
    Map<String, String> beams = beamsVersions();
    Map<String, String> ours = ourVersions();

    List<String> compared = new ArrayList<>();
    ours.forEach(
        (library, version) -> {
          // Beam takes any provider of its major version; ours brings its own.
          if (beams.containsKey(library) && !library.equals("slf4j-api")) {
            compared.add(library);
            assertWithMessage(library).that(version).isEqualTo(beams.get(library));
          }
        });
    assertThat(compared)
        .containsAtLeast("jackson-databind", "commons-compress", "joda-time", "zstd-jni");
    assertThat(major(ours.get("slf4j-api"))).isEqualTo(major(beams.get("slf4j-api")));
    assertThat(ours.get("flink-test-utils")).isEqualTo(beams.get("flink-core"));
    assertThat(ours.get("slf4j-simple")).isEqualTo(ours.get("slf4j-api"));
  }

  private static String major(String version) {
    return version.substring(0, version.indexOf('.'));
  }

  /** By artifact. */
  private static Map<String, String> beamsVersions() throws Exception {
    Map<String, String> versions = new HashMap<>();
    for (String module : BEAM_MODULES) {
      String pom = "/META-INF/maven/org.apache.beam/" + module + "/pom.xml";
      try (InputStream in = LibraryVersionsTest.class.getResourceAsStream(pom)) {
        versions.putAll(versions(parse(in)));
      }
    }
    return versions;
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
