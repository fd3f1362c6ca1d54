package io.xmltobigquery.xml;

/** Why a file, or with {@code --onInvalidRecord=dead-letter} a record, isn't loaded. */
public enum RejectionReason {
  /** The file has no bytes, or the archive no XML. */
  EMPTY_FILE,
  /** There is no root element, or what comes before it isn't XML. */
  NOT_XML,
  /** The file ends before its root element does. */
  TRUNCATED,
  /** There is something other than comments and white space after the root element. */
  CONTENT_AFTER_ROOT,
  /** Any other break of XML's rules. */
  NOT_WELL_FORMED,
  /** The encoding is unknown or isn't the one declared, or bytes aren't valid in it. */
  INVALID_ENCODING,
  /** An entity other than XML's own five: those a DOCTYPE declares aren't read. */
  UNKNOWN_ENTITY,
  /** A gzip file is damaged or ends too early. */
  CORRUPT_GZIP,
  /** The same of a bzip2 file. */
  CORRUPT_BZIP2,
  /** The same of an xz file. */
  CORRUPT_XZ,
  /** The same of a zstd file. */
  CORRUPT_ZSTD,
  /** A zip or tar archive is damaged or ends too early. */
  CORRUPT_ARCHIVE,
  /**
   * Depth, number of attributes, length of a text or an attribute, number or length of names,
   * number of an archive's entries, size of a record, or how far packed data expands and how much
   * memory that takes.
   */
  LIMIT_EXCEEDED,
  /** None of the elements that hold records is there. */
  NO_SECTION,
  /** An element that the mapping doesn't name. */
  UNKNOWN_ELEMENT,
  /** An attribute that the mapping doesn't name. */
  UNKNOWN_ATTRIBUTE,
  /** Text where the mapping has none. */
  UNEXPECTED_TEXT,
  /** A REQUIRED column has no value. */
  MISSING_FIELD,
  /** A column that isn't REPEATED has two values. */
  REPEATED_FIELD,
  /** A value that its column can't hold. */
  INVALID_VALUE,
  /** A value that rows take from outside them stands behind one of those. */
  LATE_VALUE,
  /** The file can't be opened: it is a directory, or access is denied. */
  UNREADABLE;

  /**
   * Whether the reason concerns one record only, so that the rest of the file can be loaded without
   * it.
   */
  public boolean isOfRecord() {
    return switch (this) {
      case UNKNOWN_ELEMENT,
          UNKNOWN_ATTRIBUTE,
          UNEXPECTED_TEXT,
          MISSING_FIELD,
          REPEATED_FIELD,
          INVALID_VALUE ->
          true;
      case EMPTY_FILE,
          NOT_XML,
          TRUNCATED,
          CONTENT_AFTER_ROOT,
          NOT_WELL_FORMED,
          INVALID_ENCODING,
          UNKNOWN_ENTITY,
          CORRUPT_GZIP,
          CORRUPT_BZIP2,
          CORRUPT_XZ,
          CORRUPT_ZSTD,
          CORRUPT_ARCHIVE,
          LIMIT_EXCEEDED,
          NO_SECTION,
          LATE_VALUE,
          UNREADABLE ->
          false;
    };
  }
}
