package io.xmltobigquery.xml;

import com.google.common.io.ByteStreams;
import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.rows.TableColumns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A place between records, and the elements that are open there: guessed, or where a part was read
 * to. What is read from a wrong guess is worthless; see {@link DocumentReader} for how a right one
 * is known.
 *
 * @param openElements the root element first
 */
public record PartStart(long byteOffset, List<OpenElement> openElements) {

  /** Where the document itself begins, of which nothing is guessed. */
  public static final PartStart OF_DOCUMENT = new PartStart(0, List.of());

  /** In the order in which they stand in the document. */
  public static final Comparator<PartStart> BY_PLACE =
      Comparator.comparingLong(PartStart::byteOffset);

  /**
   * How much of a document is read for the elements around its first record, in bytes. One whose
   * first record stands behind that isn't read in parts.
   */
  private static final int HEAD_BYTES = 16 << 20;

  public PartStart {
    openElements = List.copyOf(openElements);
  }

  /**
   * Guesses places behind the given ones.
   *
   * @param wanted byte offsets, ascending
   * @return at most one for each, ascending; none if the document has no such places, or can't be
   *     entered
   */
  static List<PartStart> guess(RecordReaderFactory readers, XmlSource source, long... wanted)
      throws IOException {
    List<OpenElement> first = List.of();
    Encoding encoding;
    try (RecordReader reader = readers.open(head(source))) {
      encoding = reader.encoding();
      if (encoding.canBeEntered() && reader.next() && reader.canBeEntered()) {
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
    TagSearch search =
        new TagSearch(
            encoding.charset(),
            tables.stream().map(table -> last(table.recordPath()).local()).distinct().toList());
    List<PartStart> guesses = new ArrayList<>();
    long behind = 0;
    for (long offset : wanted) {
      TagSearch.Found found = search.find(source, Math.max(offset, behind));
      if (found != null) {
        guesses.add(new PartStart(found.byteOffset(), openElements(tables, found, first)));
        behind = found.byteOffset() + 1;
      }
    }
    return guesses;
  }

  private static XmlSource head(XmlSource source) {
    return offset -> ByteStreams.limit(source.open(offset), Math.max(0, HEAD_BYTES - offset));
  }

  private static List<OpenElement> openElements(
      List<TableColumns> tables, TagSearch.Found found, List<OpenElement> first) {
    return tables.stream()
        .filter(table -> last(table.recordPath()).local().equals(found.localName()))
        .findFirst()
        .map(table -> openElements(table.recordPath(), found.prefix(), first))
        .orElseThrow();
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
