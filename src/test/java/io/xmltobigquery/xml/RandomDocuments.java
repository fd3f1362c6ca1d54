package io.xmltobigquery.xml;

import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.mapping.Source;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.values.ColumnType;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes documents for a mapping: nearly all of them good ones, written in every way XML allows. */
public final class RandomDocuments {

  private static final List<String> CHARSETS =
      List.of(
          "UTF-8",
          "UTF-8",
          "UTF-8",
          "UTF-16LE",
          "UTF-16BE",
          "UTF-32LE",
          "UTF-32BE",
          "ISO-8859-1",
          "windows-1252",
          "KOI8-R",
          "Shift_JIS",
          "windows-31j",
          "EUC-JP",
          "EUC-KR",
          "GB18030",
          "GBK",
          "Big5",
          "ISO-2022-JP",
          "IBM037",
          "IBM1047");

  private final Mapping mapping;
  private final Random random;
  private final RandomValues values;

  /** How often, of 1000, something is wrong with a place of the current document. */
  private int faults;

  /** How often, of 1000, a text of the current document is long. */
  private int longTexts;

  public RandomDocuments(Mapping mapping, long seed) {
    this.mapping = mapping;
    this.random = new Random(seed);
    this.values = new RandomValues(random);
  }

  /** An element to write. */
  static final class Element {
    final XmlName name;
    final Map<XmlName, String> attributes = new LinkedHashMap<>();
    final List<Element> children = new ArrayList<>();
    @Nullable String text;
    boolean nil;
    boolean record;

    /** Whether a column that isn't plain text takes it: then there are no elements in it. */
    boolean typed;

    Element(XmlName name) {
      this.name = name;
    }
  }

  RandomDocument next() {
    return next(30);
  }

  /**
   * The next document.
   *
   * @param mostRecords how many of each table it may have, that number not included
   */
  public RandomDocument next(int mostRecords) {
    faults = chance(200) ? 1 + random.nextInt(40) : 0;
    longTexts = chance(150) ? 5 : 0;
    Charset charset = Charset.forName(CHARSETS.get(random.nextInt(CHARSETS.size())));
    boolean unicode = charset.name().startsWith("UTF");
    DocumentWriter writer = new DocumentWriter(random, charset, chance(60));
    return writer.write(document(mostRecords), unicode && chance(400));
  }

  private boolean chance(int of1000) {
    return random.nextInt(1000) < of1000;
  }

  private Element document(int mostRecords) {
    Element document = new Element(new XmlName("", "document"));
    for (TableMapping table : mapping.tables()) {
      int records = chance(100) ? 0 : random.nextInt(mostRecords);
      List<XmlName> path = table.record();
      element(document, path.subList(0, path.size() - 1));
      for (int i = 0; i < records; i++) {
        Element section = chance(100) ? newElement(document, path) : element(document, path);
        section.children.add(record(table));
      }
    }
    Element root = document.children.get(0);
    spoil(root, mapping.tables().stream().allMatch(TableMapping::ignoreUnknown));
    Collections.shuffle(root.children, random);
    return root;
  }

  /** The last section that a record of the path can go to. */
  private static Element element(Element document, List<XmlName> path) {
    Element element = document;
    for (XmlName name : path.subList(0, Math.max(1, path.size() - 1))) {
      element = lastChild(element, name);
    }
    return element;
  }

  /** A section of its own, except for the root. */
  private static Element newElement(Element document, List<XmlName> path) {
    Element element = element(document, path.subList(0, 2));
    for (XmlName name : path.subList(1, path.size() - 1)) {
      Element child = new Element(name);
      element.children.add(child);
      element = child;
    }
    return element;
  }

  private static Element firstChild(Element parent, XmlName name) {
    return parent.children.stream()
        .filter(child -> child.name.equals(name))
        .findFirst()
        .orElseGet(() -> lastChild(parent, name));
  }

  private static Element lastChild(Element parent, XmlName name) {
    for (int i = parent.children.size() - 1; i >= 0; i--) {
      Element child = parent.children.get(i);
      if (child.name.equals(name) && !child.record) {
        return child;
      }
    }
    Element child = new Element(name);
    parent.children.add(child);
    return child;
  }

  private Element record(TableMapping table) {
    Element record = new Element(table.record().get(table.record().size() - 1));
    record.record = true;
    fill(record, table.fields());
    spoilAll(record, table.ignoreUnknown());
    return record;
  }

  private void fill(Element holder, List<Field> fields) {
    Map<Source, List<Field>> bySource = new LinkedHashMap<>();
    for (Field field : fields.stream().filter(f -> !f.source().isRest()).toList()) {
      bySource.computeIfAbsent(field.source(), unused -> new ArrayList<>()).add(field);
    }
    for (List<Field> sameSource : bySource.values()) {
      Field field = strictest(sameSource);
      boolean required = sameSource.stream().anyMatch(f -> f.mode() == Mode.REQUIRED);
      boolean absent = chance(faults) || (!required && !isOwnText(field) && chance(300));
      int count = field.mode() == Mode.REPEATED ? random.nextInt(4) : absent ? 0 : 1;
      for (int i = 0; i < count; i++) {
        place(holder, field, !required && chance(30));
      }
    }
    Collections.shuffle(holder.children, random);
  }

  /** An element has a text, and be it empty. */
  private static boolean isOwnText(Field field) {
    return field.source().equals(new Source(List.of(), null));
  }

  private static Field strictest(List<Field> sameSource) {
    return sameSource.stream()
        .filter(field -> field.type() != ColumnType.STRING || field.lexical() != null)
        .findFirst()
        .orElse(sameSource.get(0));
  }

  private void place(Element holder, Field field, boolean nil) {
    List<XmlName> path = field.source().elements();
    XmlName attribute = field.source().attribute();
    Element element = holder;
    for (int i = 0; i < path.size(); i++) {
      boolean last = i == path.size() - 1;
      boolean share =
          !(last && attribute == null) && !chance(field.mode() == Mode.REPEATED ? 200 : 0);
      if (share) {
        // What isn't an array takes its values from one element, wherever the paths meet.
        element =
            field.mode() == Mode.REPEATED || chance(faults)
                ? lastChild(element, path.get(i))
                : firstChild(element, path.get(i));
      } else {
        Element child = new Element(path.get(i));
        element.children.add(child);
        element = child;
      }
    }
    if (attribute != null) {
      element.attributes.put(attribute, value(field));
    } else if (field.type() == ColumnType.RECORD) {
      element.nil = nil;
      if (!nil) {
        fill(element, field.fields());
      }
    } else {
      element.nil = nil && !path.isEmpty();
      element.text = element.nil ? null : value(field);
      element.typed = field.type() != ColumnType.STRING || field.lexical() != null;
    }
  }

  private String value(Field field) {
    if (chance(faults)) {
      return values.text(5);
    }
    boolean plain = field.type() == ColumnType.STRING && field.lexical() == null;
    if (plain && field.maxLength() == null && chance(longTexts)) {
      return values.text(200).repeat(1 + random.nextInt(400));
    }
    return values.of(field);
  }

  private void spoilAll(Element element, boolean ignoreUnknown) {
    element.children.forEach(child -> spoilAll(child, ignoreUnknown));
    spoil(element, ignoreUnknown);
  }

  /** Puts something into the element that doesn't belong there: where it's allowed, or seldom. */
  private void spoil(Element element, boolean ignoreUnknown) {
    int often = ignoreUnknown ? 150 : faults / 4;
    if (chance(often)) {
      element.attributes.put(new XmlName("", "unknown"), values.text(5));
    }
    if (chance(often) && element.text == null && !element.nil) {
      element.text = values.text(10);
    }
    if (chance(often) && !element.nil && (!element.typed || chance(faults))) {
      element.children.add(unknown(0));
    }
    if (chance(faults / 4) && !element.children.isEmpty()) {
      element.children.add(element.children.get(random.nextInt(element.children.size())));
    }
  }

  private Element unknown(int depth) {
    List<XmlName> names =
        List.of(
            new XmlName("", "unknown"),
            new XmlName("urn:shop", "item"),
            new XmlName("", "b"),
            new XmlName("", "r"),
            new XmlName("", "Order"));
    Element unknown = new Element(depth == 0 ? names.get(0) : names.get(random.nextInt(5)));
    unknown.text = chance(500) ? values.text(10) : null;
    while (depth < 6 && chance(500)) {
      unknown.children.add(unknown(depth + 1));
    }
    return unknown;
  }
}
