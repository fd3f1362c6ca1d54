#!/bin/sh
# Where Woodstox hands a text over in pieces, a piece that begins behind an entity's replacement is said to begin in the
# replacement: line and offset are counted from its start, as if it were the document.
#
# Found: that is so for entities that P_UNDECLARED_ENTITY_RESOLVER answers with text. The same entity in the document's
# own DTD, or a coalescing reader, gives no such piece. Tags behind it are placed right again.
# One would guess that a location is one in the document, or else says by its system id that it isn't; both are null here.
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
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLResolver;
import javax.xml.stream.XMLStreamReader;

public class Find {
  static final String LONG = "z".repeat(90);
  static final String XML = "<r>\n<a>" + "x".repeat(70) + "&e;y</a>\n<b/></r>";

  public static void main(String[] args) throws Exception {
    tell("declared in the DTD", "<!DOCTYPE r [<!ENTITY e '" + LONG + "'>]>", false);
    tell("by the resolver", "", false);
    tell("by the resolver, coalescing", "", true);
  }

  static void tell(String how, String dtd, boolean coalescing) throws Exception {
    WstxInputFactory factory = new WstxInputFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, !dtd.isEmpty());
    factory.setProperty(XMLInputFactory.IS_COALESCING, coalescing);
    factory.setProperty(
        WstxInputProperties.P_UNDECLARED_ENTITY_RESOLVER,
        (XMLResolver) (id, system, base, name) -> new StringReader(LONG));
    XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(dtd + XML));
    StringBuilder places = new StringBuilder(how).append(':');
    while (reader.hasNext()) {
      int event = reader.next();
      Location place = reader.getLocation();
      if (event == XMLStreamReader.CHARACTERS && !reader.isWhiteSpace()) {
        places.append(
            " text of %d at line %d"
                .formatted(reader.getTextLength(), place.getLineNumber()));
        if (place.getSystemId() != null) {
          places.append(" of ").append(place.getSystemId());
        }
      }
    }
    System.out.println(places);
  }
}
END
cat >expected <<'END'
declared in the DTD: text of 161 at line 2
by the resolver: text of 70 at line 2 text of 90 at line 2 text of 1 at line 1
by the resolver, coalescing: text of 161 at line 2
END
java -cp "$(cat classpath)" Find.java >actual 2>errors || { cat errors; exit 1; }
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
