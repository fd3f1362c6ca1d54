package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.io.ByteStreams;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.codehaus.stax2.XMLStreamReader2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No document may open anything, or take time or memory without bound. */
class LimitsTest {

  private static final Engine ENGINE =
      Engine.of(
          "/l/r",
          "ignore",
          "{'name': 'x', 'type': 'STRING'}, {'name': 'a', 'type': 'STRING', 'source': '@a'}");

  private static final Engine MANY =
      Engine.of("/l/r", "error", "{'name': 'y', 'type': 'STRING', 'mode': 'REPEATED'}");

  private static final Engine HUNDRED_NAMES =
      ENGINE.withNames(() -> new NameTable(100, Limits.MAX_NAME_CHARACTERS, 100));

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE l><l><r><x>1</x></r></l>",
        "<!DOCTYPE l SYSTEM 'no such file.dtd'><l><r><x>1</x></r></l>",
        "<!DOCTYPE l PUBLIC '-//x//y' 'http://localhost:1/'>\n<l><r><x>1</x></r></l>",
        "<!DOCTYPE l [<!ELEMENT l ANY><!-- ]> --><!ENTITY e \"]>\">]><l><r><x>1</x></r></l>",
        "<!DOCTYPE l [<!ATTLIST r other CDATA 'default'>]><l><r><x>1</x></r></l>",
        "<!DOCTYPE l [<!ENTITY % p '<!ELEMENT l ANY>'> %p; ]><l><r><x>1</x></r></l>",
      })
  void aDoctypeIsSkipped(String document) throws Exception {
    assertThat(ENGINE.rows(document)).containsExactly("{'x':'1'}");
  }

  @Test
  void aDoctypeDoesNotMovePositions() {
    String document = "<!DOCTYPE l [\r\n<!ENTITY e 'é'>\r\n]>\r\n<l><r></x></l>";
    Position position = ENGINE.rejection(document).position();
    assertThat(position).isNotNull();
    assertThat(position.line()).isEqualTo(4);
    assertThat(position.byteOffset() - position.column()).isEqualTo(36);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<x>&e;</x>",
        "<x>a&e;b</x>",
        "<x a='&e;'/>",
        "<k>&e;</k>",
        "<k a='&e;'/>",
        "&e;",
        "<x><!-- -->&e;</x>",
      })
  void entitiesThatADoctypeDeclaresAreUnknown(String content) {
    String record = "<r>" + content + "</r>";
    String document = "<!DOCTYPE l [<!ENTITY e 'value'>]><l>" + record + "</l>";
    assertThat(ENGINE.rejection(document).reason()).isEqualTo(RejectionReason.UNKNOWN_ENTITY);
    assertThat(ENGINE.rejection(document).recordNumber()).isEqualTo(1);
    assertThat(ENGINE.rejection("<l><o>" + content + "</o></l>").reason())
        .isEqualTo(RejectionReason.UNKNOWN_ENTITY);
  }

  @Test
  void externalEntitiesAreNeverOpened() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "secret");
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      for (String uri :
          List.of(
              secret.toUri().toString(), "http://localhost:" + server.getLocalPort() + "/secret")) {
        for (String doctype :
            List.of(
                "<!DOCTYPE l SYSTEM '%s'>",
                "<!DOCTYPE l PUBLIC 'p' '%s'>",
                "<!DOCTYPE l [<!ENTITY e SYSTEM '%s'>]>",
                "<!DOCTYPE l [<!ENTITY %% p SYSTEM '%s'> %%p;]>")) {
          String start = doctype.formatted(uri) + "<l><r><x>";
          assertThat(ENGINE.rows(start + "1</x></r></l>")).containsExactly("{'x':'1'}");
          RejectedException rejection = ENGINE.rejection(start + "&e;</x></r></l>");
          assertThat(rejection.reason()).isEqualTo(RejectionReason.UNKNOWN_ENTITY);
          assertThat(rejection).hasMessageThat().doesNotContain("secret");
        }
      }
      server.setSoTimeout(1);
      assertThrows(SocketTimeoutException.class, server::accept);
    }
  }

  @Test
  void xincludeIsAnElementLikeAnyOther() throws Exception {
    assertThat(
            ENGINE.rows(
                "<l xmlns:i='http://www.w3.org/2001/XInclude'><r><x><i:include href='x'/></x></r></l>"))
        .containsExactly("{'x':''}");
  }

  @Test
  void elementsNestAThousandDeepAndNoDeeper() throws Exception {
    String deepest = "<k>".repeat(998) + "</k>".repeat(998);
    assertThat(ENGINE.rows("<l><r>" + deepest + "</r></l>")).hasSize(1);
    RejectedException rejection = ENGINE.rejection("<l><r><k>" + deepest + "</k></r></l>");
    assertThat(rejection.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(rejection.recordNumber()).isEqualTo(1);
  }

  @Test
  void partsNestAsDeepAsTheDocument() throws Exception {
    for (int levels : List.of(998, 999)) {
      String deep = "<k>".repeat(levels) + "</k>".repeat(levels);
      InParts document =
          new InParts(ENGINE, Engine.source("<l><r/><r>" + deep + "</r></l>"), false);
      assertThat(document.whole().isPresent()).isEqualTo(levels == 998);
      document.check();
    }
  }

  @Test
  void elementsHaveAThousandAttributesAndNoMore() throws Exception {
    StringBuilder attributes = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      attributes.append(" a").append(i).append("=''");
    }
    assertThat(ENGINE.rows("<l><r" + attributes + "/></l>")).hasSize(1);
    assertThat(ENGINE.rejection("<l><r" + attributes + " a=''/></l>").reason())
        .isEqualTo(RejectionReason.LIMIT_EXCEEDED);
  }

  @Test
  void attributesHaveAMillionCharactersAndNoMore() throws Exception {
    String value = "a".repeat(1 << 20);
    assertThat(ENGINE.rows("<l><r a='" + value + "'/></l>"))
        .containsExactly("{'a':'" + value + "'}");
    assertThat(ENGINE.rejection("<l><r a='a" + value + "'/></l>").reason())
        .isEqualTo(RejectionReason.LIMIT_EXCEEDED);
  }

  @Test
  void recordsUpToTheLimitAreRead() throws Exception {
    Engine engine = ENGINE.withMaxRecordBytes(200_000);
    String record = "<r><x>" + "é".repeat(99_990) + "</x></r>";
    assertThat(engine.rows("<l>" + record.repeat(5) + "</l>")).hasSize(5);
  }

  @Test
  void longerRecordsAreRejectedAtTheirStart() {
    Engine engine = ENGINE.withMaxRecordBytes(200_000);
    String document = "<l>\n<r/><r><x>" + "é".repeat(140_000) + "</x></r></l>";
    RejectedException rejection = engine.rejection(document);
    assertThat(rejection.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(rejection.position()).isEqualTo(new Position(2, 5, 8));
    assertThat(rejection.recordNumber()).isEqualTo(2);
    assertThat(rejection).hasMessageThat().contains("--maxRecordBytes");
  }

  /** In a part, blocks of the file end elsewhere, so that the limit may show elsewhere too. */
  @Test
  void recordsUpToTheLimitAreReadInAnyPart() throws Exception {
    int max = 50_000;
    Engine engine = ENGINE.withMaxRecordBytes(max);
    int accepted = 0;
    int rejected = 0;
    for (int length = 48_000; length < 120_000; length += 997) {
      String record = "<r><x>" + "a".repeat(length) + "</x></r>";
      String before = "<r/>".repeat(1 + length % 2_003);
      XmlSource source = Engine.source("<l>" + before + record + "<r/></l>");
      List<PartStart> starts = ENGINE.starts(source);
      int last = starts.size() - 3;
      for (List<PartStart> some :
          List.of(List.<PartStart>of(), starts.subList(last, last + 1), starts.subList(0, 1))) {
        try {
          ReadDocument<HeldRecords> document = engine.read(source, some);
          assertThat(document.parts()).hasSize(some.size() + 1);
          assertThat(HeldRecords.records(document)).hasSize(starts.size());
          assertThat(record.length()).isAtMost(max + 64 * 1024);
          accepted++;
        } catch (RejectedException e) {
          assertThat(record.length()).isGreaterThan(max);
          assertThat(e.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
          assertThat(e.position().byteOffset()).isEqualTo(3 + before.length());
          assertThat(e.recordNumber()).isEqualTo(starts.size() - 1);
          rejected++;
        }
      }
    }
    assertThat(accepted).isGreaterThan(3);
    assertThat(rejected).isGreaterThan(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<l><r><x>|a",
        "<l><r><x><![CDATA[|a",
        "<l><r><!--|a",
        "<l><r |\n",
        "<l><r a='&#|0",
        "<l><r><k>|<k/>",
        "<l><!--|a",
        "<l><?p |a",
        "|\n",
        "<!DOCTYPE l [|<!ENTITY e 'x'>",
        "<!DOCTYPE |l",
        "<!DOCTYPE l SYSTEM '|l",
        "<?xml version='|1",
        "<l/><!--|a",
        "<l/>|\n",
      })
  void whatIsLongerThanARecordMayBeIsRejectedWhereverItStands(String startAndRepeated) {
    int bar = startAndRepeated.indexOf('|');
    String repeated = startAndRepeated.substring(bar + 1);
    String document = startAndRepeated.substring(0, bar) + repeated.repeat(200_000);
    RejectedException rejection = ENGINE.withMaxRecordBytes(50_000).rejection(document);
    assertThat(rejection.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(rejection).hasMessageThat().contains("--maxRecordBytes");
  }

  @Test
  void aMillionValuesFitARecordAndNoMore() throws Exception {
    String values = "<y/>".repeat(1_000_000);
    assertThat(MANY.rowCounts(Engine.source("<l><r>" + "<y/>".repeat(900_000) + "</r></l>")))
        .containsExactly(1L);
    RejectedException rejection = MANY.rejection("<l>\n<r>" + values + "</r></l>");
    assertThat(rejection.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(rejection.position()).isEqualTo(new Position(2, 1, 4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<?p%d?>", "<l><?p%d?>", "<l><r><?p%d?>", "<l><k%d/>", "<l><r><k%d/>"})
  void moreNamesThanADocumentMayHaveAreRejected(String startAndName) {
    int nameStart = startAndName.lastIndexOf('<');
    StringBuilder document = new StringBuilder(startAndName.substring(0, nameStart));
    for (int i = 0; i < 100; i++) {
      document.append(startAndName.substring(nameStart).formatted(i));
    }
    RejectedException rejection = HUNDRED_NAMES.rejection(document.toString());
    assertThat(rejection.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(rejection).hasMessageThat().contains("100 different names");
  }

  @Test
  void namesMayComeAgainAsOftenAsTheyLike() throws Exception {
    assertThat(HUNDRED_NAMES.rows("<l>" + names("n", 90).repeat(10) + "<r/></l>")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<%s/>",
        "<l><%s/></l>",
        "<l><r><%s/></r></l>",
        "<l><r %s=''/></l>",
        "<l xmlns:%s='u'/>",
        "<l><?%s?></l>",
        "<l>&%s;</l>",
        "<l><r><x>&%s;</x></r></l>",
      })
  void namesHaveThreeHundredCharactersAndNoMore(String document) {
    assertThat(ENGINE.rejection(document.formatted("n".repeat(301)) + "<").reason())
        .isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(ENGINE.rejection(document.formatted("n".repeat(300)) + "<").reason())
        .isNotEqualTo(RejectionReason.LIMIT_EXCEEDED);
  }

  @Test
  void tellsWhichTagHasTheLongName() {
    RejectedException rejection =
        ENGINE.rejection("<l>\n<r/>\n<r><x/><y " + "n".repeat(301) + "=''/></r></l>");
    assertThat(rejection.position()).isEqualTo(new Position(3, 8, 16));
    assertThat(rejection.recordNumber()).isEqualTo(2);
    assertThat(rejection).hasMessageThat().contains("300 characters");
  }

  @Test
  void allNamesTogetherHaveACertainLengthAndNoMore() throws Exception {
    // Ten of 98, and "l" and "r".
    Engine engine = ENGINE.withNames(() -> new NameTable(100, 982, 100));
    String names = names("n".repeat(97), 10);
    assertThat(engine.rows("<l>" + names + "<r/></l>")).hasSize(1);
    RejectedException rejection = engine.rejection("<l>" + names + "<r/><o/></l>");
    assertThat(rejection.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(rejection).hasMessageThat().contains("982 characters");
  }

  @Test
  void namesOfAttributesOfOneRecordCountToo() {
    String attributes =
        IntStream.range(0, 50).mapToObj(" n%d=''"::formatted).collect(Collectors.joining());
    String document =
        "<l><r><x%s/><x%s/></r></l>".formatted(attributes, attributes.replace('n', 'm'));
    assertThat(HUNDRED_NAMES.rejection(document)).hasMessageThat().contains("100 different names");
  }

  @Test
  void namesOfAlikeHashesAreRejected() throws Exception {
    Engine engine =
        ENGINE.withNames(() -> new NameTable(Limits.MAX_NAMES, Limits.MAX_NAME_CHARACTERS, 2));
    assertThat(engine.rows("<l>" + names("n", 1_000) + "<r/></l>")).hasSize(1);
    // There are more than two for each class of hashes, so some class has more than two.
    String names = names("n", 2 * NameTable.HASH_CLASSES + 1);
    RejectedException rejection = engine.rejection("<l>" + names + "<r/></l>");
    assertThat(rejection.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(rejection).hasMessageThat().contains("more than 2 names of alike hashes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%d", "%05d", "%x", "Field_%05d_of_the_form", "%08X-%1$04d", "F%07d0"})
  void namesThatAreNumberedHaveHashesApart(String form) {
    StringBuilder document = new StringBuilder("<l>");
    for (int i = 0; i < 99_000; i++) {
      document.append("<n").append(form.formatted(i)).append("/>");
    }
    assertThat(ENGINE.rejection(document.toString()).reason()).isEqualTo(RejectionReason.TRUNCATED);
  }

  @Test
  void namesOfOneDocumentDontCountForTheNext() throws Exception {
    assertThat(HUNDRED_NAMES.rows("<l>" + names("a", 60) + "<r/></l>")).hasSize(1);
    assertThat(HUNDRED_NAMES.rows("<l>" + names("b", 60) + "<r/></l>")).hasSize(1);
  }

  /** The parser's cache of interned ones is shared by all documents, and has no bound by length. */
  @Test
  void namespacesAreNotKeptForOtherDocuments() throws Exception {
    XMLStreamReader2 xml =
        new StaxReaders(Map.of()).create(new StringReader("<l xmlns='urn:x:kept'/>"));
    xml.next();
    assertThat(xml.getNamespaceURI()).isEqualTo("urn:x:kept");
    assertThat(xml.getNamespaceURI()).isNotSameInstanceAs("urn:x:kept");
  }

  private static String names(String prefix, int count) {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < count; i++) {
      names.append('<').append(prefix).append(i).append("/>");
    }
    return names.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"<l%s><r/></l>", "<l><k%s/><r/></l>", "<l><k><k%s/></k><r/></l>"})
  void namespacesOutsideOfRecordsHaveTenThousandCharactersAndNoMore(String document)
      throws Exception {
    String half = "u".repeat(4_998);
    String most = " xmlns:n1='%s' xmlns:n2='%s'".formatted(half, half);
    assertThat(ENGINE.rows(document.formatted(most))).hasSize(1);
    RejectedException rejection = ENGINE.rejection(document.formatted(most + " xmlns='u'"));
    assertThat(rejection.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(rejection).hasMessageThat().contains("namespaces");
  }

  @Test
  void aLongWayToAFaultTakesNoMemory() {
    byte[] spaces = " ".repeat(1_000_000).getBytes(UTF_8);
    int megabytes = 400;
    XmlSource source =
        offset -> {
          InputStream open = endless("<o>".getBytes(UTF_8), spaces, offset);
          return new SequenceInputStream(
              ByteStreams.limit(open, megabytes * 1_000_000L - offset),
              new ByteArrayInputStream("</o>".getBytes(UTF_8)));
        };
    RejectedException rejection = ENGINE.rejection(source);
    assertThat(rejection.reason()).isEqualTo(RejectionReason.NO_SECTION);
    assertThat(rejection.position().byteOffset()).isEqualTo(megabytes * 1_000_000L + 4);
  }

  private static InputStream endless(byte[] start, byte[] repeated, long offset)
      throws IOException {
    InputStream stream =
        new SequenceInputStream(
            new ByteArrayInputStream(start), new RepeatedStream(repeated, Long.MAX_VALUE));
    stream.skipNBytes(offset);
    return stream;
  }
}
