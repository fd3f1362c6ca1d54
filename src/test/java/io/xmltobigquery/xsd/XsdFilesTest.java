package io.xmltobigquery.xsd;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which documents make up a schema, and what is wrong with them. */
final class XsdFilesTest {

  private static final String R =
      "<xs:element name='r'><xs:complexType><xs:sequence>%s</xs:sequence></xs:complexType></xs:element>";

  @TempDir Path dir;

  @Test
  void aDocumentWithoutANamespaceIsInThatOfWhoIncludesIt() throws Exception {
    write(
        "main.xsd",
        schema(
            "urn:a",
            "<xs:include schemaLocation='parts/t.xsd'/>" + R.formatted("<xs:element ref='a:t'/>")));
    write(
        "parts/t.xsd",
        schema(
            "",
            "<xs:element name='t' type='n'/><xs:simpleType name='n'><xs:restriction base='xs:int'/></xs:simpleType>"));

    assertThat(lines("main.xsd")).containsExactly("r", "r/t INT64");
    assertThat(lines(".", "{urn:a}r")).containsExactly("r", "r/t INT64");
  }

  @Test
  void documentsMayLeadInCircles() throws Exception {
    write(
        "a.xsd",
        schema(
            "urn:a",
            "<xs:import namespace='urn:b' schemaLocation='b.xsd'/>"
                + R.formatted("<xs:element ref='b:x'/>")));
    write(
        "b.xsd",
        schema(
            "urn:b",
            "<xs:import namespace='urn:a' schemaLocation='a.xsd'/><xs:include schemaLocation='c.xsd'/><xs:element name='x' type='b:t'/>"));
    write(
        "c.xsd",
        schema(
            "urn:b",
            "<xs:include schemaLocation='b.xsd'/><xs:simpleType name='t'><xs:restriction base='xs:date'/></xs:simpleType>"));

    assertThat(lines("a.xsd")).containsExactly("r", "r/x DATE");
    assertThat(lines(".")).containsExactly("r", "r/x DATE");
  }

  /** Looking for what makes up a namespace looks for what its documents include. */
  @Test
  void documentsThatAreIncludedMayBeImportedFromElsewhere() throws Exception {
    write(
        "a.xsd",
        schema(
            "urn:a",
            "<xs:include schemaLocation='a1.xsd'/><xs:import namespace='urn:b' schemaLocation='b.xsd'/>"
                + R.formatted("<xs:element ref='b:x'/>")));
    write("a1.xsd", schema("urn:a", "<xs:include schemaLocation='a2.xsd'/>"));
    write("a2.xsd", schema("urn:a", "<xs:element name='y' type='xs:int'/>"));
    write(
        "b.xsd",
        schema("urn:b", "<xs:import namespace='urn:a'/><xs:element name='x' type='xs:int'/>"));

    assertThat(lines("a.xsd", "{urn:a}r")).isNotEmpty();
  }

  @Test
  void typesMayBeRedefined() throws Exception {
    write(
        "base.xsd",
        schema(
            "urn:a",
            "<xs:complexType name='t'><xs:sequence><xs:element name='x' type='xs:int'/></xs:sequence></xs:complexType>"
                + "<xs:group name='g'><xs:sequence><xs:element name='y' type='xs:int'/></xs:sequence></xs:group>"));
    write(
        "main.xsd",
        schema(
            "urn:a",
            "<xs:redefine schemaLocation='base.xsd'><xs:complexType name='t'><xs:complexContent><xs:extension base='a:t'>"
                + "<xs:sequence><xs:element name='z' type='xs:date'/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>"
                + "<xs:group name='g'><xs:sequence><xs:group ref='a:g'/><xs:element name='w' type='xs:int'/></xs:sequence></xs:group></xs:redefine>"
                + R.formatted("<xs:element name='e' type='a:t'/><xs:group ref='a:g'/>")));

    assertThat(lines("."))
        .containsExactly("r", "r/e", "r/e/x INT64", "r/e/z DATE", "r/y INT64", "r/w INT64")
        .inOrder();
  }

  /** As DITA has it: names that are no places, in a catalog that a catalog names. */
  @Test
  void aCatalogSaysWhereSchemasAre() throws Exception {
    write(
        "main.xsd",
        schema(
            "urn:a",
            "<xs:import namespace='urn:b' schemaLocation='urn:x:b.xsd:1'/><xs:import namespace='urn:c'/>"
                + R.formatted("<xs:element ref='b:x'/><xs:element ref='c:y'/>")));
    write("elsewhere/b.xsd", schema("urn:b", "<xs:element name='x' type='xs:int'/>"));
    write("elsewhere/c.xsd", schema("urn:c", "<xs:element name='y' type='xs:date'/>"));
    String begin =
        "<!DOCTYPE catalog PUBLIC '-//OASIS//DTD XML Catalogs V1.1//EN' 'http://127.0.0.1:9/catalog.dtd'><catalog xmlns='urn:oasis:names:tc:entity:xmlns:xml:catalog'>";
    write("catalog.xml", begin + "<nextCatalog catalog='elsewhere/next.xml'/></catalog>");
    write(
        "elsewhere/next.xml",
        begin
            + "<system systemId='urn:x:b.xsd:1' uri='b.xsd'/><uri name='urn:c' uri='c.xsd'/></catalog>");

    Xsd xsd = Xsd.read(List.of(path("main.xsd")), path("catalog.xml"));

    assertThat(XsdTest.lines(xsd.outline(List.of(), List.of(), 100)))
        .containsExactly("r", "r/x INT64", "r/y DATE");
    assertThat(problems("main.xsd"))
        .containsExactly(
            path("main.xsd")
                + ", line 1, column 220: imports the namespace urn:b, from urn:x:b.xsd:1, and no given file is it: pass that schema with --xsd, too, or a catalog that names it with --catalog; nothing is fetched",
            path("main.xsd")
                + ", line 1, column 250: imports the namespace urn:c, and no given file is it: pass that schema with --xsd, too, or a catalog that names it with --catalog; nothing is fetched");
  }

  /** As UBL has it. */
  @Test
  void anImportWithoutAPlaceIsLookedUpByItsNamespace() throws Exception {
    write(
        "main.xsd",
        schema(
            "urn:a",
            "<xs:import namespace='urn:b'/>"
                + R.formatted("<xs:element ref='b:x'/><xs:element ref='b:y'/>")));
    write(
        "common/b1.xsd",
        schema("urn:b", "<xs:include schemaLocation='b0.xsd'/><xs:element name='x' type='b:t'/>"));
    write(
        "common/b2.xsd",
        schema("urn:b", "<xs:include schemaLocation='b0.xsd'/><xs:element name='y' type='b:t'/>"));
    write(
        "common/b0.xsd",
        schema("urn:b", "<xs:simpleType name='t'><xs:restriction base='xs:int'/></xs:simpleType>"));

    assertThat(lines(".")).containsExactly("r", "r/x INT64", "r/y INT64");
  }

  @Test
  void xmlsOwnAttributesAreKnown() throws Exception {
    write(
        "main.xsd",
        schema(
            "",
            "<xs:import namespace='http://www.w3.org/XML/1998/namespace' schemaLocation='http://www.w3.org/2001/xml.xsd'/>"
                + "<xs:element name='r'><xs:complexType><xs:attributeGroup ref='xml:specialAttrs'/></xs:complexType></xs:element>"));

    assertThat(lines("main.xsd")).contains("r/@lang STRING");
  }

  @Test
  void placesAreWrittenInManyWays() throws Exception {
    write(
        "main file.xsd",
        schema(
            "urn:a",
            "<xs:include schemaLocation='sub%20folder/b.xsd'/><xs:include schemaLocation='sub folder\\c.xsd'/><xs:include schemaLocation='http://example.com/d.xsd'/>"
                + R.formatted(
                    "<xs:element ref='a:b'/><xs:element ref='a:c'/><xs:element ref='a:d'/>")));
    write("sub folder/b.xsd", schema("urn:a", "<xs:element name='b' type='xs:int'/>"));
    write("sub folder/c.xsd", schema("urn:a", "<xs:element name='c' type='xs:int'/>"));
    write("d.xsd", schema("urn:a", "<xs:element name='d' type='xs:int'/>"));

    assertThat(lines(".", "r")).containsExactly("r", "r/b INT64", "r/c INT64", "r/d INT64");
  }

  /** Nobody connects to a socket that every reference leads to. */
  @Test
  void nothingIsFetched() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      String http = "http://127.0.0.1:" + server.getLocalPort();
      write(
          "main.xsd",
          "<!DOCTYPE xs:schema SYSTEM '"
              + http
              + "/a.dtd'>"
              + schema(
                  "urn:a",
                  "<xs:include schemaLocation='"
                      + http
                      + "/a.xsd'/><xs:import namespace='urn:b' schemaLocation='"
                      + http
                      + "/b.xsd'/>"
                      + "<xs:import namespace='"
                      + http
                      + "/c'/><xs:redefine schemaLocation='"
                      + http
                      + "/d.xsd'/>"
                      + R.formatted("<xs:element ref='b:x'/>")));
      write(
          "entity.xsd",
          "<!DOCTYPE xs:schema [<!ENTITY e SYSTEM '"
              + http
              + "/e'>]>"
              + schema("", R.formatted("&e;")));
      write(
          "parameter.xsd",
          "<!DOCTYPE xs:schema [<!ENTITY % e SYSTEM '"
              + http
              + "/e'> %e;]>"
              + schema("", R.formatted("")));
      write(
          "far.xml",
          "<catalog xmlns='urn:oasis:names:tc:entity:xmlns:xml:catalog'>\n<nextCatalog catalog='"
              + http
              + "/next.xml'/>\n<group xml:base='"
              + http
              + "/'><delegateURI uriStartString='urn:' catalog='urn.xml'/></group></catalog>");
      write(
          "next.xml",
          "<!DOCTYPE catalog SYSTEM '"
              + http
              + "/catalog.dtd'><catalog xmlns='urn:oasis:names:tc:entity:xmlns:xml:catalog'><uri name='urn:b' uri='"
              + http
              + "/b.xsd'/></catalog>");
      write(
          "catalog.xml",
          "<catalog xmlns='urn:oasis:names:tc:entity:xmlns:xml:catalog'><nextCatalog catalog='next.xml'/></catalog>");

      assertThat(problems("main.xsd")).hasSize(4);
      XsdException catalogued =
          assertThrows(
              XsdException.class, () -> Xsd.read(List.of(path("main.xsd")), path("catalog.xml")));
      assertThat(catalogued.problems()).hasSize(4);
      XsdException far =
          assertThrows(
              XsdException.class, () -> Xsd.read(List.of(path("main.xsd")), path("far.xml")));
      assertThat(far.problems())
          .containsExactly(
              path("far.xml")
                  + ", line 2, column "
                  + (35 + http.length())
                  + ": leads to "
                  + http
                  + "/next.xml, which isn't on this machine, and nothing is fetched: name a local catalog, or take it out",
              path("far.xml")
                  + ", line 3, column "
                  + (75 + http.length())
                  + ": leads to urn.xml, which isn't on this machine, and nothing is fetched: name a local catalog, or take it out");
      assertThat(problems("entity.xsd").get(0))
          .contains("refers to the entity " + http + "/e, and nothing but schemas is opened");
      assertThat(problems("parameter.xsd").get(0)).contains("nothing but schemas is opened");

      server.setSoTimeout(1);
      assertThrows(SocketTimeoutException.class, server::accept);
    }
  }

  @Test
  void entitiesOfItsOwnAreReadUpToALimit() throws Exception {
    write(
        "a.xsd",
        "<!DOCTYPE xs:schema [<!ENTITY i 'xs:int'><!ENTITY two '&i;&i;'>]>"
            + schema("", R.formatted("<xs:element name='x' type='&i;'/>")));

    assertThat(lines("a.xsd")).containsExactly("r", "r/x INT64");
    write(
        "b.xsd",
        "<!DOCTYPE xs:schema [<!ENTITY i 'xs:int'>]>"
            + schema(
                "",
                R.formatted(
                    "<xs:element name='x' type='&i;'/><xs:element name='y' type='&i;'/><xs:element name='z' type='&i;'/>")));
    XsdException tooMany =
        assertThrows(XsdException.class, () -> Xsd.read(List.of(path("b.xsd")), null, 1));
    assertThat(tooMany.problems().get(0)).contains("b.xsd, line 1, column ");
    assertThat(tooMany.problems().get(0)).contains("entity expansions");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<xs:complexType name='t'><xs:assert test='true()'/></xs:complexType> | xs:assert",
        "<xs:element name='e'><xs:alternative type='xs:int'/></xs:element> | xs:alternative",
        "<xs:override schemaLocation='b.xsd'/> | xs:override",
        "<xs:complexType name='t'><xs:openContent><xs:any/></xs:openContent></xs:complexType> | xs:openContent",
        "<xs:simpleType name='t'><xs:restriction base='xs:dateTime'><xs:explicitTimezone value='required'/></xs:restriction></xs:simpleType> | xs:explicitTimezone",
        "<xs:element name='e' type='xs:dateTimeStamp'/> | the type xs:dateTimeStamp",
        "<xs:simpleType name='t'><xs:list itemType='xs:dayTimeDuration'/></xs:simpleType> | the type xs:dayTimeDuration",
        "<xs:group name='g'><xs:sequence><xs:any notNamespace='##local'/></xs:sequence></xs:group> | the attribute notNamespace of xs:any",
        "<xs:element name='e' xmlns:vc='http://www.w3.org/2007/XMLSchema-versioning' vc:minVersion='1.1'/> | vc:minVersion=\"1.1\"",
      })
  void whatIsOfXsd11IsRefusedByName(String component, String name) throws Exception {
    write(
        "a.xsd",
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>\n" + component + "</xs:schema>");

    String problem = problems("a.xsd").get(0);

    assertThat(problem).startsWith(path("a.xsd") + ", line 2, column ");
    assertThat(problem)
        .endsWith(
            ": "
                + name
                + " is of XSD 1.1, which isn't read: give the schema in XSD 1.0, or propose from samples without --xsd");
  }

  @Test
  void documentationMayTellOfXsd11() throws Exception {
    write(
        "a.xsd",
        schema(
            "",
            "<xs:annotation><xs:documentation>Use <xs:assert test='x'/>.</xs:documentation></xs:annotation>"
                + R.formatted("")));

    assertThat(lines("a.xsd")).containsExactly("r");
  }

  @Test
  void tellsWhatIsWrong() throws Exception {
    write("bad.xsd", "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>\n<a>");
    write("other.xsd", "<r/>");
    write("unresolved.xsd", schema("", "\n" + R.formatted("<xs:element name='x' type='none'/>")));
    write("empty/readme.txt", "");

    assertThat(problems("bad.xsd").get(0)).startsWith(path("bad.xsd") + ", line 2, column 4: ");
    assertThat(problems("other.xsd").get(0))
        .contains("other.xsd, line 1, column 5: isn't an XML Schema: its root is <r>");
    assertThat(problems("unresolved.xsd").get(0))
        .startsWith(path("unresolved.xsd") + ", line 2, column ");
    assertThat(problems("unresolved.xsd").get(0)).contains("Cannot resolve the name 'none'");
    assertThat(problems("empty"))
        .containsExactly("--xsd: there is no .xsd file in " + path("empty"));
    assertThat(problems("none"))
        .containsExactly("--xsd: there is no file or folder " + path("none"));
    assertThat(
            assertThrows(XsdException.class, () -> Xsd.read(List.of("gs://b/a.xsd"), null))
                .problems()
                .get(0))
        .contains("copy the schema to this machine first");
    assertThat(
            assertThrows(
                    XsdException.class, () -> Xsd.read(List.of(path("bad.xsd")), path("none.xml")))
                .problems())
        .containsExactly("--catalog: there is no local file " + path("none.xml"));
    Files.write(dir.resolve("bytes.xml"), new byte[] {'<', 'a', '>', (byte) 0xff, '<', '/', 'a'});
    assertThat(
            assertThrows(
                    XsdException.class, () -> Xsd.read(List.of(path("bad.xsd")), path("bytes.xml")))
                .problems()
                .get(0))
        .startsWith(path("bytes.xml") + ", line 1, column 4: Invalid byte");
  }

  /** As in a folder of UBL, which has all of it twice. */
  @Test
  void oneDeclarationInTwoFilesIsTold() throws Exception {
    write("xsd/a.xsd", schema("urn:a", R.formatted("")));
    write("xsdrt/a.xsd", schema("urn:a", R.formatted("")));

    assertThat(problems(".").get(0))
        .contains("Two files declare it: pass one of the two folders or files only.");
    assertThat(lines("xsd")).containsExactly("r");
  }

  @Test
  void theRootIsAskedForWhereItIsntClear() throws Exception {
    write(
        "a.xsd",
        schema(
            "urn:a",
            "<xs:element name='b' type='xs:int'/><xs:element name='c' type='xs:int'/><xs:element name='d' abstract='true'/>"));

    assertThat(problems("a.xsd"))
        .containsExactly(
            "--root is missing: the schema has 2 elements that may be roots: {urn:a}b, {urn:a}c; name the one of your files, such as --root={urn:a}b");
    assertThat(lines("a.xsd", "c")).containsExactly("c INT64");
    assertThat(assertThrows(XsdException.class, () -> lines("a.xsd", "x")).problems())
        .containsExactly("--root: the schema has no global element x");
  }

  private List<String> lines(String name, String... roots) throws Exception {
    Xsd xsd = Xsd.read(List.of(path(name)), null);
    return XsdTest.lines(xsd.outline(Arrays.asList(roots), List.of(), 100));
  }

  private List<String> problems(String name) {
    return assertThrows(XsdException.class, () -> lines(name)).problems();
  }

  private String path(String name) {
    return dir.resolve(name).normalize().toString();
  }

  private void write(String name, String text) throws IOException {
    Path path = dir.resolve(name);
    Files.createDirectories(path.getParent());
    Files.write(path, text.getBytes(UTF_8));
  }

  private static String schema(String namespace, String components) {
    return "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:a='urn:a' xmlns:b='urn:b' xmlns:c='urn:c'"
        + (namespace.isEmpty()
            ? ""
            : " elementFormDefault='qualified' targetNamespace='" + namespace + "'")
        + ">"
        + components
        + "</xs:schema>";
  }
}
