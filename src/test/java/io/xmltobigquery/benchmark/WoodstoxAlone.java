package io.xmltobigquery.benchmark;

import com.ctc.wstx.stax.WstxInputFactory;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The measure that the benchmark's ratios refer to: Woodstox reads one file in one thread, every
 * text and attribute value is taken out, and nothing is made of them.
 *
 * <p>Prints one line of JSON: the seconds that reading took (without the start of the JVM), the
 * bytes of the file, and the characters that were taken out.
 */
public final class WoodstoxAlone {

  private WoodstoxAlone() {}

  public static void main(String[] args) throws IOException, XMLStreamException {
    if (args.length != 1) {
      System.err.println("usage: WoodstoxAlone FILE");
      System.exit(2);
    }
    Path file = Path.of(args[0]);
    long start = System.nanoTime();
    long characters = readAll(file);
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "{\"seconds\": %.3f, \"bytes\": %d, \"characters\": %d}%n",
        seconds,
        Files.size(file),
        characters);
  }

  private static long readAll(Path file) throws IOException, XMLStreamException {
    XMLInputFactory factory = new WstxInputFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    try (InputStream in = new FileInputStream(file.toFile())) {
      XMLStreamReader reader = factory.createXMLStreamReader(in);
      long characters = 0;
      while (reader.hasNext()) {
        switch (reader.next()) {
          case XMLStreamReader.START_ELEMENT -> characters += attributeCharacters(reader);
          case XMLStreamReader.CHARACTERS, XMLStreamReader.CDATA, XMLStreamReader.SPACE ->
              characters += textCharacters(reader);
          default -> {}
        }
      }
      reader.close();
      return characters;
    }
  }

  private static int attributeCharacters(XMLStreamReader reader) {
    int characters = 0;
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      characters += reader.getAttributeValue(i).length();
    }
    return characters;
  }

  /** Asking for the characters makes Woodstox, which is lazy, decode them. */
  private static int textCharacters(XMLStreamReader reader) {
    char[] text = reader.getTextCharacters();
    return text.length == 0 ? 0 : reader.getTextLength();
  }
}
