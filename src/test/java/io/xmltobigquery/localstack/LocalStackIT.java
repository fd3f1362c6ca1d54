package io.xmltobigquery.localstack;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.Blob.BlobSourceOption;
import io.xmltobigquery.Documents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tests with the local stack rely on. */
class LocalStackIT {

  @RegisterExtension final LocalStack stack = new LocalStack();

  private static final JsonMapper JSON = new JsonMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {"a b.xml", "#.xml", "100%25.xml", "a[1].xml", "*.xml", "{a}.xml", "é/ü日本.xml"})
  void objectKeepsItsName(String name) {
    byte[] content = name.getBytes(UTF_8);

    stack.upload(name, content);

    assertThat(stack.names("landing")).contains(name);
    assertThat(stack.content("landing", name)).isEqualTo(content);
  }

  @Test
  void objectKeepsItsContentEncoding() {
    byte[] stored = Documents.gzip("text".getBytes(UTF_8));

    Blob object = stack.upload("encoded.xml", stored, "gzip");

    Blob found = stack.storage().get(object.getBlobId());
    assertThat(found.getContentEncoding()).isEqualTo("gzip");
    assertThat(found.getGeneration()).isEqualTo(object.getGeneration());
    assertThat(found.getContent(BlobSourceOption.shouldReturnRawInputStream(true)))
        .isEqualTo(stored);
  }

  @Test
  void tempLocationIsOfTheTestAlone() {
    assertThat(stack.options())
        .contains("--tempLocation=gs://staging/" + stack.bigQuery().dataset());
  }

  @Test
  void allPagesOfAnAnswerCome() throws Exception {
    stack
        .bigQuery()
        .createTable("pages", JSON.readTree("[{\"name\": \"n\", \"type\": \"INT64\"}]"));
    List<Integer> numbers = IntStream.range(0, 11_000).boxed().toList();
    List<JsonNode> rows = new ArrayList<>();
    numbers.forEach(n -> rows.add(JSON.createObjectNode().put("n", n)));

    stack.bigQuery().insert("pages", rows);

    assertThat(stack.bigQuery().rows("pages").stream().map(row -> row.get("n").intValue()).toList())
        .containsExactlyElementsIn(numbers);
  }

  @Test
  void wrongQueryFails() {
    IOException e =
        assertThrows(
            IOException.class, () -> stack.bigQuery().query("SELECT * FROM nowhere.at_all"));

    assertThat(e).hasMessageThat().contains("at_all");
  }
}
