package io.xmltobigquery.xsd;

import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.xerces.parsers.SAXParser;
import org.apache.xerces.parsers.XML11Configuration;
import org.apache.xerces.util.SecurityManager;
import org.jspecify.annotations.Nullable;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** Looks through one document of this machine, and opens no other one. */
abstract class Scan extends DefaultHandler {

  final Path path;
  final List<String> problems;
  @Nullable Locator locator;

  /**
   * Begins with a document.
   *
   * @param problems where what is wrong is added
   */
  Scan(Path path, List<String> problems) {
    this.path = path;
    this.problems = problems;
  }

  /**
   * Reads it.
   *
   * @param limit on expansions of entities
   * @throws IOException if it can't be read
   */
  final void read(int limit) throws IOException {
    SAXParser parser = new SAXParser(new XML11Configuration());
    try {
      parser.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      parser.setProperty(XsdModel.SECURITY_MANAGER, limits(limit));
      parser.setContentHandler(this);
      parser.setErrorHandler(this);
      parser.setEntityResolver(this);
      parser.parse(new InputSource(path.toUri().toString()));
    } catch (SAXParseException e) {
      problems.add(at(e.getLineNumber(), e.getColumnNumber()) + e.getMessage());
    } catch (SAXException e) {
      if (e.getException() instanceof IOException failure) {
        throw failure;
      }
      problems.add(here() + e.getMessage());
    } catch (CharConversionException e) {
      problems.add(here() + "isn't in the encoding that it declares: " + e.getMessage());
    }
  }

  static SecurityManager limits(int expansions) {
    SecurityManager limits = new SecurityManager();
    limits.setEntityExpansionLimit(expansions);
    return limits;
  }

  /** The place that was come to, for the start of a message. */
  final String here() {
    return locator == null ? path + ": " : at(locator.getLineNumber(), locator.getColumnNumber());
  }

  private String at(int line, int column) {
    return path + ", line " + line + ", column " + column + ": ";
  }

  @Override
  public final void setDocumentLocator(Locator locator) {
    this.locator = locator;
  }

  @Override
  public final InputSource resolveEntity(@Nullable String publicId, @Nullable String systemId)
      throws SAXException {
    throw new SAXException(
        "refers to the entity "
            + systemId
            + ", and nothing but schemas is opened: put its text in its place");
  }

  @Override
  public final void fatalError(SAXParseException e) throws SAXException {
    throw e;
  }
}
