package io.xmltobigquery.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.xml.ContentReader;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.RejectedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/** Profiles of documents that stand in a test. */
final class Profiles {

  private Profiles() {}

  static Profile of(String... documents) throws IOException, RejectedException {
    return of(new Profiler(), List.of(documents));
  }

  /** One document after the other, by one {@link DocumentProfile}. */
  static Profile of(Profiler profiler, List<String> documents)
      throws IOException, RejectedException {
    DocumentProfile document = profiler.newDocumentProfile();
    for (String xml : documents) {
      add(profiler, document, xml);
    }
    return profiler.profile();
  }

  static void add(Profiler profiler, DocumentProfile document, String xml)
      throws IOException, RejectedException {
    byte[] bytes = xml.getBytes(UTF_8);
    document.begin();
    new ContentReader(new Limits(Limits.DEFAULT_MAX_RECORD_BYTES))
        .read(
            offset -> new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset),
            document);
    profiler.add(document);
  }

  /** The element at a path of local names below the first root: {@code a/b}; "" is the root. */
  static ElementProfile element(Profile profile, String path) {
    ElementProfile element = profile.roots().get(0);
    for (String step : path.isEmpty() ? new String[0] : path.split("/")) {
      element =
          element.children().stream()
              .filter(child -> child.name().local().equals(step))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no " + step + " of " + path));
    }
    return element;
  }

  static ValueProfile values(Profile profile, String path) {
    return element(profile, path).values();
  }

  static AttributeProfile attribute(Profile profile, String path, String name) {
    return element(profile, path).attributes().stream()
        .filter(attribute -> attribute.name().local().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no @" + name + " of " + path));
  }

  /** The local names of an element's children, in their order. */
  static List<String> children(Profile profile, String path) {
    return element(profile, path).children().stream()
        .map(ElementProfile::name)
        .map(XmlName::local)
        .toList();
  }
}
