package io.xmltobigquery.xml;

import io.xmltobigquery.mapping.XmlName;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import javax.xml.XMLConstants;

/** Writes elements as XML, each place in one of the ways that mean the same. */
final class DocumentWriter {

  private static final List<String> PREFIXES = List.of("", "", "p", "q", "xsi", "a.b-c");

  private final Random random;
  private final Charset charset;
  private final boolean xml11;
  private final String[] lineEnds;
  private final Map<Integer, Boolean> encodable = new HashMap<>();

  private final StringBuilder xml = new StringBuilder();
  private final List<Integer> recordStarts = new ArrayList<>();
  private final List<Integer> recordEnds = new ArrayList<>();
  private boolean inRecord;

  /** Those of the current tag, which must not be declared anew in it. */
  private final Set<String> usedPrefixes = new HashSet<>();

  /** How often, of 1000, there is white space or a comment where it has no meaning. */
  private final int noise;

  DocumentWriter(Random random, Charset charset, boolean xml11) {
    this.random = random;
    this.charset = charset;
    this.xml11 = xml11;
    this.noise = random.nextInt(500);
    List<String[]> styles = new ArrayList<>();
    styles.add(new String[] {"\n"});
    styles.add(new String[] {"\r\n"});
    styles.add(new String[] {"\r"});
    styles.add(new String[] {"\n", "\r\n", "\r"});
    if (xml11 && isEncodable(0x85)) {
      styles.add(new String[] {"\u0085", "\r\u0085", "\n", "\r\n", "\r"});
    }
    this.lineEnds = styles.get(random.nextInt(styles.size()));
  }

  RandomDocument write(RandomDocuments.Element root, boolean byteOrderMark) {
    declaration();
    spaceUnlessFirst(byteOrderMark);
    if (chance(50)) {
      xml.append("<!DOCTYPE x [<!-- ]> --><!ENTITY e '<Order>'> <?x ]>?> ]>");
    }
    spaceUnlessFirst(byteOrderMark);
    write(root, Map.of("", "", "xml", XMLConstants.XML_NS_URI));
    space();
    return new RandomDocument(
        xml.toString(),
        charset,
        byteOrderMark,
        xml11,
        List.copyOf(recordStarts),
        List.copyOf(recordEnds));
  }

  /** The first bytes tell UTF-16 by the "<". */
  private void spaceUnlessFirst(boolean byteOrderMark) {
    if (xml.length() > 0 || byteOrderMark) {
      space();
    }
  }

  private void declaration() {
    boolean selfEvident = charset.name().matches("UTF-(8|16..)");
    if (xml11 || !selfEvident || chance(700)) {
      xml.append(xml11 ? "<?xml version='1.1'" : "<?xml version=\"1.0\"");
      if (!selfEvident || chance(700)) {
        String name = charset.name();
        String declared = name.matches("UTF-(16|32)..") ? name.substring(0, 6) : name;
        xml.append(" encoding=\"").append(chance(500) ? declared : name).append('"');
      }
      xml.append(chance(200) ? " standalone='yes' ?>" : "?>");
    }
  }

  private void write(RandomDocuments.Element element, Map<String, String> outerScope) {
    boolean startsRecord = element.record && !inRecord;
    if (startsRecord) {
      inRecord = true;
      recordStarts.add(xml.length());
    }
    Map<String, String> scope = new HashMap<>(outerScope);
    Map<String, String> declarations = new LinkedHashMap<>();
    usedPrefixes.clear();
    if (chance(100)) {
      declare(
          scope, declarations, oneOf(PREFIXES), oneOf("urn:shop", "urn:other", "urn:<&\"'\u00e9"));
    }
    String name = qualified(element.name, scope, declarations, false);
    List<String> attributes = new ArrayList<>();
    element.attributes.forEach(
        (attribute, value) ->
            attributes.add(
                qualified(attribute, scope, declarations, true) + equalSign() + quoted(value)));
    if (element.nil || chance(10)) {
      XmlName nil = new XmlName(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI, "nil");
      attributes.add(
          qualified(nil, scope, declarations, true)
              + equalSign()
              + quoted(element.nil ? oneOf("true", " 1 ") : "false"));
    }
    declarations.forEach(
        (prefix, uri) ->
            attributes.add(
                (prefix.isEmpty() ? "xmlns" : "xmlns:" + prefix) + equalSign() + quoted(uri)));
    Collections.shuffle(attributes, random);

    xml.append('<').append(name);
    for (String attribute : attributes) {
      xml.append(spaceInTag(true)).append(attribute);
    }
    xml.append(spaceInTag(false));
    boolean empty = element.children.isEmpty() && (element.text == null || element.text.isEmpty());
    if (empty && chance(700)) {
      xml.append("/>");
    } else {
      xml.append('>');
      content(element, scope);
      xml.append("</").append(name).append(spaceInTag(false)).append('>');
    }
    if (startsRecord) {
      inRecord = false;
      recordEnds.add(xml.length());
    }
  }

  private void content(RandomDocuments.Element element, Map<String, String> scope) {
    if (element.text != null) {
      if (!element.children.isEmpty() && chance(500)) {
        element.children.forEach(child -> write(child, scope));
        text(element.text);
      } else {
        text(element.text);
        element.children.forEach(child -> write(child, scope));
      }
      return;
    }
    for (RandomDocuments.Element child : element.children) {
      space();
      write(child, scope);
    }
    if (!element.children.isEmpty()) {
      space();
    }
  }

  private void declare(
      Map<String, String> scope, Map<String, String> declarations, String prefix, String uri) {
    if (!declarations.containsKey(prefix)) {
      declarations.put(prefix, uri);
      scope.put(prefix, uri);
    }
  }

  /** The name with one of the prefixes that stand for its namespace here, or a new one. */
  private String qualified(
      XmlName name,
      Map<String, String> scope,
      Map<String, String> declarations,
      boolean attribute) {
    if (name.namespace().isEmpty()) {
      if (!attribute && !scope.get("").isEmpty()) {
        // Only this one is left, if the default namespace was just declared.
        declarations.put("", "");
        scope.put("", "");
      }
      if (!attribute) {
        usedPrefixes.add("");
      }
      return name.local();
    }
    Predicate<String> fits =
        prefix -> scope.get(prefix).equals(name.namespace()) && !(attribute && prefix.isEmpty());
    List<String> prefixes = new ArrayList<>(scope.keySet().stream().filter(fits).sorted().toList());
    String prefix;
    if (prefixes.isEmpty()) {
      prefix = oneOf(PREFIXES);
      while (declarations.containsKey(prefix)
          || usedPrefixes.contains(prefix)
          || (attribute && prefix.isEmpty())) {
        prefix = "n" + random.nextInt(1000);
      }
      declare(scope, declarations, prefix, name.namespace());
    } else {
      prefix = oneOf(prefixes);
    }
    usedPrefixes.add(prefix);
    return prefix.isEmpty() ? name.local() : prefix + ":" + name.local();
  }

  private String equalSign() {
    return chance(900) ? "=" : spaceInTag(false) + "=" + spaceInTag(false);
  }

  private String spaceInTag(boolean needed) {
    if (chance(100)) {
      return oneOf(" ", "  ", "\t") + (chance(300) ? lineEnd() : "");
    }
    return needed ? " " : "";
  }

  private String quoted(String value) {
    char quote = chance(500) ? '"' : '\'';
    StringBuilder quoted = new StringBuilder().append(quote);
    value
        .codePoints()
        .forEach(
            c -> {
              if (c == quote || c == '<' || c == '&' || mustRefer(c) || chance(20)) {
                quoted.append(reference(c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    return quoted.append(quote).toString();
  }

  private void text(String value) {
    int[] characters = value.codePoints().toArray();
    int at = 0;
    while (at < characters.length) {
      int end = Math.min(characters.length, at + 1 + random.nextInt(1 + random.nextInt(100)));
      if (chance(100)) {
        comment();
      }
      if (chance(150)) {
        at = cdata(characters, at, end);
      }
      for (; at < end; at++) {
        character(characters[at]);
      }
    }
    if (chance(50)) {
      comment();
    }
  }

  private void character(int c) {
    if (c == '\n') {
      lineBreak();
    } else if (c == '<' || c == '&' || c == '>' || mustRefer(c) || chance(10)) {
      xml.append(reference(c));
    } else {
      xml.appendCodePoint(c);
    }
  }

  private void lineBreak() {
    String lineEnd = lineEnd();
    if (xml.length() > 0 && xml.charAt(xml.length() - 1) == '\r') {
      xml.append(' ');
    }
    xml.append(lineEnd);
  }

  private int cdata(int[] characters, int start, int end) {
    xml.append("<![CDATA[");
    int at = start;
    while (at < end && !mustRefer(characters[at]) && characters[at] != ']') {
      if (characters[at] == '\n') {
        lineBreak();
      } else {
        xml.appendCodePoint(characters[at]);
      }
      at++;
    }
    xml.append("]]>");
    return at;
  }

  private String reference(int c) {
    String name =
        switch (c) {
          case '<' -> "lt";
          case '>' -> "gt";
          case '&' -> "amp";
          case '"' -> "quot";
          case '\'' -> "apos";
          default -> "#" + c;
        };
    return chance(500) ? "&" + name + ";" : "&#x" + Integer.toHexString(c) + ";";
  }

  /** Whether the character can't stand in the text as it is. */
  private boolean mustRefer(int c) {
    return c == '\r' || (xml11 && (c == 0x85 || c == 0x2028)) || !isEncodable(c);
  }

  private boolean isEncodable(int c) {
    return encodable.computeIfAbsent(
        c,
        unused -> {
          String character = Character.toString(c);
          return new String(character.getBytes(charset), charset).equals(character);
        });
  }

  private void space() {
    while (chance(noise)) {
      switch (random.nextInt(5)) {
        case 0 -> xml.append("   ");
        case 1 -> comment();
        default -> lineBreak();
      }
    }
  }

  private void comment() {
    String content =
        oneOf(
            "", " ", "<Order>", "</Root>", "]]>", " & ", lineEnd(), isEncodable(0x6F22) ? "漢" : "");
    if (chance(500)) {
      xml.append("<!--").append(content).append("-->");
    } else {
      xml.append("<?pi ").append(content.replace("\r", "")).append("?>");
    }
  }

  private String lineEnd() {
    return lineEnds[random.nextInt(lineEnds.length)];
  }

  private boolean chance(int of1000) {
    return random.nextInt(1000) < of1000;
  }

  private String oneOf(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String oneOf(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
