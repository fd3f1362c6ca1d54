package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.xmltobigquery.oracle.OracleRecord;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Documents in every kind of encoding: found out right, decoded strictly, entered at any record.
 */
class EncodingTest {

  private static final Engine ENGINE =
      Engine.of("/l/r", "error", "{'name': 'x', 'type': 'STRING'}");

  private static final String MARK = "\uFEFF";

  private static byte[] encoded(String text, String charset) {
    return text.getBytes(Charset.forName(charset));
  }

  private static List<OracleRecord> records(String... values) {
    return Arrays.stream(values)
        .map(value -> new OracleRecord("t", JsonNodeFactory.instance.objectNode().put("x", value)))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8,        ,             é漢😀",
    "UTF-8,        UTF-8,        é漢😀",
    "UTF-8,        utf8,         é漢😀",
    "UTF-16LE,     UTF-16,       é漢😀",
    "UTF-16BE,     UTF-16,       é漢😀",
    "UTF-16LE,     UTF-16LE,     é漢😀",
    "UTF-16BE,     utf-16be,     é漢😀",
    "UTF-16LE,     ,             é漢😀",
    "UTF-16BE,     ,             é漢😀",
    "UTF-32LE,     UTF-32,       é漢😀",
    "UTF-32BE,     UTF-32BE,     é漢😀",
    "US-ASCII,     us-ascii,     e",
    "ISO-8859-1,   iso-8859-1,   é",
    "ISO-8859-1,   Latin1,       é",
    "windows-1252, windows-1252, €é",
    "windows-1252, cp1252,       €é",
    "KOI8-R,       koi8-r,       Ж",
    "Shift_JIS,    Shift_JIS,    漢ｱあ",
    "windows-31j,  windows-31j,  漢ｱ①",
    "GB18030,      GB18030,      é漢😀",
    "GBK,          gbk,          漢",
    "Big5,         Big5,         漢",
    "EUC-JP,       EUC-JP,       漢ｱ",
    "EUC-KR,       EUC-KR,       가",
    "x-EUC-TW,     x-EUC-TW,     漢",
    "ISO-2022-JP,  ISO-2022-JP,  漢あ",
    "IBM037,       IBM037,       é",
    "IBM037,       ebcdic-cp-us, é",
    "IBM1047,      IBM1047,      é",
  })
  void decodesWhatTheDeclarationSays(String charset, String declared, String value)
      throws Exception {
    String declaration =
        declared == null ? "" : "<?xml version='1.0' encoding='%s'?>".formatted(declared);
    String document = declaration + "<l><r><x>" + value + "</x></r>\n</l>";
    assertThat(ENGINE.records(Engine.source(encoded(document, charset)))).isEqualTo(records(value));
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8,    ''",
    "UTF-8,    encoding='UTF-8'",
    "UTF-16LE, ''",
    "UTF-16LE, encoding='UTF-16'",
    "UTF-16BE, encoding='UTF-16'",
    "UTF-16BE, encoding='UTF-16BE'",
    "UTF-32LE, ''",
    "UTF-32BE, encoding='UTF-32'",
  })
  void takesTheByteOrderMarkIntoAccount(String charset, String encoding) throws Exception {
    String document = "<?xml version='1.0' " + encoding + "?><l><r><x>é😀</x></r><k/></l>";
    byte[] bytes = encoded(MARK + document, charset);
    try (RecordReader reader = ENGINE.open(Engine.source(bytes))) {
      assertThat(reader.next()).isTrue();
      assertThat(RowJson.of(reader.row()).get("x").textValue()).isEqualTo("é😀");
      RejectedException rejection = assertThrows(RejectedException.class, reader::next);
      int fault = document.indexOf("<k/>");
      assertThat(rejection.position())
          .isEqualTo(
              new Position(
                  1, fault + 1, encoded(MARK + document.substring(0, fault), charset).length));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8,      UTF-16,       ''",
    "UTF-8,      UTF-32LE,     ''",
    "UTF-8,      IBM037,       ''",
    "UTF-16LE,   UTF-8,        ''",
    "UTF-16LE,   UTF-16BE,     ''",
    "UTF-16BE,   windows-1252, ''",
    "IBM037,     UTF-8,        ''",
    "UTF-8,      ISO-8859-1,   \uFEFF",
    "UTF-16LE,   UTF-8,        \uFEFF",
    "UTF-16LE,   UTF-16BE,     \uFEFF",
    "UTF-32BE,   UTF-16,       \uFEFF",
    "UTF-8,      x-no-such,    ''",
    "UTF-8,      no such,      ''",
    "UTF-8,      '',           ''",
    "UTF-8,      CESU-8,       ''",
    "UTF-8,      csCESU-8,     ''",
  })
  void rejectsADeclarationThatLies(String charset, String declared, String mark) {
    String document = mark + "<?xml version='1.0' encoding='" + declared + "'?><l/>";
    RejectedException rejection = ENGINE.rejection(encoded(document, charset));
    assertThat(rejection.reason()).isEqualTo(RejectionReason.INVALID_ENCODING);
    assertThat(rejection).hasMessageThat().contains("\"" + declared + "\"");
  }

  @Test
  void takesAnEncodingThatStandsInACommentForNone() throws Exception {
    String document = "<!--<?xml version='1.0' encoding='UTF-16'?>--><l><r><x>é</x></r></l>";
    assertThat(ENGINE.records(Engine.source(document))).isEqualTo(records("é"));
  }

  /** A block of text that ends between two surrogates would make a good document look bad. */
  @Test
  void keepsPairsOfSurrogatesTogetherInEveryEncodingThatIsRead() throws Exception {
    for (Charset charset : Charset.availableCharsets().values()) {
      if (!charset.canEncode() || !isRead(charset)) {
        continue;
      }
      CharsetEncoder encoder = charset.newEncoder();
      for (int codePoint = 0x10000; codePoint < 0x30000; codePoint += 31) {
        String pair = Character.toString(codePoint);
        if (!encoder.canEncode(pair)) {
          continue;
        }
        CharBuffer block = CharBuffer.allocate(1);
        charset.newDecoder().decode(ByteBuffer.wrap(encoded(pair, charset.name())), block, false);
        boolean isHalf = block.position() == 1 && Character.isHighSurrogate(block.get(0));
        assertWithMessage("%s U+%s", charset, Integer.toHexString(codePoint))
            .that(isHalf)
            .isFalse();
      }
    }
  }

  private static boolean isRead(Charset charset) {
    String document = "<?xml version='1.0' encoding='" + charset.name() + "'?><l/>";
    try {
      return Encoding.detect(document.getBytes(charset)).charset().equals(charset);
    } catch (RejectedException | UnsupportedOperationException e) {
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8,        FF",
    "UTF-8,        80",
    "UTF-8,        C080",
    "UTF-8,        C3",
    "UTF-8,        EDA080",
    "UTF-8,        F4908080",
    "UTF-8,        E282",
    "UTF-16LE,     00DC",
    "UTF-16LE,     00D84100",
    "UTF-16BE,     DC000041",
    "UTF-32BE,     00110000",
    "US-ASCII,     E9",
    "windows-1252, 81",
    "ISO-8859-3,   A5",
    "Shift_JIS,    FD",
    "Shift_JIS,    8120",
    "GB18030,      FF",
    "GBK,          FF",
    "Big5,         FF",
    "EUC-JP,       FF",
    "EUC-KR,       FF",
    "ISO-2022-JP,  FF",
  })
  void rejectsInvalidBytesAtTheirPlace(String charset, String invalid) {
    for (int recordsBefore : new int[] {0, 1, 5_000}) {
      String start =
          "<?xml version='1.0' encoding='"
              + charset
              + "'?>\r\n<l>"
              + "<r><x>a</x></r>\n".repeat(recordsBefore)
              + "<r><x>";
      ByteArrayOutputStream document = new ByteArrayOutputStream();
      document.writeBytes(encoded(start, charset));
      document.writeBytes(HexFormat.of().parseHex(invalid));
      document.writeBytes(encoded("</x></r></l>", charset));
      RejectedException rejection = ENGINE.rejection(document.toByteArray());
      assertThat(rejection.reason()).isEqualTo(RejectionReason.INVALID_ENCODING);
      assertThat(rejection.position())
          .isEqualTo(
              new Position(
                  recordsBefore + 2,
                  (recordsBefore == 0 ? "<l><r><x>" : "<r><x>").length() + 1,
                  encoded(start, charset).length));
      assertThat(rejection.recordNumber()).isEqualTo(recordsBefore + 1);
      assertThat(rejection).hasMessageThat().contains(charset);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8,       é",
    "UTF-8,       漢",
    "UTF-8,       😀",
    "UTF-16LE,    a",
    "UTF-16BE,    漢",
    "UTF-16BE,    😀",
    "UTF-32LE,    a",
    "Shift_JIS,   漢",
    "GB18030,     é",
    "GB18030,     😀",
    "EUC-JP,      漢",
    "EUC-KR,      가",
    "Big5,        漢",
  })
  void takesACharacterThatIsCutAtTheEndForATruncatedFile(String charset, String character) {
    String start = "<?xml version='1.0' encoding='" + charset + "'?>\n<l><r><x>b";
    byte[] whole = encoded(start + character, charset);
    int characterStart = encoded(start, charset).length;
    for (int length = characterStart + 1; length < whole.length; length++) {
      RejectedException rejection = ENGINE.rejection(Arrays.copyOf(whole, length));
      assertWithMessage(rejection.getMessage())
          .that(rejection.reason())
          .isEqualTo(RejectionReason.TRUNCATED);
      assertThat(rejection.position()).isEqualTo(new Position(2, 11, characterStart));
    }
  }

  @ParameterizedTest
  @CsvSource({"UTF-8, FF", "UTF-8, C0", "US-ASCII, 80", "windows-1252, 81"})
  void takesALastByteThatNoCharacterBeginsWithForInvalid(String charset, String invalid) {
    String start = "<?xml version='1.0' encoding='" + charset + "'?><l>";
    byte[] document = encoded(start + "?", charset);
    document[document.length - 1] = HexFormat.of().parseHex(invalid)[0];
    assertThat(ENGINE.rejection(document).reason()).isEqualTo(RejectionReason.INVALID_ENCODING);
  }

  @ParameterizedTest
  @CsvSource({"UTF-8, FFFE", "UTF-8, FFFF", "UTF-16LE, FFFF", "GB18030, FFFE"})
  void rejectsCharactersThatXmlForbids(String charset, String codePoint) {
    String start = "<?xml version='1.0' encoding='" + charset + "'?>\n<l><r><x>é😀";
    String forbidden = Character.toString(Integer.parseInt(codePoint, 16));
    RejectedException rejection =
        ENGINE.rejection(encoded(start + forbidden + "</x></r></l>", charset));
    assertThat(rejection.reason()).isEqualTo(RejectionReason.NOT_WELL_FORMED);
    assertThat(rejection).hasMessageThat().contains("U+" + codePoint);
    assertThat(rejection.position()).isEqualTo(new Position(2, 13, encoded(start, charset).length));
  }

  @Test
  void rejectsLoneSurrogatesInUtf32() {
    byte[] document = encoded("<l><r><x>?</x></r></l>", "UTF-32BE");
    document[9 * 4 + 2] = (byte) 0xD8;
    document[9 * 4 + 3] = 0;
    RejectedException rejection = ENGINE.rejection(document);
    assertThat(rejection.reason())
        .isAnyOf(RejectionReason.NOT_WELL_FORMED, RejectionReason.INVALID_ENCODING);
    assertThat(rejection.position()).isEqualTo(new Position(1, 10, 36));
  }

  @Test
  void readsAFileThatIsShorterThanAnyDeclaration() {
    for (String bytes : List.of("FF", "FFFE", "FEFF", "EFBBBF", "EFBB", "00", "3C", "0000FEFF")) {
      assertThat(ENGINE.rejection(HexFormat.of().parseHex(bytes)).reason())
          .isIn(
              List.of(
                  RejectionReason.NOT_XML,
                  RejectionReason.INVALID_ENCODING,
                  RejectionReason.TRUNCATED));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ISO-2022-JP", "ISO-2022-KR", "x-ISCII91", "x-JISAutoDetect"})
  void isNotEnteredWhereDecodingHoldsState(String charset) throws Exception {
    String document =
        "<?xml version='1.0' encoding='"
            + charset
            + "'?><l>"
            + "<r><x>a</x></r>".repeat(9)
            + "</l>";
    XmlSource source = Engine.source(document.getBytes(ISO_8859_1));
    assertThat(Encoding.detect(document.getBytes(ISO_8859_1)).canBeEntered()).isFalse();
    assertThat(ENGINE.guess(source, 0)).isEmpty();
    assertThat(ENGINE.records(source)).hasSize(9);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "ISO-8859-1", "windows-1252", "Shift_JIS",
        "GB18030", "EUC-JP", "EUC-KR", "Big5", "GBK", "IBM037", "IBM1047"
      })
  void findsTheExactPlaceOfEveryRecordsEnd(String charset) throws Exception {
    // The longer the character in bytes, the earlier blocks of characters fill the window of bytes.
    String[] characters = {"a", "é", "漢", "😀", "\r\n", "\uFEFF"};
    StringBuilder text = new StringBuilder("<?xml version='1.0' encoding='" + charset + "'?>\n<l>");
    List<Integer> ends = new ArrayList<>();
    for (int i = 0; text.length() < 70_000; i++) {
      String character = characters[i % characters.length];
      boolean encodable = Charset.forName(charset).newEncoder().canEncode(character);
      String value = (encodable ? character : "&#233;").repeat(i * 7 % 400);
      text.append("<r><x>").append(value).append(i % 3 == 0 ? "\r" : "\n").append("</x></r>");
      ends.add(text.length());
      text.append("\r\n".repeat(i % 2));
    }
    text.append("</l>");
    RandomDocument document =
        new RandomDocument(text.toString(), Charset.forName(charset), false, false, ends, ends);
    InParts inParts = new InParts(ENGINE, Engine.source(document.bytes()), false);
    assertThat(inParts.recordEnds()).isEqualTo(document.positions(ends));
    inParts.check();
  }

  /** A record ends in the middle of a line, before one of two characters, and before another. */
  @Test
  void everyEncodingThatCanBeEnteredIsBehindEveryRecord() throws Exception {
    int entered = 0;
    for (Charset charset : Charset.availableCharsets().values()) {
      if (!charset.canEncode() || !isRead(charset)) {
        continue;
      }
      StringBuilder text =
          new StringBuilder("<?xml version='1.0' encoding='" + charset.name() + "'?><l>");
      List<Integer> ends = new ArrayList<>();
      for (String character : List.of("a", "é", "漢", "ｱ", "가", "😀", "a")) {
        String value = charset.newEncoder().canEncode(character) ? character : "&#233;";
        for (String behind : List.of("", "\r\n", "\r", "<!--" + value.replace("&", "") + "-->")) {
          text.append("<r><x>").append(value.repeat(2)).append("</x></r>");
          ends.add(text.length());
          text.append(behind);
        }
      }
      byte[] bytes = encoded(text.append("</l>").toString(), charset.name());
      InParts document = new InParts(ENGINE, Engine.source(bytes), false);
      assertWithMessage("%s", charset)
          .that(HeldRecords.records(document.whole().orElseThrow()))
          .hasSize(ends.size());
      try {
        document.check();
      } catch (AssertionError e) {
        throw new AssertionError(charset.name(), e);
      }
      boolean canBeEntered = !document.starts().isEmpty();
      assertWithMessage("%s", charset)
          .that(canBeEntered)
          .isEqualTo(Encoding.detect(bytes).canBeEntered());
      entered += canBeEntered ? 1 : 0;
    }
    assertThat(entered).isAtLeast(50);
  }

  @Test
  void findsFaultsInEncodingsThatHoldState() {
    String start =
        "<?xml version='1.0' encoding='ISO-2022-JP'?><l>\r\n"
            + "<r><x>漢字abcあ</x></r>\n".repeat(3_000)
            + "<!--漢-->";
    RejectedException rejection = ENGINE.rejection(encoded(start + "<k/></l>", "ISO-2022-JP"));
    assertThat(rejection.position())
        .isEqualTo(new Position(3_002, 9, encoded(start, "ISO-2022-JP").length));
  }

  @Test
  void readsPlainAsciiWithoutADeclarationAsUtf8() throws Exception {
    assertThat(ENGINE.records(Engine.source("<l><r><x>a</x></r></l>".getBytes(UTF_8))))
        .isEqualTo(records("a"));
  }
}
