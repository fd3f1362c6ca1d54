#!/bin/sh
# Woodstox and Aalto read XML 1.1 documents, but not their line ends.
#
# Found: NEL (U+0085), LS (U+2028) and the pair CR NEL are line ends in XML 1.1 (section 2.11), and a parser has to hand
# each on as one LF. Both leave NEL and LS as they are, and make CR NEL an LF and a NEL. The JDK's StAX parser does it right.
# One would guess that a parser which takes version 1.1, and refuses what only 1.1 forbids, normalizes as well. Data from
# EBCDIC machines has NELs: that is why 1.1 exists.
#
# woodstox-core 7.1.1, aalto-xml 1.3.4, JDK 17. Seen 2026-11-29; the output is below.
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
    <dependency><groupId>com.fasterxml</groupId><artifactId>aalto-xml</artifactId><version>1.3.4</version></dependency>
  </dependencies>
</project>
END
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath -Dmdep.outputFile=classpath >maven.log 2>&1 ||
  { cat maven.log; exit 1; }

cat >Find.java <<'END'
import com.ctc.wstx.stax.WstxInputFactory;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.StringReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamReader;

public class Find {
  public static void main(String[] args) throws Exception {
    tell("Woodstox", new WstxInputFactory());
    tell("Aalto", new InputFactoryImpl());
    tell("JDK", XMLInputFactory.newDefaultFactory());
  }

  static void tell(String name, XMLInputFactory factory) throws Exception {
    XMLStreamReader reader =
        factory.createXMLStreamReader(
            new StringReader("<?xml version='1.1'?><l>a\u0085b\u2028c\r\u0085d</l>"));
    StringBuilder text = new StringBuilder(name).append(": ");
    while (reader.hasNext()) {
      if (reader.next() == XMLStreamReader.CHARACTERS) {
        for (char c : reader.getText().toCharArray()) {
          text.append(c > ' ' && c < 127 ? String.valueOf(c) : "[%X]".formatted((int) c));
        }
      }
    }
    System.out.println(text);
  }
}
END
cat >expected <<'END'
Woodstox: a[85]b[2028]c[A][85]d
Aalto: a[85]b[2028]c[A][85]d
JDK: a[A]b[A]c[A]d
END
java -cp "$(cat classpath)" Find.java >actual 2>errors || { cat errors; exit 1; }
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
