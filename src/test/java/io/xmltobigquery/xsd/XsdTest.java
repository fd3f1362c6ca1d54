package io.xmltobigquery.xsd;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.profile.AttributeProfile;
import io.xmltobigquery.profile.Declaration;
import io.xmltobigquery.profile.ElementProfile;
import io.xmltobigquery.profile.Profile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is declared of paths, without samples. */
final class XsdTest {

  @TempDir Path dir;

  @Test
  void repetitionIsThatOfAllGroupsAround() throws Exception {
    assertThat(
            shape(
                """
                <xs:element name="r"><xs:complexType><xs:sequence>
                  <xs:element name="once" type="xs:string"/>
                  <xs:element name="many" type="xs:string" maxOccurs="3"/>
                  <xs:sequence maxOccurs="2"><xs:element name="inMany" type="xs:string"/></xs:sequence>
                  <xs:choice>
                    <xs:sequence><xs:element name="a" type="xs:string"/><xs:element name="b" type="xs:string"/></xs:sequence>
                    <xs:choice maxOccurs="unbounded"><xs:element name="c" type="xs:string"/></xs:choice>
                  </xs:choice>
                  <xs:element name="none" type="xs:string" minOccurs="0" maxOccurs="0"/>
                </xs:sequence></xs:complexType></xs:element>
                """))
        .containsExactly(
            "r",
            "r/once STRING",
            "r/many* STRING",
            "r/inMany* STRING",
            "r/a? STRING",
            "r/b? STRING",
            "r/c*? STRING")
        .inOrder();
  }

  @Test
  void theSameElementCountsForEachPlaceInASequenceAndForTheMostOfBranches() throws Exception {
    assertThat(
            shape(
                """
                <xs:element name="r"><xs:complexType><xs:sequence>
                  <xs:choice>
                    <xs:sequence><xs:element name="a" type="xs:string"/><xs:element name="b" type="xs:string"/></xs:sequence>
                    <xs:sequence><xs:element name="a" type="xs:string"/><xs:element name="c" type="xs:string"/></xs:sequence>
                  </xs:choice>
                  <xs:element name="d" type="xs:string"/>
                  <xs:element name="e" type="xs:string"/>
                  <xs:element name="d" type="xs:string"/>
                </xs:sequence></xs:complexType></xs:element>
                """))
        .containsExactly(
            "r", "r/a STRING", "r/b? STRING", "r/c? STRING", "r/d* STRING", "r/e STRING")
        .inOrder();
  }

  @Test
  void groupsInGroupsAreReadOnce() throws Exception {
    StringBuilder groups = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      groups.append(
          "<xs:group name='g%d'><xs:sequence><xs:group ref='g%d'/><xs:group ref='g%d'/></xs:sequence></xs:group>"
              .formatted(i, i + 1, i + 1));
    }
    assertThat(
            shape(
                groups
                    + """
                    <xs:group name="g60"><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence></xs:group>
                    <xs:element name="r"><xs:complexType><xs:group ref="g0"/></xs:complexType></xs:element>
                    """))
        .containsExactly("r", "r/a* INT64");
  }

  @Test
  void simpleTypesAreTypesOfBigQuery() throws Exception {
    assertThat(
            types(
                "string",
                "token",
                "NMTOKEN",
                "anyURI",
                "QName",
                "boolean",
                "byte",
                "int",
                "long",
                "unsignedInt",
                "unsignedLong",
                "integer",
                "nonNegativeInteger",
                "decimal",
                "float",
                "double",
                "dateTime",
                "date",
                "time",
                "duration",
                "gYear",
                "gYearMonth",
                "base64Binary",
                "hexBinary",
                "IDREFS",
                "anySimpleType"))
        .containsExactly(
            "string STRING",
            "token STRING",
            "NMTOKEN STRING",
            "anyURI STRING",
            "QName STRING",
            "boolean BOOL",
            "byte INT64",
            "int INT64",
            "long INT64",
            "unsignedInt INT64",
            "unsignedLong NUMERIC",
            "integer INT64~",
            "nonNegativeInteger INT64~",
            "decimal BIGNUMERIC~",
            "float FLOAT64",
            "double FLOAT64",
            "dateTime TIMESTAMP",
            "date DATE",
            "time TIME",
            "duration STRING",
            "gYear STRING",
            "gYearMonth STRING",
            "base64Binary BYTES",
            "hexBinary STRING",
            "IDREFS list of STRING",
            "anySimpleType STRING")
        .inOrder();
  }

  /** Any digit may stand before the point or behind it. */
  @Test
  void facetsBoundNumbers() throws Exception {
    assertThat(
            shape(
                """
                <xs:element name="r"><xs:complexType><xs:sequence>
                %s
                </xs:sequence></xs:complexType></xs:element>
                """
                    .formatted(
                        restricted("amount", "decimal", "totalDigits=18 fractionDigits=5")
                            + restricted("wide", "decimal", "totalDigits=38 fractionDigits=9")
                            + restricted("nine", "decimal", "totalDigits=9")
                            + restricted("ten", "decimal", "totalDigits=10")
                            + restricted("forty", "decimal", "totalDigits=40")
                            + restricted("whole", "decimal", "totalDigits=10 fractionDigits=0")
                            + restricted("cents", "decimal", "fractionDigits=2")
                            + restricted("eighteen", "integer", "totalDigits=18")
                            + restricted("nineteen", "integer", "totalDigits=19")
                            + restricted("thirty", "integer", "totalDigits=30")
                            + restricted("small", "integer", "minInclusive=0 maxExclusive=100")
                            + restricted(
                                "huge", "integer", "minInclusive=0 maxInclusive=1" + "0".repeat(45))
                            + restricted("open", "positiveInteger", "maxInclusive=99")
                            + restricted("code", "integer", "pattern=[0-9]{5}"))))
        .containsExactly(
            "r",
            "r/amount NUMERIC",
            "r/wide BIGNUMERIC",
            "r/nine NUMERIC",
            "r/ten BIGNUMERIC",
            "r/forty STRING",
            "r/whole INT64",
            "r/cents NUMERIC~",
            "r/eighteen INT64",
            "r/nineteen NUMERIC",
            "r/thirty BIGNUMERIC",
            "r/small INT64",
            "r/huge STRING",
            "r/open INT64",
            "r/code STRING")
        .inOrder();
  }

  @Test
  void listsAndUnions() throws Exception {
    assertThat(
            shape(
                """
                <xs:simpleType name="size"><xs:restriction base="xs:token">
                  <xs:enumeration value="S"/><xs:enumeration value="L"/></xs:restriction></xs:simpleType>
                <xs:simpleType name="sizes"><xs:list itemType="size"/></xs:simpleType>
                <xs:simpleType name="numbers"><xs:union memberTypes="xs:int xs:short"/></xs:simpleType>
                <xs:simpleType name="either"><xs:union memberTypes="xs:int size"/></xs:simpleType>
                <xs:simpleType name="eithers"><xs:list itemType="either"/></xs:simpleType>
                <xs:simpleType name="listOr"><xs:union memberTypes="xs:int sizes"/></xs:simpleType>
                <xs:element name="r"><xs:complexType><xs:sequence>
                  <xs:element name="size" type="size"/>
                  <xs:element name="sizes" type="sizes"/>
                  <xs:element name="numbers" type="numbers"/>
                  <xs:element name="either" type="either"/>
                  <xs:element name="eithers" type="eithers"/>
                  <xs:element name="listOr" type="listOr"/>
                </xs:sequence></xs:complexType></xs:element>
                """))
        .containsExactly(
            "r",
            "r/size STRING [S, L]",
            "r/sizes list of STRING [S, L]",
            "r/numbers INT64",
            "r/either STRING",
            "r/eithers list of STRING",
            "r/listOr STRING")
        .inOrder();
  }

  @Test
  void typesAreDerived() throws Exception {
    assertThat(
            shape(
                """
                <xs:complexType name="base"><xs:sequence>
                  <xs:element name="a" type="xs:string"/><xs:element name="b" type="xs:string" minOccurs="0"/>
                </xs:sequence><xs:attribute name="x" type="xs:int"/><xs:attribute name="y" type="xs:int"/></xs:complexType>
                <xs:complexType name="more"><xs:complexContent><xs:extension base="base"><xs:sequence>
                  <xs:element name="c" type="xs:string"/></xs:sequence><xs:attribute name="z" type="xs:int"/></xs:extension></xs:complexContent></xs:complexType>
                <xs:complexType name="less"><xs:complexContent><xs:restriction base="base"><xs:sequence>
                  <xs:element name="a" type="xs:string"/><xs:element name="b" type="xs:string" minOccurs="0" maxOccurs="0"/></xs:sequence>
                  <xs:attribute name="y" use="prohibited"/></xs:restriction></xs:complexContent></xs:complexType>
                <xs:element name="r"><xs:complexType><xs:sequence>
                  <xs:element name="more" type="more"/><xs:element name="less" type="less"/>
                </xs:sequence></xs:complexType></xs:element>
                """))
        .containsExactly(
            "r",
            "r/more",
            "r/more/@x INT64",
            "r/more/@y INT64",
            "r/more/@z INT64",
            "r/more/a STRING",
            "r/more/b? STRING",
            "r/more/c STRING",
            "r/less",
            "r/less/@x INT64",
            "r/less/a STRING")
        .inOrder();
  }

  /** XML Schema Part 1, 3.4.2: an extension without content of its own has its base's. */
  @Test
  void anExtensionOfAMixedTypeIsMixed() throws Exception {
    assertThat(
            shape(
                """
                <xs:complexType name="text" mixed="true"><xs:sequence>
                  <xs:element name="b" type="xs:string" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
                <xs:complexType name="dated"><xs:complexContent><xs:extension base="text">
                  <xs:attribute name="date" type="xs:date"/></xs:extension></xs:complexContent></xs:complexType>
                <xs:element name="r"><xs:complexType><xs:sequence>
                  <xs:element name="p" type="dated"/></xs:sequence></xs:complexType></xs:element>
                """))
        .containsExactly("r", "r/p mixed", "r/p/@date DATE")
        .inOrder();
  }

  @Test
  void namesHaveTheNamespaceThatTheSchemaSays() throws Exception {
    write(
        "a.xsd",
        """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:b="urn:b" xmlns:a="urn:a" targetNamespace="urn:a">
          <xs:import namespace="urn:b" schemaLocation="b.xsd"/>
          <xs:element name="r"><xs:complexType><xs:sequence>
            <xs:element name="id" type="xs:string"/><xs:element ref="b:id"/><xs:element ref="a:id"/>
            <xs:element name="q" form="qualified" type="xs:string"/>
          </xs:sequence><xs:attribute ref="b:x"/></xs:complexType></xs:element>
          <xs:element name="id" type="xs:string"/>
        </xs:schema>
        """);
    write(
        "b.xsd",
        """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:b">
          <xs:element name="id" type="xs:string"/><xs:attribute name="x" type="xs:string"/></xs:schema>
        """);

    Profile profile = outline(List.of("a.xsd"));

    ElementProfile root = profile.roots().get(0);
    assertThat(root.name()).isEqualTo(new XmlName("urn:a", "r"));
    assertThat(root.children().stream().map(ElementProfile::name))
        .containsExactly(
            new XmlName("", "id"),
            new XmlName("urn:b", "id"),
            new XmlName("urn:a", "id"),
            new XmlName("urn:a", "q"))
        .inOrder();
    assertThat(root.attributes().get(0).name()).isEqualTo(new XmlName("urn:b", "x"));
    assertThat(profile.prefixes()).containsAtLeast("urn:a", "a", "urn:b", "b");
  }

  @Test
  void substitutesStandBesideEachOther() throws Exception {
    assertThat(
            shape(
                """
                <xs:element name="shape" abstract="true"/>
                <xs:element name="round" substitutionGroup="shape" abstract="true"/>
                <xs:element name="circle" type="xs:int" substitutionGroup="round"/>
                <xs:element name="ball" type="xs:string" substitutionGroup="round"/>
                <xs:element name="line" type="xs:string" substitutionGroup="shape"/>
                <xs:element name="fixed" type="xs:string" block="substitution"/>
                <xs:element name="loose" type="xs:string" substitutionGroup="fixed"/>
                <xs:element name="r"><xs:complexType><xs:sequence>
                  <xs:element ref="shape" maxOccurs="unbounded"/><xs:element ref="fixed"/></xs:sequence></xs:complexType></xs:element>
                """))
        .containsExactly(
            "r", "r/ball*? STRING", "r/circle*? INT64", "r/line*? STRING", "r/fixed STRING")
        .inOrder();
  }

  @Test
  void derivedTypesHaveColumnsIfTheyAreFew() throws Exception {
    assertThat(
            shape(
                """
                <xs:complexType name="animal" abstract="true"><xs:sequence><xs:element name="name" type="xs:string"/></xs:sequence></xs:complexType>
                <xs:complexType name="dog"><xs:complexContent><xs:extension base="animal"><xs:sequence>
                  <xs:element name="bark" type="xs:boolean"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
                <xs:element name="r"><xs:complexType><xs:sequence>
                  <xs:element name="pet" type="animal"/></xs:sequence></xs:complexType></xs:element>
                """))
        .containsExactly(
            "r", "r/pet", "r/pet/@xsi:type STRING", "r/pet/name STRING", "r/pet/bark BOOL")
        .inOrder();
  }

  @Test
  void whatMayContainItselfIsKeptAsXml() throws Exception {
    assertThat(
            shape(
                """
                <xs:complexType name="part"><xs:sequence>
                  <xs:element name="n" type="xs:int"/><xs:element name="part" type="part" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
                <xs:complexType name="a"><xs:sequence><xs:element name="b" type="b" minOccurs="0"/></xs:sequence></xs:complexType>
                <xs:complexType name="b"><xs:sequence><xs:element name="a" type="a" minOccurs="0"/></xs:sequence></xs:complexType>
                <xs:group name="g"><xs:sequence><xs:element name="list"><xs:complexType><xs:group ref="g" minOccurs="0"/></xs:complexType></xs:element></xs:sequence></xs:group>
                <xs:element name="node" type="xs:anyType" abstract="true"/>
                <xs:complexType name="tree"><xs:sequence><xs:element ref="node" minOccurs="0"/></xs:sequence></xs:complexType>
                <xs:element name="branch" type="tree" substitutionGroup="node"/>
                <xs:element name="r"><xs:complexType><xs:sequence>
                  <xs:element name="part" type="part"/><xs:element name="a" type="a"/><xs:group ref="g"/><xs:element name="tree" type="tree"/></xs:sequence></xs:complexType></xs:element>
                """))
        .containsExactly(
            "r",
            "r/part",
            "r/part/n INT64",
            "r/part/part*? xml: it may contain itself",
            "r/a",
            "r/a/b?",
            "r/a/b/a? xml: it may contain itself",
            "r/list",
            "r/list/list? xml: it may contain itself",
            "r/tree",
            "r/tree/branch? xml: it may contain itself")
        .inOrder();
  }

  @Test
  void whatMayBeAnythingIsKeptAsXml() throws Exception {
    assertThat(
            shape(
                """
                <xs:element name="r"><xs:complexType><xs:sequence>
                  <xs:element name="extension"><xs:complexType><xs:sequence><xs:any/></xs:sequence></xs:complexType></xs:element>
                  <xs:element name="untyped"/>
                  <xs:element name="some"><xs:complexType><xs:sequence><xs:element name="a" type="xs:int"/>
                    <xs:any minOccurs="0" namespace="##other"/></xs:sequence><xs:anyAttribute/></xs:complexType></xs:element>
                  <xs:element name="nothing"><xs:complexType/></xs:element>
                </xs:sequence></xs:complexType></xs:element>
                """))
        .containsExactly(
            "r",
            "r/extension xml: any elements may be in it",
            "r/untyped xml: any elements may be in it",
            "r/some (other elements and attributes may come here: a load rejects them, unless it ignores what is unknown)",
            "r/some/a INT64",
            "r/nothing")
        .inOrder();
  }

  @Test
  void whatIsTooDeepForTheColumnsIsKeptAsXml() throws Exception {
    String wide =
        "<xs:complexType name='wide'><xs:sequence>"
            + "<xs:element name='a' type='xs:int'/><xs:element name='b' type='xs:int'/><xs:element name='c' type='xs:int'/>"
            + "</xs:sequence></xs:complexType>";
    write(
        "a.xsd",
        schema(
            wide
                + """
                <xs:element name="r"><xs:complexType><xs:sequence>
                  <xs:element name="x" type="wide"/><xs:element name="y" type="wide"/></xs:sequence></xs:complexType></xs:element>
                """));
    Xsd xsd = Xsd.read(List.of(dir.resolve("a.xsd").toString()), null);

    assertThat(lines(xsd.outline(List.of(), List.of(), 6)))
        .containsExactly(
            "r",
            "r/x",
            "r/x/a INT64",
            "r/x/b INT64",
            "r/x/c INT64",
            "r/y xml: there would be more than 6 columns; see --maxColumns")
        .inOrder();
    assertThat(lines(xsd.outline(List.of(), List.of("/r/y"), 6)))
        .containsExactly(
            "r",
            "r/x xml: it is beside what --record names",
            "r/y",
            "r/y/a INT64",
            "r/y/b INT64",
            "r/y/c INT64")
        .inOrder();
  }

  /** An amount with a currency is a RECORD of two. */
  @Test
  void allColumnsCount() throws Exception {
    write(
        "a.xsd",
        schema(
            """
            <xs:element name="r"><xs:complexType><xs:sequence>
              <xs:element name="amount"><xs:complexType><xs:simpleContent><xs:extension base="xs:decimal">
                <xs:attribute name="currency" type="xs:string"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
            </xs:sequence></xs:complexType></xs:element>
            """));
    Xsd xsd = Xsd.read(List.of(dir.resolve("a.xsd").toString()), null);

    assertThat(lines(xsd.outline(List.of(), List.of(), 4)))
        .containsExactly("r", "r/amount BIGNUMERIC~", "r/amount/@currency STRING");
    assertThat(lines(xsd.outline(List.of(), List.of(), 3)).get(1))
        .contains("xml: there would be more than 3 columns");
  }

  @Test
  void wordsOfTheSchemaAreKept() throws Exception {
    write(
        "a.xsd",
        schema(
            """
            <xs:simpleType name="t"><xs:annotation><xs:documentation>Of the
              type.</xs:documentation></xs:annotation><xs:restriction base="xs:int"/></xs:simpleType>
            <xs:element name="r"><xs:complexType><xs:sequence>
              <xs:element name="a" type="t"/>
              <xs:element name="b" type="t"><xs:annotation><xs:documentation xml:lang="de">Deutsch</xs:documentation>
                <xs:documentation xml:lang="EN">English &lt;b&gt;</xs:documentation></xs:annotation></xs:element>
              <xs:element name="c" type="xs:int" default="7"><xs:annotation>
                <xs:documentation source="Name" xml:lang="EN">CName</xs:documentation>
                <xs:documentation source="Definition" xml:lang="EN">What it is.</xs:documentation></xs:annotation></xs:element>
              <xs:element name="d" type="xs:int"><xs:annotation><xs:documentation><q:Component xmlns:q="urn:q"><q:Type>BBIE</q:Type>
                <q:Definition>The date.</q:Definition></q:Component></xs:documentation></xs:annotation></xs:element>
            </xs:sequence><xs:attribute name="x" fixed="1.0" type="xs:string"/></xs:complexType></xs:element>
            """));

    ElementProfile root = outline(List.of("a.xsd")).roots().get(0);

    assertThat(root.children().stream().map(child -> child.declared().documentation()))
        .containsExactly(
            "Of the type.", "English <b>", "What it is. If it is missing: 7.", "The date.")
        .inOrder();
    assertThat(root.attributes().get(0).declared().documentation()).isEqualTo("Always 1.0.");
  }

  private List<String> types(String... names) throws Exception {
    StringBuilder elements = new StringBuilder();
    for (String name : names) {
      elements.append("<xs:element name='%s' type='xs:%s'/>".formatted(name, name));
    }
    return shape(
            "<xs:element name='r'><xs:complexType><xs:sequence>"
                + elements
                + "</xs:sequence></xs:complexType></xs:element>")
        .stream()
        .skip(1)
        .map(line -> line.substring(2))
        .toList();
  }

  /** An element whose type has facets, such as {@code totalDigits=5 fractionDigits=2}. */
  private static String restricted(String name, String base, String facets) {
    StringBuilder all = new StringBuilder();
    for (String facet : facets.split(" ", -1)) {
      String[] parts = facet.split("=", 2);
      all.append("<xs:%s value='%s'/>".formatted(parts[0], parts[1]));
    }
    return "<xs:element name='%s'><xs:simpleType><xs:restriction base='xs:%s'>%s</xs:restriction></xs:simpleType></xs:element>"
        .formatted(name, base, all);
  }

  private List<String> shape(String components) throws Exception {
    write("a.xsd", schema(components));
    Xsd xsd = Xsd.read(List.of(dir.resolve("a.xsd").toString()), null);
    return lines(xsd.outline(List.of("r"), List.of(), 1_000));
  }

  private static String schema(String components) {
    return "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>" + components + "</xs:schema>";
  }

  private Profile outline(List<String> names) throws Exception {
    return Xsd.read(names.stream().map(name -> dir.resolve(name).toString()).toList(), null)
        .outline(List.of(), List.of(), 1_000);
  }

  private void write(String name, String text) throws Exception {
    Files.write(dir.resolve(name), text.getBytes(UTF_8));
  }

  /** Each path on a line: {@code *} repeats, {@code ?} is optional, {@code ~} isn't bounded. */
  static List<String> lines(Profile profile) {
    List<String> lines = new ArrayList<>();
    profile.roots().forEach(root -> add(root, "", lines));
    return lines;
  }

  private static void add(ElementProfile element, String above, List<String> lines) {
    String path = above + element.name().local();
    Declaration declared = element.declared();
    lines.add(
        path
            + (declared.repeats() ? "*" : "")
            + (declared.optional() ? "?" : "")
            + (declared.mixed() ? " mixed" : "")
            + value(declared)
            + (declared.whole() == null ? "" : " xml: " + declared.whole())
            + (declared.note().isEmpty() ? "" : " (" + declared.note() + ")"));
    for (AttributeProfile attribute : element.attributes()) {
      boolean isXsi = attribute.name().namespace().endsWith("XMLSchema-instance");
      lines.add(
          path
              + "/@"
              + (isXsi ? "xsi:" : "")
              + attribute.name().local()
              + value(attribute.declared()));
    }
    element.children().forEach(child -> add(child, path + "/", lines));
  }

  private static String value(Declaration declared) {
    return declared.value() == null
        ? ""
        : (declared.value().isList() ? " list of " : " ")
            + declared.value().type()
            + (declared.value().isBounded() ? "" : "~")
            + (declared.value().choices().isEmpty() ? "" : " " + declared.value().choices());
  }
}
