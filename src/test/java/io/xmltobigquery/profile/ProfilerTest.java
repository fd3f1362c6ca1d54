package io.xmltobigquery.profile;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.xml.RejectedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ProfilerTest {

  @Test
  void countsElementsByPath() throws IOException, RejectedException {
    Profile profile =
        Profiles.of(
            "<r><o><i/><i/><i/></o><o><i/></o><o/></r>", "<r><i/></r>", "<r><o><i/></o></r>");

    assertThat(profile.documents()).isEqualTo(3);
    assertThat(profile.elements()).isEqualTo(13);
    assertThat(profile.paths()).isEqualTo(4);
    ElementProfile deep = Profiles.element(profile, "o/i");
    assertThat(deep.count()).isEqualTo(5);
    assertThat(deep.parents()).isEqualTo(3);
    assertThat(deep.mostPerParent()).isEqualTo(3);
    assertThat(deep.files()).isEqualTo(2);
    assertThat(Profiles.element(profile, "i").count()).isEqualTo(1);
    assertThat(Profiles.element(profile, "o").mostPerParent()).isEqualTo(3);
    assertThat(Profiles.element(profile, "").parents()).isEqualTo(3);
  }

  /** What is between the elements doesn't make one parent of two. */
  @Test
  void whatRepeatsNeedNotStandTogether() throws IOException, RejectedException {
    assertThat(Profiles.element(Profiles.of("<r><a/><b/><a/></r>"), "a").mostPerParent())
        .isEqualTo(2);
  }

  @Test
  void seesAnAttributeThatOnlyALateRecordHas() throws IOException, RejectedException {
    Profile profile = Profiles.of("<r>" + "<o/>".repeat(1_000) + "<o late='x'/></r>");

    assertThat(Profiles.attribute(profile, "o", "late").count()).isEqualTo(1);
    assertThat(Profiles.element(profile, "o").count()).isEqualTo(1_001);
  }

  @Test
  void joinsWhatRepeatsInDifferentShapes() throws IOException, RejectedException {
    Profile profile = Profiles.of("<r><o><a/></o><o><b/></o></r>");

    assertThat(Profiles.children(profile, "o")).containsExactly("a", "b");
  }

  @Test
  void tellsTextFromElementsAndFromBoth() throws IOException, RejectedException {
    Profile profile =
        Profiles.of(
            """
            <r> <empty/> <empty a="1"> </empty> <text>x</text>
            <nested> <a/> </nested> <before>x<a/></before> <behind><a/>x</behind>
            <either>x</either> <either><a/></either></r>""");

    assertThat(Profiles.element(profile, "empty").empty()).isEqualTo(2);
    assertThat(Profiles.element(profile, "text").text()).isEqualTo(1);
    assertThat(Profiles.element(profile, "nested").nested()).isEqualTo(1);
    assertThat(Profiles.element(profile, "nested").isMixed()).isFalse();
    assertThat(Profiles.element(profile, "before").mixed()).isEqualTo(1);
    assertThat(Profiles.element(profile, "behind").mixed()).isEqualTo(1);
    assertThat(Profiles.element(profile, "either").isMixed()).isTrue();
    assertThat(Profiles.element(profile, "").isMixed()).isFalse();
  }

  @Test
  void onlyWhatHasNoElementsHasAValue() throws IOException, RejectedException {
    Profile profile = Profiles.of("<r><o><i>7</i></o><e/><o/></r>");

    assertThat(Profiles.values(profile, "")).isNull();
    assertThat(Profiles.values(profile, "o")).isNull();
    assertThat(Profiles.values(profile, "o/i").type()).isEqualTo(ColumnType.INT64);
    assertThat(Profiles.values(profile, "e").count(ValueKind.EMPTY)).isEqualTo(1);
  }

  @Test
  void cdataAndCommentsAreWithinOneValue() throws IOException, RejectedException {
    Profile profile = Profiles.of("<r><v>1<!-- c -->2<?p i?><![CDATA[3]]>&#52;</v></r>");

    assertThat(Profiles.values(profile, "v").examples()).containsExactly("1234");
    assertThat(Profiles.values(profile, "v").count()).isEqualTo(1);
  }

  @Test
  void aValueIsWholeHoweverTheParserCutsIt() throws IOException, RejectedException {
    String text = "x&amp;".repeat(20_000);

    Profile profile = Profiles.of("<r><v>" + text + "</v></r>");

    assertThat(Profiles.values(profile, "v").count()).isEqualTo(1);
    assertThat(Profiles.values(profile, "v").maxLength()).isEqualTo(40_000);
  }

  @Test
  void whatIsNilHasNoValue() throws IOException, RejectedException {
    Profile profile =
        Profiles.of(
            """
            <r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="u u.xsd">
            <v xsi:nil="true"/><v xsi:nil=" 1 "/><v xsi:nil="false">7</v></r>""");

    ElementProfile element = Profiles.element(profile, "v");
    assertThat(element.nil()).isEqualTo(2);
    assertThat(element.values().type()).isEqualTo(ColumnType.INT64);
    assertThat(element.values().count()).isEqualTo(1);
    assertThat(element.attributes()).isEmpty();
    assertThat(Profiles.element(profile, "").attributes()).isEmpty();
  }

  @Test
  void namesAreComparedByNamespace() throws IOException, RejectedException {
    Profile profile =
        Profiles.of(
            """
            <r xmlns="urn:a" xmlns:q="urn:b"><v x="1" q:x="2"/><q:v/><w xmlns="urn:b"/>\
            <p:v xmlns:p="urn:a"/><v xmlns=""/></r>""");

    List<ElementProfile> children = profile.roots().get(0).children();
    assertThat(children.stream().map(ElementProfile::name))
        .containsExactly(
            new XmlName("urn:a", "v"),
            new XmlName("urn:b", "v"),
            new XmlName("urn:b", "w"),
            new XmlName("", "v"));
    assertThat(children.get(0).count()).isEqualTo(2);
    assertThat(children.get(0).attributes().stream().map(AttributeProfile::name))
        .containsExactly(new XmlName("", "x"), new XmlName("urn:b", "x"));
    assertThat(profile.prefixes()).containsExactly("urn:a", "p", "urn:b", "q");
  }

  @Test
  void differentRootsStandBesideEachOther() throws IOException, RejectedException {
    Profile profile = Profiles.of("<b/>", "<a/>", "<b/>");

    assertThat(profile.roots().stream().map(root -> root.name().local()))
        .containsExactly("a", "b")
        .inOrder();
    assertThat(profile.roots().get(1).files()).isEqualTo(2);
  }

  @Test
  void rootsMayBeEmptyOrHaveAttributesOnly() throws IOException, RejectedException {
    assertThat(Profiles.values(Profiles.of("<r/>"), "").count(ValueKind.EMPTY)).isEqualTo(1);
    assertThat(Profiles.attribute(Profiles.of("<r a='1'/>"), "", "a").count()).isEqualTo(1);
  }

  @Test
  void childrenStandInTheOrderOfDocuments() throws IOException, RejectedException {
    Profile profile = Profiles.of("<r><z/><m/><z/><a/></r>", "<r><m/><a/></r>", "<r><z/><a/></r>");

    assertThat(Profiles.children(profile, "")).containsExactly("z", "m", "a").inOrder();
  }

  @Test
  void tellsOfRecursion() throws IOException, RejectedException {
    Profile profile =
        Profiles.of("<r><a><b><a><b><a/></b></a></b></a><c><c/></c><d/></r>", "<r><r/></r>");

    assertThat(profile.recursions())
        .containsExactly(
            new Profile.Recursion(List.of(name("r")), 2),
            new Profile.Recursion(List.of(name("r"), name("a")), 3),
            new Profile.Recursion(List.of(name("r"), name("a"), name("b")), 2),
            new Profile.Recursion(List.of(name("r"), name("c")), 2));
  }

  /** Only the name is the same. */
  @Test
  void anElementOfItsOwnNameMayBeSomethingElse() throws IOException, RejectedException {
    Profile profile =
        Profiles.of(
            "<r><title><title>x</title></title><group n='1'><i/><group m='2'/></group></r>");

    assertThat(profile.recursions()).isEmpty();
    assertThat(
            RecordCandidate.of(Profiles.of("<r><o a='1'><o>7</o></o><o a='2'><o>8</o></o></r>"))
                .stream()
                .map(candidate -> candidate.path().size()))
        .containsExactly(2);
  }

  @Test
  void aDocumentThatWasNotTakenIsForgotten() throws IOException, RejectedException {
    Profiler profiler = new Profiler();
    DocumentProfile document = profiler.newDocumentProfile();
    Profiles.add(profiler, document, "<r><a>1</a></r>");
    assertThrows(
        RejectedException.class,
        () -> Profiles.add(profiler, document, "<r><a>x</a><a y=''/><b><c></b></r>"));
    Profiles.add(profiler, document, "<r><a>2</a></r>");

    assertThat(profiler.profile()).isEqualTo(Profiles.of("<r><a>1</a></r>", "<r><a>2</a></r>"));
  }

  @Test
  void isTheSameInAnyOrderAndByAnyNumberOfThreads() throws IOException, RejectedException {
    List<String> documents = randomDocuments(60);
    Profile profile = Profiles.of(new Profiler(), documents);

    for (int seed = 0; seed < 10; seed++) {
      Collections.shuffle(documents, new Random(seed));
      Profiler profiler = new Profiler();
      DocumentProfile one = profiler.newDocumentProfile();
      DocumentProfile other = profiler.newDocumentProfile();
      for (int i = 0; i < documents.size(); i++) {
        Profiles.add(profiler, i % 3 == 0 ? one : other, documents.get(i));
      }
      assertWithMessage("seed " + seed).that(profiler.profile()).isEqualTo(profile);
    }
  }

  @Test
  void givesUpTheDeepestPathsWhereThereAreTooMany() throws IOException, RejectedException {
    Profile profile =
        Profiles.of(new Profiler(5), List.of("<r><a x=''><b/><c/><d><e/></d></a><f/></r>"));

    assertThat(profile.isComplete()).isFalse();
    assertThat(profile.deepest()).isEqualTo(2);
    assertThat(profile.paths()).isEqualTo(4);
    assertThat(profile.elements()).isEqualTo(7);
    ElementProfile cut = Profiles.element(profile, "a");
    assertThat(cut.below()).isEqualTo(4);
    assertThat(cut.nested()).isEqualTo(1);
    assertThat(cut.children()).isEmpty();
    assertThat(Profiles.element(profile, "f").count()).isEqualTo(1);
  }

  @Test
  void evenRootsMayBeTooMany() throws IOException, RejectedException {
    Profile profile = Profiles.of(new Profiler(2), List.of("<a/>", "<b/>", "<c><d/></c>"));

    assertThat(profile.deepest()).isEqualTo(0);
    assertThat(profile.roots()).isEmpty();
    assertThat(profile.elements()).isEqualTo(4);
  }

  @Test
  void whatIsGivenUpIsTheSameInAnyOrder() throws IOException, RejectedException {
    List<String> documents = randomDocuments(40);
    for (int mostPaths : new int[] {1, 4, 12, 40, 100, 150}) {
      Profile profile = Profiles.of(new Profiler(mostPaths), documents);
      assertThat(profile.paths()).isAtMost(mostPaths);
      long counted = profile.roots().stream().mapToLong(ProfilerTest::elements).sum();
      assertThat(counted).isEqualTo(profile.roots().isEmpty() ? 0 : profile.elements());

      for (int seed = 0; seed < 5; seed++) {
        List<String> shuffled = new ArrayList<>(documents);
        Collections.shuffle(shuffled, new Random(seed));
        Profiler profiler = new Profiler(mostPaths);
        DocumentProfile one = profiler.newDocumentProfile();
        DocumentProfile other = profiler.newDocumentProfile();
        for (int i = 0; i < shuffled.size(); i++) {
          Profiles.add(profiler, i % 2 == 0 ? one : other, shuffled.get(i));
        }
        assertWithMessage(mostPaths + " paths, seed " + seed)
            .that(profiler.profile())
            .isEqualTo(profile);
      }
    }
  }

  /** Both are legal, and neither stays in memory. */
  @Test
  void longNamespacesAreCutOff() throws IOException, RejectedException {
    String uri = "urn:" + "x".repeat(5_000);
    Profile profile = Profiles.of("<r xmlns='" + uri + "'><a/><a/></r>");

    assertThat(profile.roots().get(0).name().namespace()).hasLength(501);
    assertThat(Profiles.element(profile, "a").count()).isEqualTo(2);
  }

  @Test
  void keepsABoundedNumberOfPrefixes() throws IOException, RejectedException {
    String declarations =
        IntStream.range(0, 600)
            .mapToObj(i -> " xmlns:p" + i + "='u" + i + "'")
            .collect(Collectors.joining());
    String others = declarations.replace("'u", "'v");

    Profile profile = Profiles.of("<r" + declarations + "/>", "<r" + others + "/>");

    assertThat(profile.prefixes()).hasSize(Prefixes.MOST);
    assertThat(profile.prefixes())
        .isEqualTo(Profiles.of("<r" + others + "/>", "<r" + declarations + "/>").prefixes());
  }

  private static long elements(ElementProfile element) {
    return element.count()
        + element.below()
        + element.children().stream().mapToLong(ProfilerTest::elements).sum();
  }

  private static XmlName name(String local) {
    return new XmlName("", local);
  }

  private static List<String> randomDocuments(int count) {
    Random random = new Random(7);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              StringBuilder xml = new StringBuilder();
              append(xml, random, 0);
              return xml.toString();
            })
        .collect(Collectors.toList());
  }

  private static void append(StringBuilder xml, Random random, int depth) {
    char name = (char) ('a' + (depth == 0 ? 0 : random.nextInt(4)));
    xml.append('<').append(name);
    if (random.nextInt(3) == 0) {
      xml.append(" xmlns:p='urn:").append(random.nextInt(3)).append("'");
    }
    if (random.nextInt(3) == 0) {
      xml.append(" x='").append(random.nextInt(100)).append("'");
    }
    xml.append('>');
    for (int i = depth < 5 ? random.nextInt(5) : 0; i > 0; i--) {
      append(xml, random, depth + 1);
    }
    if (random.nextInt(3) > 0) {
      xml.append(random.nextInt(3) == 0 ? "x" + random.nextInt(50) : random.nextInt(1_000));
    }
    xml.append("</").append(name).append('>');
  }
}
