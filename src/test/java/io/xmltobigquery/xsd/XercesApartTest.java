package io.xmltobigquery.xsd;

import static com.google.common.truth.Truth.assertThat;

import java.util.ServiceLoader;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.stream.XMLEventFactory;
import javax.xml.validation.SchemaFactory;
import org.apache.xerces.impl.xs.XMLSchemaLoader;
import org.junit.jupiter.api.Test;

/** Xerces is there, and whoever looks for a parser gets the one that there was without it. */
final class XercesApartTest {

  @Test
  void lookingUpParsersIsAsWithoutXerces() throws Exception {
    assertThat(new XMLSchemaLoader()).isNotNull();

    assertThat(
            Stream.of(
                    SAXParserFactory.newInstance(),
                    DocumentBuilderFactory.newInstance(),
                    SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI),
                    DatatypeFactory.newInstance(),
                    XMLEventFactory.newFactory())
                .map(factory -> factory.getClass().getName())
                .filter(name -> name.startsWith("org.apache.xerces")))
        .isEmpty();
  }

  @Test
  void xercesProvidesNoService() {
    for (Class<?> service :
        new Class<?>[] {
          SAXParserFactory.class, DocumentBuilderFactory.class, SchemaFactory.class
        }) {
      assertThat(
              ServiceLoader.load(service).stream()
                  .map(provider -> provider.type().getName())
                  .filter(name -> name.startsWith("org.apache.xerces")))
          .isEmpty();
    }
    assertThat(XMLSchemaLoader.class.getResource("/META-INF/services/org.xml.sax.driver")).isNull();
  }
}
