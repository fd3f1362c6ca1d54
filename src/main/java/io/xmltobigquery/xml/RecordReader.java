package io.xmltobigquery.xml;

import com.ctc.wstx.exc.WstxLazyException;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.Coverage;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a document, or of one part of it, one after the other; or those of many
 * documents, each as if it were alone, but for its place.
 *
 * <p>An element is a record by its path from the root, never by its name alone. Records may lie in
 * records; they come in the order of their end tags, and an element may be a row of several tables,
 * which all have its number. A fault in a record's content makes that record {@linkplain #isInvalid
 * invalid}, and reading goes on behind it. Any other fault is a {@link RejectedException} and ends
 * the reader for good.
 */
public final class RecordReader implements Closeable {

  private final DocumentCursor cursor;
  private final CompiledMapping mapping;
  private final String fileVersion;
  private final boolean manyDocuments;
  private Walk walk;
  private boolean ended;

  /** Of the documents before the current one. */
  private long recordsBefore;

  private Coverage coverageBefore;

  private RecordReader(
      DocumentCursor cursor, CompiledMapping mapping, String fileVersion, boolean manyDocuments) {
    this.cursor = cursor;
    this.mapping = mapping;
    this.fileVersion = fileVersion;
    this.manyDocuments = manyDocuments;
    this.walk = newWalk();
    this.coverageBefore = Coverage.none(mapping.tables().size());
  }

  private Walk newWalk() {
    return mapping.document() != null
        ? new PlainWalk(cursor, mapping, mapping.document())
        : new PathWalk(cursor, mapping, mapping.paths(), fileVersion);
  }

  static RecordReader ofDocument(
      XmlSource source,
      Encoding encoding,
      CompiledMapping mapping,
      Limits limits,
      StaxReaders parsers,
      String fileVersion,
      boolean manyDocuments)
      throws IOException, RejectedException {
    Position start = new Position(1, 1, encoding.byteOrderMarkLength());
    DocumentCursor cursor = new DocumentCursor(source, encoding, start, "", limits, parsers);
    return new RecordReader(cursor, mapping, fileVersion, manyDocuments);
  }

  static RecordReader ofPart(
      XmlSource source,
      Encoding encoding,
      PartStart start,
      CompiledMapping mapping,
      Limits limits,
      StaxReaders parsers,
      String fileVersion)
      throws IOException, RejectedException {
    Position first = new Position(1, 1, start.byteOffset());
    DocumentCursor cursor =
        new DocumentCursor(source, encoding, first, start.frame(encoding), limits, parsers);
    return new RecordReader(cursor, mapping, fileVersion, false);
  }

  /**
   * Reads the next record.
   *
   * @return false at the end, of the last document if there may be many
   * @throws RejectedException if the document is bad; the reader must not be used any more
   * @throws IOException if the document can't be read
   */
  public boolean next() throws IOException, RejectedException {
    if (ended) {
      throw new IllegalStateException("the reader has ended");
    }
    ended = true;
    boolean found;
    try {
      found = walk.advance();
      while (!found && cursor.isBeforeDocument()) {
        recordsBefore += walk.recordNumber();
        coverageBefore = coverageBefore.join(walk.coverage());
        walk = newWalk();
        found = walk.advance();
      }
    } catch (XMLStreamException e) {
      throw rejected(cursor.fault(e));
    } catch (WstxLazyException e) {
      throw rejected(cursor.fault((XMLStreamException) e.getCause()));
    } catch (NameTable.LimitException e) {
      throw rejected(
          new Fault(RejectionReason.LIMIT_EXCEEDED, e.getMessage(), cursor.eventStart()));
    } catch (Fault e) {
      throw rejected(e);
    }
    ended = !found;
    return found;
  }

  /** The table that the current record is for. */
  public TableColumns table() {
    return walk.table();
  }

  /** The current record's number from where the reader began, from 1, over all tables. */
  public long recordNumber() {
    return recordsBefore + walk.recordNumber();
  }

  /** Whether the current record has a fault that keeps it out of its table. */
  public boolean isInvalid() {
    return walk.fault() != null;
  }

  /**
   * The values of the current record, which must be valid.
   *
   * @return an object that the next call of {@link #next} may change
   */
  public Row row() {
    if (isInvalid()) {
      throw new IllegalStateException("record " + recordNumber() + " is invalid");
    }
    return walk.row();
  }

  /** What is wrong with the current record, as a reason to reject the whole document. */
  public RejectedException invalidRecordRejection() throws IOException {
    return cursor.rejection(currentFault(), recordNumber());
  }

  /**
   * What was handed out of what lies in the current record, which is invalid, and is to be taken
   * back; null if that is nothing.
   */
  @Nullable RowsInside rowsInside() {
    return walk.rowsInside();
  }

  /** Whether the current record is longer than one may be, with the rows in it. */
  boolean isLongerThanRecord() {
    return cursor.currentEnd() - cursor.recordStart() > cursor.maxRecordBytes();
  }

  /** What is wrong with the current record, and its XML. */
  public InvalidRecord invalidRecord() throws IOException {
    Fault wrong = currentFault();
    Locator.Excerpt excerpt = cursor.recordExcerpt(wrong);
    return new InvalidRecord(
        walk.table().name(),
        recordNumber(),
        wrong.reason(),
        wrong.getMessage(),
        excerpt.position(),
        excerpt.text(),
        walk.lostRows(),
        context());
  }

  private @Nullable String context() {
    return walk.defaults == null ? new PartStart(0, openElements()).frame(cursor.encoding()) : null;
  }

  private Fault currentFault() {
    Fault fault = walk.fault();
    if (fault == null) {
      throw new IllegalStateException("record " + recordNumber() + " is valid");
    }
    return fault;
  }

  /** How far the mapping and what was read up to here have covered each other. */
  Coverage coverage() {
    return manyDocuments ? coverageBefore.join(walk.coverage()) : walk.coverage();
  }

  Encoding encoding() {
    return cursor.encoding();
  }

  /** Whether the document, as far as it is read, can also be read from a place behind a record. */
  boolean canBeEntered() {
    // A part doesn't know what the DOCTYPE has said, nor that a document may end in it.
    return cursor.encoding().canBeEntered()
        && !manyDocuments
        && walk.defaults == null
        && mapping.canBeEntered();
  }

  /**
   * Bytes of the file that were read; at most 64 KiB more than those up to the current record's
   * end.
   */
  long bytesRead() {
    return cursor.bytesDecoded();
  }

  /** The elements that are open behind the current record, the root element first. */
  List<OpenElement> openElements() {
    return List.copyOf(walk.openElements);
  }

  /** Where the current record ends: where a part may start. */
  public Position recordEnd() {
    return cursor.eventEnd();
  }

  private RejectedException rejected(Fault e) throws IOException {
    long open = walk.openRecord();
    return cursor.rejection(e, open == 0 ? 0 : recordsBefore + open);
  }

  @Override
  public void close() throws IOException {
    cursor.close();
  }
}
