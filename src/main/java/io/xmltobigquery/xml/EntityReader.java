package io.xmltobigquery.xml;

import com.ctc.wstx.api.ReaderConfig;
import com.ctc.wstx.io.BranchingReaderSource;
import com.ctc.wstx.io.InputBootstrapper;
import com.ctc.wstx.sr.ReaderCreator;
import com.ctc.wstx.sr.TypedStreamReader;
import java.util.Map;
import javax.xml.stream.XMLStreamException;

/**
 * A parser that takes references to the mapping's entities as it takes those to characters:
 * &amp;uuml; is &amp;#252;. Woodstox has a setting of its own for entities, which makes a source of
 * input of each reference; a text may be handed over in pieces, and where one ends within such a
 * source, the places of what follows are counted from there.
 */
class EntityReader extends TypedStreamReader {

  private final Map<String, Integer> entities;

  /**
   * Makes a parser.
   *
   * @param entities code points by names
   */
  EntityReader(
      InputBootstrapper bootstrapper,
      BranchingReaderSource input,
      ReaderCreator owner,
      ReaderConfig config,
      Map<String, Integer> entities)
      throws XMLStreamException {
    super(bootstrapper, input, owner, config, createElementStack(config), false);
    this.entities = entities;
  }

  /** Called behind the ampersand of a reference; 0 if there is no character to take for it. */
  @Override
  protected int fullyResolveEntity(boolean allowExternal) throws XMLStreamException {
    char first = getNextCharFromCurrent(SUFFIX_IN_ENTITY_REF);
    if (first == '#') {
      mInputPtr--;
      return super.fullyResolveEntity(allowExternal);
    }
    String name = parseEntityName(first);
    switch (name) {
      case "amp" -> {
        return '&';
      }
      case "apos" -> {
        return '\'';
      }
      case "gt" -> {
        return '>';
      }
      case "lt" -> {
        return '<';
      }
      case "quot" -> {
        return '"';
      }
      default -> {
        Integer character = entities.get(name);
        if (character == null) {
          var unused = expandEntity(name, allowExternal, null);
          return 0;
        }
        return character;
      }
    }
  }
}
