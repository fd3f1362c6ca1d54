package io.xmltobigquery.xsd;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.XMLConstants;
import org.apache.xerces.xs.XSAnnotation;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/**
 * The words of an annotation: of its {@code xs:documentation} in English, or else of its first
 * language. Where a part of it is named a definition, as in ISO 20022 and in the core components of
 * UBL, it is that one.
 */
final class Documentation extends DefaultHandler {

  private static final String DEFINITION = "definition";

  /** One {@code xs:documentation}. */
  private record Part(String language, String text) {}

  private final List<Part> parts = new ArrayList<>();
  private final List<String> definitions = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder definition = new StringBuilder();
  private int depth;
  private int documentation;
  private int inDefinition;
  private String language = "";
  private boolean isDefinition;

  private Documentation() {}

  /** On one line; empty if there are none. */
  static String of(@Nullable XSAnnotation annotation) {
    if (annotation == null || !annotation.getAnnotationString().contains("documentation")) {
      return "";
    }
    Documentation found = new Documentation();
    annotation.writeAnnotation(found, XSAnnotation.SAX_CONTENTHANDLER);
    return found.words();
  }

  private String words() {
    if (!definitions.isEmpty()) {
      return definitions.get(0);
    }
    boolean hasEnglish = parts.stream().anyMatch(Documentation::isEnglish);
    String first = parts.isEmpty() ? "" : parts.get(0).language();
    return String.join(
        " ",
        parts.stream()
            .filter(part -> hasEnglish ? isEnglish(part) : part.language().equals(first))
            .map(Part::text)
            .toList());
  }

  private static boolean isEnglish(Part part) {
    return part.language().isEmpty() || part.language().toLowerCase(Locale.ROOT).startsWith("en");
  }

  @Override
  public void startElement(String uri, String local, String qName, Attributes attributes) {
    depth++;
    if (documentation == 0 && uri.equals(XsdScan.XSD) && local.equals("documentation")) {
      documentation = depth;
      text.setLength(0);
      String given = attributes.getValue(XMLConstants.XML_NS_URI, "lang");
      language = given == null ? "" : given;
      isDefinition = DEFINITION.equalsIgnoreCase(attributes.getValue("", "source"));
    } else if (documentation > 0 && inDefinition == 0 && local.equalsIgnoreCase(DEFINITION)) {
      inDefinition = depth;
      definition.setLength(0);
    }
    text.append(' ');
  }

  @Override
  public void characters(char[] chars, int start, int length) {
    text.append(chars, start, length);
    if (inDefinition > 0) {
      definition.append(chars, start, length);
    }
  }

  @Override
  public void endElement(String uri, String local, String qName) {
    if (inDefinition == depth) {
      inDefinition = 0;
      add(definitions, oneLine(definition));
    }
    if (documentation == depth) {
      documentation = 0;
      String words = oneLine(text);
      if (!words.isEmpty()) {
        parts.add(new Part(language, words));
      }
      if (isDefinition) {
        add(definitions, words);
      }
    }
    text.append(' ');
    depth--;
  }

  private static void add(List<String> to, String words) {
    if (!words.isEmpty()) {
      to.add(words);
    }
  }

  private static String oneLine(StringBuilder text) {
    return text.toString().replaceAll("\\s+", " ").strip();
  }
}
