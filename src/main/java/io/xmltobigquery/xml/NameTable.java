package io.xmltobigquery.xml;

import com.ctc.wstx.util.SymbolTable;

/**
 * The names of one document. The parser keeps each as one string, by which it compares them, and so
 * holds on to all: of elements, attributes, prefixes, processing instructions and entities. This
 * bounds how many there are and how long, when a name is added; a name that is known costs nothing.
 *
 * <p>A table belongs to one parser. Were it shared, as it is by default, the names of one document
 * would count against the limits of the next.
 */
final class NameTable extends SymbolTable {

  /** The document has more names, or longer ones, than a parser should hold. */
  static final class LimitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LimitException(String message) {
      super(message);
    }
  }

  /**
   * Names are found by their hash, and the more of them are alike in it, the longer that takes. Of
   * {@link Limits#MAX_NAMES} names about 25 are in each of these classes.
   */
  static final int HASH_CLASSES = 4096;

  private static final int MAX_NAMES_OF_CLASS = 200;

  private final int maxNames;
  private final int maxCharacters;
  private final int maxNamesOfClass;
  private final byte[] namesOfClass = new byte[HASH_CLASSES];
  private long characters;

  NameTable() {
    this(Limits.MAX_NAMES, Limits.MAX_NAME_CHARACTERS, MAX_NAMES_OF_CLASS);
  }

  /** With other limits, for tests. The parser's own two names count, too. */
  NameTable(int maxNames, int maxCharacters, int maxNamesOfClass) {
    this.maxNames = maxNames;
    this.maxCharacters = maxCharacters;
    this.maxNamesOfClass = maxNamesOfClass;
    // The parser knows these two by identity.
    findSymbol("xml");
    findSymbol("xmlns");
  }

  @Override
  public String findSymbol(char[] buffer, int start, int length, int hash) {
    if (length > Limits.MAX_NAME_LENGTH) {
      throw new LimitException(
          "a name here is longer than " + Limits.MAX_NAME_LENGTH + " characters");
    }
    int known = size();
    String name = super.findSymbol(buffer, start, length, hash);
    if (size() > known) {
      added(length, hash);
    }
    return name;
  }

  private void added(int length, int hash) {
    characters += length;
    if (size() > maxNames || characters > maxCharacters) {
      throw new LimitException(
          "the document has more than "
              + maxNames
              + " different names, or "
              + maxCharacters
              + " characters of them; what differs from record to record belongs in values");
    }
    int hashClass = hash & (HASH_CLASSES - 1);
    if ((++namesOfClass[hashClass] & 0xFF) > maxNamesOfClass) {
      throw new LimitException(
          "the document has more than "
              + maxNamesOfClass
              + " names of alike hashes, which ordinary names don't have; rename its elements and"
              + " attributes");
    }
  }
}
