#!/bin/sh
# With msv-core on the class path, every XML parser of the JVM that is looked up becomes another one.
#
# Found: msv-core brings xercesImpl, whose services answer for DOM, SAX and schemas; newInstance() gives Xerces 2.12.2 in
# place of the JDK's parsers, in code that has nothing to do with validation. newDefaultInstance() stays with the JDK's.
# One would guess that a validator for StAX, which is not among the replaced kinds, leaves the others alone. What was set
# up and tested for the JDK's parsers (limits, features, messages) is then another parser's.
#
# msv-core 2022.7, which depends on xercesImpl 2.12.2; JDK 17. Seen 2026-11-29; the output is below.
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
    <dependency><groupId>net.java.dev.msv</groupId><artifactId>msv-core</artifactId><version>2022.7</version></dependency>
  </dependencies>
</project>
END
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath -Dmdep.outputFile=classpath >maven.log 2>&1 ||
  { cat maven.log; exit 1; }

cat >Find.java <<'END'
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.validation.SchemaFactory;

public class Find {
  public static void main(String[] args) {
    tell(DocumentBuilderFactory.newInstance(), DocumentBuilderFactory.newDefaultInstance());
    tell(SAXParserFactory.newInstance(), SAXParserFactory.newDefaultInstance());
    tell(
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI),
        SchemaFactory.newDefaultInstance());
  }

  static void tell(Object found, Object standard) {
    System.out.println(found.getClass().getName());
    System.out.println("  by default " + standard.getClass().getName());
  }
}
END
cat >expected <<'END'
org.apache.xerces.jaxp.DocumentBuilderFactoryImpl
  by default com.sun.org.apache.xerces.internal.jaxp.DocumentBuilderFactoryImpl
org.apache.xerces.jaxp.SAXParserFactoryImpl
  by default com.sun.org.apache.xerces.internal.jaxp.SAXParserFactoryImpl
org.apache.xerces.jaxp.validation.XMLSchemaFactory
  by default com.sun.org.apache.xerces.internal.jaxp.validation.XMLSchemaFactory
END
java -cp "$(cat classpath)" Find.java >actual 2>errors || { cat errors; exit 1; }
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
