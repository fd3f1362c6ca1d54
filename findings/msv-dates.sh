#!/bin/sh
# Woodstox with msv-core, its validator for XML Schema, takes any digits for a date or time.
#
# Found: xs:date 2023-99-99, xs:time 25:61:00 and the 29th of February of an ordinary year are valid; only the shape is
# looked at: 2023-1-1 isn't. The JDK's validator refuses all of them.
# One would guess that a document which is valid by its schema has dates in its xs:date elements: so they are loaded into
# DATE columns without a further look.
#
# woodstox-core 7.1.1, msv-core 2022.7, JDK 17. Seen 2026-11-29; the output is below.
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
    <dependency><groupId>net.java.dev.msv</groupId><artifactId>msv-core</artifactId><version>2022.7</version></dependency>
  </dependencies>
</project>
END
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath -Dmdep.outputFile=classpath >maven.log 2>&1 ||
  { cat maven.log; exit 1; }

cat >Find.java <<'END'
import com.ctc.wstx.stax.WstxInputFactory;
import java.io.StringReader;
import javax.xml.stream.XMLStreamException;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.codehaus.stax2.XMLStreamReader2;
import org.codehaus.stax2.validation.XMLValidationSchema;
import org.codehaus.stax2.validation.XMLValidationSchemaFactory;
import org.xml.sax.SAXException;

public class Find {
  static final String XSD =
      "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>"
          + "<xs:element name='date' type='xs:date'/><xs:element name='time' type='xs:time'/></xs:schema>";

  public static void main(String[] args) throws Exception {
    XMLValidationSchema msv =
        XMLValidationSchemaFactory.newInstance(XMLValidationSchema.SCHEMA_ID_W3C_SCHEMA)
            .createSchema(new StringReader(XSD));
    Schema jdk = SchemaFactory.newDefaultInstance().newSchema(new StreamSource(new StringReader(XSD)));
    for (String xml :
        new String[] {
          "<date>2023-02-28</date>",
          "<date>2023-02-29</date>",
          "<date>2023-99-99</date>",
          "<date>2023-1-1</date>",
          "<time>25:61:00</time>"
        }) {
      System.out.println(xml + ": msv " + isValid(msv, xml) + ", JDK " + isValid(jdk, xml));
    }
  }

  static boolean isValid(XMLValidationSchema schema, String xml) {
    try {
      XMLStreamReader2 reader =
          (XMLStreamReader2) new WstxInputFactory().createXMLStreamReader(new StringReader(xml));
      reader.validateAgainst(schema);
      while (reader.hasNext()) {
        reader.next();
      }
      return true;
    } catch (XMLStreamException e) {
      return false;
    }
  }

  static boolean isValid(Schema schema, String xml) throws Exception {
    try {
      schema.newValidator().validate(new StreamSource(new StringReader(xml)));
      return true;
    } catch (SAXException e) {
      return false;
    }
  }
}
END
cat >expected <<'END'
<date>2023-02-28</date>: msv true, JDK true
<date>2023-02-29</date>: msv true, JDK false
<date>2023-99-99</date>: msv true, JDK false
<date>2023-1-1</date>: msv false, JDK false
<time>25:61:00</time>: msv true, JDK false
END
java -cp "$(cat classpath)" Find.java >actual 2>errors || { cat errors; exit 1; }
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
