package io.xmltobigquery.explore;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.hash.Hashing;
import io.xmltobigquery.files.FileStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What people and programs get to see of an exploration: the tree, JSON, the page. */
final class ShownTest {

  private static final String INVOICE =
      """
      <Invoice xmlns="urn:invoice" xmlns:c="urn:common">
      <c:ID scheme="x">007</c:ID><Total>12.50</Total><Note>see <b>there</b></Note>
      <Line n="1"><Text>one</Text></Line><Line n="2"><Text/></Line>
      <Part><Name>a</Name><Part><Name>b</Name></Part></Part>
      </Invoice>
      """;

  @TempDir Path dir;

  @Test
  void theTreeHasALineForEachPath() throws IOException {
    assertThat(tree(explore(INVOICE)))
        .isEqualTo(
            """
                                                   count    in    most  content            examples
            Invoice                                    1  100%       1
            ├─ c:ID                                    1  100%       1  STRING of digits   007
            │  └─ @scheme                              1  100%          STRING             x
            ├─ Total                                   1  100%       1  NUMERIC            12.50
            ├─ Note                                    1  100%       1  text and elements
            │  └─ b                                    1  100%       1  STRING             there
            ├─ Line                                    2  100%       2
            │  ├─ @n                                   2  100%          INT64              1, 2
            │  └─ Text                                 2  100%       1  STRING or empty    one
            └─ Part                                    1  100%       1
               ├─ Name                                 1  100%       1  STRING             a
               └─ Part                                 1  100%       1  as above
            … and 1 path more: --json and --html=FILE have all
            Recursive: /Invoice/Part contains itself, up to 2 deep

            Namespaces:
              c = urn:common  1 element
              ns = urn:invoice  12 elements

            What may be a record, the likeliest first:
              /Invoice  one for each file: 1 record in 1 file, 9 columns, 10 values
              /Invoice/Line  2 records in 1 file, 2 columns, 3 values

            1 file, 0.0 MB: 13 elements, 13 paths
            """);
  }

  @Test
  void aTreeThatIsTooLongIsCut() throws IOException {
    StringBuilder xml = new StringBuilder("<r>");
    for (int i = 0; i < 1_500; i++) {
      xml.append("<e").append(i).append("/>");
    }

    String tree = tree(explore(xml + "</r>"));

    assertThat(tree.lines().count()).isLessThan(1_010);
    assertThat(tree).contains("… and 501 paths more: --json and --html=FILE have all\n");
  }

  @Test
  void nothingInAFileMovesTheCursor() throws IOException {
    String tree =
        tree(explore("<?xml version='1.1'?><r a='&#27;[2J\u202E'>x&#27;]0;t&#7;\u2028y</r>"));

    assertThat(tree).contains("\\u001B[2J\\u202E");
    assertThat(tree).contains("x\\u001B]0;t\\u0007");
    assertThat(tree.replace("\n", "").chars().anyMatch(Character::isISOControl)).isFalse();
  }

  @Test
  void jsonHasEveryPath() throws IOException {
    JsonNode json = json(explore(INVOICE));

    assertThat(json.at("/files/explored").asInt()).isEqualTo(1);
    assertThat(json.get("elements").asInt()).isEqualTo(13);
    assertThat(json.get("paths").findValuesAsText("path"))
        .containsExactly(
            "/Invoice",
            "/Invoice/c:ID",
            "/Invoice/c:ID/@scheme",
            "/Invoice/Total",
            "/Invoice/Note",
            "/Invoice/Note/b",
            "/Invoice/Line",
            "/Invoice/Line/@n",
            "/Invoice/Line/Text",
            "/Invoice/Part",
            "/Invoice/Part/Name",
            "/Invoice/Part/Part",
            "/Invoice/Part/Part/Name")
        .inOrder();
    assertThat(json.get("records").get(0).get("path").asText()).isEqualTo("/Invoice");
    assertThat(json.get("recursions").get(0).get("nesting").asInt()).isEqualTo(2);
    assertThat(json.get("namespaces").findValuesAsText("uri"))
        .containsExactly("urn:common", "urn:invoice");
    JsonNode text = json.get("paths").get(8);
    assertThat(text.toString())
        .isEqualTo(
            """
            {"path":"/Invoice/Line/Text","namespace":"urn:invoice","count":2,"in":2,"of":2,"files":1,\
            "mostPerParent":1,"empty":1,"text":1,"nested":0,"mixed":0,"nil":0,"type":"STRING",\
            "fitting":["STRING"],"kinds":{"empty":1,"text":1},"minLength":3,\
            "maxLength":3,"integerDigits":0,"fractionDigits":0,"distinct":1,"moreDistinct":false,\
            "examples":["one"]}""");
  }

  @Test
  void jsonTellsWhatWasLeftOut() throws IOException {
    JsonNode json = json(explore("<r>\n<a></r>"));

    JsonNode file = json.get("leftOut").get(0);
    assertThat(file.get("reason").asText()).isEqualTo("NOT_WELL_FORMED");
    assertThat(file.get("line").asInt()).isEqualTo(2);
    assertThat(json.at("/files/leftOut").asInt()).isEqualTo(1);
  }

  @Test
  void everyPathIsALineOfJson() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ProfileJson.write(out, explore(INVOICE));

    assertThat(out.toString(UTF_8).lines().filter(line -> line.contains("\"of\" : ")).count())
        .isEqualTo(13);
  }

  @Test
  void thePageHasEveryPathInATreeThatOpens() throws Exception {
    Document page = parse(page(explore(INVOICE)));

    NodeList lines = page.getElementsByTagName("span");
    List<String> paths =
        IntStream.range(0, lines.getLength())
            .mapToObj(i -> (Element) lines.item(i))
            .filter(span -> span.getAttribute("class").equals("name"))
            .map(span -> span.getAttribute("title"))
            .toList();
    assertThat(paths).hasSize(13);
    assertThat(paths).contains("/Invoice/Part/Part/Name");
    NodeList details = page.getElementsByTagName("details");
    assertThat(details.getLength()).isEqualTo(6);
    assertThat(((Element) details.item(0)).hasAttribute("open")).isTrue();
  }

  @Test
  void thePageIsAllInOne() throws IOException {
    String page = page(explore(INVOICE));

    assertThat(page).doesNotContainMatch("(?i)<(link|img|iframe|object|embed|base)\\b");
    assertThat(page).doesNotContainMatch("(?i)\\s(src|href|srcset|action|on\\w+)\\s*=");
    assertThat(page).doesNotContainMatch("(?i)url\\(|@import|https?://");
    assertThat(page).contains("default-src 'none'");
  }

  @Test
  void onlyThePagesOwnScriptMayRun() throws IOException {
    String page = page(explore(INVOICE));
    Matcher script = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL).matcher(page);
    assertThat(script.find()).isTrue();

    String hash =
        Base64.getEncoder()
            .encodeToString(Hashing.sha256().hashString(script.group(1), UTF_8).asBytes());
    assertThat(page).contains("script-src 'sha256-" + hash + "'");
    assertThat(script.find()).isFalse();
  }

  @Test
  void nothingInAFileIsMarkupOfThePage() throws Exception {
    String evil = "&lt;script>alert(1)&lt;/script>\" onclick=\"alert(2)' &amp;amp; &#x202E;";
    Exploration exploration =
        explore(
            "<r xmlns='urn:\"&lt;b>&amp;' a=\""
                + evil.replace("\"", "&quot;")
                + "\">"
                + evil
                + "</r>");

    String page = page(exploration);

    assertWithMessage(page).that(page.split("<script", -1)).hasLength(2);
    assertThat(page).doesNotContainMatch("<[^>]*onclick");
    assertThat(parse(page).getElementsByTagName("bdi").item(0).getTextContent())
        .isEqualTo("<script>alert(1)</script>\" onclick=\"alert(2)' &amp; \\u202E");
  }

  @Test
  void aLargeTreeIsMostlyClosed() throws Exception {
    StringBuilder xml = new StringBuilder("<r>");
    for (int i = 0; i < 400; i++) {
      xml.append("<e").append(i).append("><x/></e").append(i).append('>');
    }

    NodeList details = parse(page(explore(xml + "</r>"))).getElementsByTagName("details");
    assertThat(((Element) details.item(0)).hasAttribute("open")).isTrue();
    assertThat(((Element) details.item(1)).hasAttribute("open")).isFalse();
  }

  private Exploration explore(String document) throws IOException {
    Path file = Files.writeString(dir.resolve("a.xml"), document);
    FileStore store = FileStore.of(PipelineOptionsFactory.create());
    return Explorer.explore(List.of(store.find(file.toString())), store);
  }

  private static String tree(Exploration exploration) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TreeText.print(new PrintStream(out, true, UTF_8), exploration);
    return out.toString(UTF_8);
  }

  private static JsonNode json(Exploration exploration) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ProfileJson.write(out, exploration);
    return new JsonMapper().readTree(out.toByteArray());
  }

  private static String page(Exploration exploration) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    HtmlPage.write(out, exploration);
    return out.toString(UTF_8);
  }

  /** The page is well-formed XML, but for what HTML writes shorter. */
  private static Document parse(String page) throws Exception {
    String xml =
        page.replace("<!DOCTYPE html>\n", "")
            .replaceAll("(?s)<script>.*?</script>", "")
            .replaceAll("(<(?:meta|input)\\b[^>]*)>", "$1/>")
            .replace("<details open>", "<details open=\"\">")
            .replace(" hidden>", " hidden=\"\">");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(UTF_8)));
  }
}
