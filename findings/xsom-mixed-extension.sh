#!/bin/sh
# XSOM says that an extension of a mixed type isn't mixed, if the extension adds attributes only.
#
# Found: isMixed() is false for a complexContent extension that has no mixed="true" of its own. By XML Schema (1.0, 3.4.2)
# an extension without content of its own has the base's content, mixed or not; the JDK's validator takes its text.
# One would guess that a schema model has worked that out, as it has for the content itself: getContentType() is the
# base's. A generator that asks isMixed() makes no column for the text.
#
# xsom 4.0.5, JDK 17. Seen 2026-11-29; the output is below.
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
    <dependency><groupId>org.glassfish.jaxb</groupId><artifactId>xsom</artifactId><version>4.0.5</version></dependency>
  </dependencies>
</project>
END
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath -Dmdep.outputFile=classpath >maven.log 2>&1 ||
  { cat maven.log; exit 1; }

cat >Find.java <<'END'
import com.sun.xml.xsom.XSSchema;
import com.sun.xml.xsom.parser.XSOMParser;
import java.io.StringReader;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;

public class Find {
  static final String XSD =
      "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>"
          + "<xs:complexType name='text' mixed='true'><xs:sequence>"
          + "<xs:element name='page' type='xs:int'/></xs:sequence></xs:complexType>"
          + "<xs:complexType name='dated'><xs:complexContent><xs:extension base='text'>"
          + "<xs:attribute name='date' type='xs:date'/></xs:extension></xs:complexContent></xs:complexType>"
          + "<xs:element name='note' type='dated'/></xs:schema>";

  public static void main(String[] args) throws Exception {
    XSOMParser parser = new XSOMParser(SAXParserFactory.newDefaultInstance());
    parser.parse(new StringReader(XSD));
    XSSchema schema = parser.getResult().getSchema("");
    for (String type : new String[] {"text", "dated"}) {
      System.out.println(type + ": mixed " + schema.getComplexType(type).isMixed());
    }
    SchemaFactory.newDefaultInstance()
        .newSchema(new StreamSource(new StringReader(XSD)))
        .newValidator()
        .validate(
            new StreamSource(
                new StringReader("<note date='2024-01-01'>see <page>7</page> first</note>")));
    System.out.println("JDK: a dated note with text is valid");
  }
}
END
cat >expected <<'END'
text: mixed true
dated: mixed false
JDK: a dated note with text is valid
END
java -cp "$(cat classpath)" Find.java >actual 2>errors || { cat errors; exit 1; }
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
