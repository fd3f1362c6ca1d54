package io.xmltobigquery.xml;

import com.ctc.wstx.exc.WstxEOFException;
import com.ctc.wstx.io.WstxInputLocation;
import java.io.Closeable;
import java.io.IOException;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import org.codehaus.stax2.XMLStreamLocation2;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/**
 * The parser on its way through a document, or through one part of it: what comes next, where that
 * stands in the file, how long it may be, and the parser's faults as ours. It knows nothing of a
 * mapping, but is told where records begin and end, since those have a limit of their own.
 */
final class DocumentCursor implements Closeable {

  private static final int MAX_MESSAGE_LENGTH = 500;

  /** As many characters as the parser asks for before it looks at the first. */
  private static final int FIRST_CHARS = 7;

  private final Encoding encoding;
  private final Position start;
  private final Limits limits;
  private final int frameLength;
  private final DecodingReader decoder;
  private final Locator locator;
  private final XMLStreamReader2 xml;

  private boolean rootSeen;
  private boolean doctypeSeen;
  private boolean inRecord;
  private long recordStartChar;

  private Position lastEnd;
  private long lastEndChar;

  /**
   * Opens the source.
   *
   * @param start where reading begins
   * @param frame what the parser reads before that
   * @throws IOException if the source can't be read
   * @throws RejectedException if the XML declaration is wrong
   */
  DocumentCursor(
      XmlSource source,
      Encoding encoding,
      Position start,
      String frame,
      Limits limits,
      StaxReaders parsers)
      throws IOException, RejectedException {
    this.encoding = encoding;
    this.start = start;
    this.limits = limits;
    this.frameLength = frame.length();
    this.lastEnd = start;
    this.locator = new Locator(source, encoding, start);
    this.decoder =
        new DecodingReader(
            source.open(start.byteOffset()),
            encoding.charset(),
            encoding.xml11(),
            start.byteOffset(),
            frame);
    boolean created = false;
    try {
      limitBytes();
      this.xml = parsers.create(decoder);
      created = true;
    } catch (XMLStreamException e) {
      // The parser has read no more than the XML declaration.
      Fault fault =
          e.getCause() instanceof IOException cause
              ? fault(cause)
              : fault(e, RejectionReason.NOT_XML, 0);
      throw rejection(fault, 0);
    } finally {
      if (!created) {
        try (decoder) {
          // Locating the fault may have opened the source once more.
          locator.close();
        }
      }
    }
  }

  Encoding encoding() {
    return encoding;
  }

  /** The parser, for what it says of the current event. Only {@link #next} moves it on. */
  XMLStreamReader2 xml() {
    return xml;
  }

  /** Goes on to the next event, one of {@link XMLStreamConstants}. */
  int next() throws XMLStreamException, Fault {
    if (inRecord) {
      int event = xml.next();
      if (event == XMLStreamConstants.END_DOCUMENT) {
        throw beginsInside();
      }
      return event;
    }
    limitBytes();
    int event = xml.next();
    if (event == XMLStreamConstants.START_ELEMENT) {
      rootSeen = true;
      limitDeclarations();
    } else if (event == XMLStreamConstants.START_DOCUMENT) {
      doctypeSeen = false;
      checkDeclaration();
    } else if (event == XMLStreamConstants.DTD) {
      if (doctypeSeen) {
        throw new Fault(
            RejectionReason.NOT_WELL_FORMED, "Duplicate DOCTYPE declaration", eventStart());
      }
      doctypeSeen = true;
    } else if (event == XMLStreamConstants.END_DOCUMENT && xml.getDepth() > 0) {
      throw beginsInside();
    }
    return event;
  }

  /** A parser of many documents takes an XML declaration for the start of one, wherever it is. */
  private Fault beginsInside() {
    return new Fault(
        RejectionReason.NOT_WELL_FORMED,
        "another document begins here, by its XML declaration, and the one before hasn't ended",
        eventStart());
  }

  /** Whether a document has ended and another one follows, as only some parsers are told. */
  boolean isBeforeDocument() throws XMLStreamException {
    return xml.getEventType() == XMLStreamConstants.END_DOCUMENT && xml.hasNext();
  }

  /** All documents of a file are decoded in the same way: it is chosen by the first one. */
  private void checkDeclaration() throws Fault {
    String declared = xml.getCharacterEncodingScheme();
    if (!encoding.fits(declared)) {
      throw new Fault(
          RejectionReason.INVALID_ENCODING,
          "a document behind the first one declares "
              + (declared == null
                  ? "no encoding"
                  : "the encoding " + Fault.bounded(declared, Limits.MAX_NAME_IN_MESSAGE))
              + ", and the file is read as "
              + encoding.charset().name()
              + "; write all documents of a file in one encoding",
          eventStart());
    }
    if ("1.1".equals(xml.getVersion()) != encoding.xml11()) {
      throw new Fault(
          RejectionReason.NOT_WELL_FORMED,
          "some documents of the file are XML 1.1, and some are XML 1.0; write them into files of their own",
          eventStart());
    }
  }

  /** Skips to the end tag of the open element at the given depth, or stays if it is current. */
  void skipToEnd(int depth) throws XMLStreamException, Fault {
    int event = xml.getEventType();
    while (event != XMLStreamConstants.END_ELEMENT || xml.getDepth() != depth) {
      event = next();
    }
  }

  /** Tells that a record begins with the current start tag. */
  void enterRecord() {
    inRecord = true;
    recordStartChar = eventStart();
    limitBytes();
  }

  /** Tells that the record, if there was one, ended with the current event. */
  void leaveRecord() {
    inRecord = false;
  }

  /**
   * Tells that a record around the one that ended goes on.
   *
   * @param start its first character
   * @param taken how many characters of it were read, without records in it
   */
  void resumeRecord(long start, long taken) {
    recordStartChar = start;
    decoder.allow(Math.max(0, limits.maxRecordBytes() - taken));
  }

  /** The character behind the current event. */
  long currentEnd() {
    return currentChar();
  }

  /** As many bytes as one record may have. */
  long maxRecordBytes() {
    return limits.maxRecordBytes();
  }

  boolean isInRecord() {
    return inRecord;
  }

  /** The first character of the current record, or of the last one. */
  long recordStart() {
    return recordStartChar;
  }

  /** The first character of the current event. */
  long eventStart() {
    return xml.getLocationInfo().getStartingCharOffset() - frameLength;
  }

  /** The character behind the last one that was decoded. */
  long charsDecoded() {
    return decoder.charsDecoded();
  }

  /** Bytes of the file up to the last character that was decoded. */
  long bytesDecoded() {
    return decoder.bytesDecoded();
  }

  /** Where the current event ends, as a place to start from. */
  Position eventEnd() {
    XMLStreamLocation2 location = xml.getLocationInfo().getCurrentLocation();
    long charOffset = currentChar();
    long line = start.line() + location.getLineNumber() - 1;
    // The parser counts columns in 32 bits, and a whole file may be one line.
    long column =
        line == lastEnd.line()
            ? lastEnd.column() + charOffset - lastEndChar
            : location.getColumnNumber();
    lastEnd = new Position(line, column, decoder.byteOffset(charOffset));
    lastEndChar = charOffset;
    locator.know(charOffset, lastEnd);
    return lastEnd;
  }

  /** The text from the record's start to the current event's end, and where a fault in it is. */
  Locator.Excerpt recordExcerpt(Fault fault) throws IOException {
    return locator.excerpt(recordStartChar, fault.charOffset(), currentChar());
  }

  /**
   * A fault as a reason to reject the document.
   *
   * @param recordNumber of the record that it is in, or 0
   * @throws IOException if the source can't be read again to find the place
   */
  RejectedException rejection(Fault fault, long recordNumber) throws IOException {
    return new RejectedException(
        fault.reason(), fault.getMessage(), locator.locate(fault.charOffset()), recordNumber);
  }

  /**
   * The parser's fault as ours.
   *
   * @throws IOException if it isn't a fault, but reading has failed
   */
  Fault fault(XMLStreamException e) throws IOException {
    return e.getCause() instanceof IOException cause
        ? fault(cause)
        : fault(e, reason(e), currentChar());
  }

  /**
   * The parser's own fault.
   *
   * @param parserChar where the parser is
   */
  private Fault fault(XMLStreamException e, RejectionReason reason, long parserChar) {
    long charOffset =
        e.getLocation() instanceof WstxInputLocation location
            ? Math.max(0, location.getCharacterOffsetLong() - frameLength)
            : parserChar;
    boolean isEnd = isEnd(e);
    // In place of the character that is missing, Woodstox may quote one that it has read before.
    String message =
        isEnd && reason == RejectionReason.TRUNCATED && !(e instanceof WstxEOFException)
            ? "the file ends within markup"
            : message(e) + advice(e, reason);
    return new Fault(reason, message, isEnd ? decoder.charsDecoded() : charOffset);
  }

  private static String advice(XMLStreamException e, RejectionReason reason) {
    if (reason == RejectionReason.UNKNOWN_ENTITY) {
      return "; the mapping's \"entities\" can say what it stands for";
    }
    boolean next =
        reason == RejectionReason.CONTENT_AFTER_ROOT
            && (e.getMessage().contains("multiple roots") || e.getMessage().contains("(\"xml\")"));
    return next ? "; a file of several documents is loaded by --documents=many" : "";
  }

  /**
   * Whether a fault is that the document ends. The parser begins by asking for some characters: if
   * there are fewer, it has come to the end before it has looked at one.
   */
  private boolean isEnd(XMLStreamException e) {
    return decoder.hasEnded()
        && (e instanceof WstxEOFException || frameLength + decoder.charsDecoded() >= FIRST_CHARS);
  }

  /** What the parser has passed on: a fault below it as ours, or thrown if reading has failed. */
  private Fault fault(IOException cause) throws IOException {
    if (!(cause instanceof BadInputException bad)) {
      throw cause;
    }
    return decoder.hasRefusedMore()
        ? tooLong()
        : new Fault(bad.reason(), bad.getMessage(), decoder.charsDecoded());
  }

  private Fault tooLong() {
    String what = inRecord ? "the record" : "a tag, a text or a comment outside of records";
    return new Fault(
        RejectionReason.LIMIT_EXCEEDED,
        what + " is longer than " + limits.maxRecordBytes() + " bytes (--maxRecordBytes)",
        inRecord ? recordStartChar : decoder.charsDecoded());
  }

  private RejectionReason reason(XMLStreamException e) {
    // Woodstox tells limits and entities from other faults by their messages only; tests hold on to
    // these.
    String message = e.getMessage();
    if (message.contains(" limit (")) {
      return RejectionReason.LIMIT_EXCEEDED;
    }
    if (message.startsWith("Undeclared general entity")) {
      return RejectionReason.UNKNOWN_ENTITY;
    }
    boolean inRoot = xml.getDepth() > 0;
    if (!rootSeen && !inRoot) {
      return RejectionReason.NOT_XML;
    }
    if (isEnd(e)) {
      return RejectionReason.TRUNCATED;
    }
    return inRoot ? RejectionReason.NOT_WELL_FORMED : RejectionReason.CONTENT_AFTER_ROOT;
  }

  private static String message(XMLStreamException e) {
    String message = e.getMessage();
    int location = message.indexOf("\n at [row,col");
    return Fault.bounded(
        location < 0 ? message : message.substring(0, location), MAX_MESSAGE_LENGTH);
  }

  /** Bounds what the parser may read on for one record, or for one event outside of records. */
  private void limitBytes() {
    decoder.allow(limits.maxRecordBytes());
  }

  /** Bounds what the parser keeps of open elements; within records it is the record's bytes. */
  private void limitDeclarations() throws Fault {
    int length = 0;
    for (int i = 0; i < xml.getNamespaceCount(); i++) {
      length += length(xml.getNamespacePrefix(i)) + length(xml.getNamespaceURI(i));
    }
    if (length > Limits.MAX_DECLARATIONS_LENGTH) {
      throw new Fault(
          RejectionReason.LIMIT_EXCEEDED,
          "the namespaces that the element here declares are longer than "
              + Limits.MAX_DECLARATIONS_LENGTH
              + " characters",
          eventStart());
    }
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  /** The character behind the last one that the parser has read. */
  private long currentChar() {
    XMLStreamLocation2 location = xml.getLocationInfo().getCurrentLocation();
    return ((WstxInputLocation) location).getCharacterOffsetLong() - frameLength;
  }

  @Override
  public void close() throws IOException {
    try (decoder;
        locator) {
      xml.close();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }
}
