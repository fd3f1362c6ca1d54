package io.xmltobigquery.xml;

import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.rows.TableColumns;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A guess at a place between records, and at the elements that are open there. What is read from a
 * wrong guess is worthless; see {@link DocumentReader} for how a right one is known.
 *
 * @param openElements the root element first
 */
record PartStart(long byteOffset, List<OpenElement> openElements) {

  /** How far behind the wanted place a guess is looked for, in bytes. */
  private static final int SEARCHED_BYTES = 1 << 20;

  private static final int STEP_BYTES = 64 * 1024;

  PartStart {
    openElements = List.copyOf(openElements);
  }

  /**
   * Guesses places behind the given ones.
   *
   * @param wanted byte offsets, ascending
   * @return at most one for each, ascending; none if the document has no such places, or can't be
   *     entered by looking for a tag
   */
  static List<PartStart> guess(RecordReaderFactory readers, XmlSource source, long... wanted)
      throws IOException {
    List<OpenElement> first = List.of();
    try (RecordReader reader = readers.open(source)) {
      // Only here does an ASCII character's byte never stand for anything else.
      if (reader.encoding().charset().equals(StandardCharsets.UTF_8) && reader.next()) {
        first = reader.openElements();
      }
    } catch (RejectedException e) {
      // Whoever reads the document in earnest will tell.
      return List.of();
    }
    if (first.isEmpty()) {
      return List.of();
    }
    List<TableColumns> tables = readers.mapping().tables();
    Pattern recordEnd = recordEnd(tables);
    List<PartStart> guesses = new ArrayList<>();
    long last = 0;
    for (long offset : wanted) {
      PartStart guess = guess(source, Math.max(offset, last), recordEnd, tables, first);
      if (guess != null) {
        guesses.add(guess);
        last = guess.byteOffset() + 1;
      }
    }
    return guesses;
  }

  private static Pattern recordEnd(List<TableColumns> tables) {
    return Pattern.compile(
        tables.stream()
            .map(table -> last(table.recordPath()).local())
            .distinct()
            .map(Pattern::quote)
            .collect(Collectors.joining("|", "</([^<>/\\s:]+:)?(", ")\\s*>")));
  }

  private static @Nullable PartStart guess(
      XmlSource source,
      long offset,
      Pattern recordEnd,
      List<TableColumns> tables,
      List<OpenElement> first)
      throws IOException {
    StringBuilder text = new StringBuilder();
    try (InputStream in = source.open(offset)) {
      while (text.length() < SEARCHED_BYTES) {
        byte[] step = in.readNBytes(STEP_BYTES);
        // One character for each byte.
        text.append(new String(step, StandardCharsets.ISO_8859_1));
        Matcher end = recordEnd.matcher(text);
        if (end.find()) {
          String prefix = end.group(1) == null ? "" : end.group(1);
          return tables.stream()
              .filter(table -> last(table.recordPath()).local().equals(end.group(2)))
              .findFirst()
              .map(table -> openElements(table.recordPath(), prefix, first))
              .map(open -> new PartStart(offset + end.end(), open))
              .orElseThrow();
        }
        if (step.length < STEP_BYTES) {
          break;
        }
      }
    }
    return null;
  }

  /**
   * The elements around a record of the path: as far as they have the names of those around the
   * first record they are taken to be the same, and the others to have the record's prefix and no
   * declarations.
   */
  private static List<OpenElement> openElements(
      List<XmlName> record, String prefix, List<OpenElement> first) {
    List<OpenElement> open = new ArrayList<>();
    boolean same = true;
    for (int i = 0; i + 1 < record.size(); i++) {
      String local = record.get(i).local();
      same &= i < first.size() && first.get(i).localName().equals(local);
      open.add(same ? first.get(i) : new OpenElement(prefix + local, Map.of()));
    }
    return open;
  }

  private static XmlName last(List<XmlName> path) {
    return path.get(path.size() - 1);
  }

  /**
   * What a parser must read before the part's own characters to be in the state that it would be in
   * there.
   */
  String frame(Encoding encoding) {
    StringBuilder frame = new StringBuilder();
    if (!openElements.isEmpty()) {
      // Also where it says nothing new: so the parser has what it asks for before it looks at any.
      frame.append(encoding.xml11() ? "<?xml version=\"1.1\"?>" : "<?xml version=\"1.0\"?>");
    }
    openElements.forEach(element -> element.appendStartTag(frame));
    return frame.toString();
  }
}
