#!/bin/sh
# Woodstox's mode for documents that come one after the other (P_INPUT_PARSING_MODE, PARSING_MODE_DOCUMENTS) has one DOCTYPE
# for all of them.
#
# Found: attributes that the first document's DOCTYPE supplies are on elements of the second, which has no DOCTYPE; and where
# the second has one as well, it is an error, though events of END_DOCUMENT and START_DOCUMENT came between them.
# One would guess that a document that is reported as one has its own DTD, or none.
#
# woodstox-core 7.1.1. Seen 2026-11-30; the output is below.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
cat >pom.xml <<'END'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>com.fasterxml.woodstox</groupId><artifactId>woodstox-core</artifactId><version>7.1.1</version></dependency>
  </dependencies>
</project>
END
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath -Dmdep.outputFile=classpath >maven.log 2>&1 ||
  { cat maven.log; exit 1; }

cat >Find.java <<'END'
import com.ctc.wstx.api.WstxInputProperties;
import com.ctc.wstx.stax.WstxInputFactory;
import java.io.StringReader;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

public class Find {
  static final String DOCTYPE = "<!DOCTYPE a [<!ATTLIST a k CDATA '%s'>]>";

  public static void main(String[] args) throws Exception {
    tell("none has a DOCTYPE", "", "");
    tell("the first has one", DOCTYPE.formatted("first"), "");
    tell("the second has one", "", DOCTYPE.formatted("second"));
    tell("both have one", DOCTYPE.formatted("first"), DOCTYPE.formatted("second"));
  }

  static void tell(String which, String first, String second) throws Exception {
    String declaration = "<?xml version='1.0'?>";
    String documents = declaration + first + "<a/>\n" + declaration + second + "<a/>";
    WstxInputFactory factory = new WstxInputFactory();
    factory.setProperty(
        WstxInputProperties.P_INPUT_PARSING_MODE, WstxInputProperties.PARSING_MODE_DOCUMENTS);
    StringBuilder events = new StringBuilder(which).append(':');
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(documents));
      while (reader.hasNext()) {
        switch (reader.next()) {
          case XMLStreamReader.START_ELEMENT ->
              events.append(" <a k=").append(reader.getAttributeValue(null, "k")).append('>');
          case XMLStreamReader.START_DOCUMENT -> events.append(" next document");
          default -> {}
        }
      }
    } catch (XMLStreamException e) {
      events.append(' ').append(e.getMessage().lines().findFirst().orElse(""));
    }
    System.out.println(events);
  }
}
END
cat >expected <<'END'
none has a DOCTYPE: <a k=null> next document <a k=null>
the first has one: <a k=first> next document <a k=first>
the second has one: <a k=null> next document <a k=second>
both have one: <a k=first> next document Duplicate DOCTYPE declaration
END
java -cp "$(cat classpath)" Find.java >actual 2>errors || { cat errors; exit 1; }
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
