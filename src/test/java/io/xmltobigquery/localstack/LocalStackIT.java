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
import java.util.Map;
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

  @Test
  void messageIsUnacknowledgedUntilItIsReceived() throws Exception {
    LocalPubsub pubsub = stack.pubsub();
    assertThat(pubsub.hasUnacknowledged(pubsub.subscription())).isFalse();

    pubsub.publish(Map.of("é", "日本😀"), "data".getBytes(UTF_8));
    pubsub.publish(Map.of("a", "b"), new byte[0]);

    assertThat(pubsub.hasUnacknowledged(pubsub.subscription())).isTrue();
    assertThat(pubsub.receiveAll(pubsub.subscription(), 2))
        .containsExactly(
            new LocalPubsub.Message(Map.of("é", "日本😀"), "data"),
            new LocalPubsub.Message(Map.of("a", "b"), ""));
    assertThat(pubsub.hasUnacknowledged(pubsub.subscription())).isFalse();
  }

  @Test
  void uploadIsToldToItsSubscribers() throws Exception {
    String uploads = stack.pubsub().subscribeToUploads();

    Blob object = stack.upload("a [b].xml", new byte[1]);

    assertThat(stack.pubsub().receiveUpload(uploads, object.getName()).attributes())
        .containsEntry("objectGeneration", Long.toString(object.getGeneration()));
    assertThat(stack.pubsub().hasUnacknowledged(stack.pubsub().subscription())).isFalse();
  }

  @Test
  void pubsubIsAmongTheOptionsWhereItRuns() throws Exception {
    stack.pubsub();

    assertThat(stack.options().toString()).contains("--pubsubRootUrl=http://127.0.0.1:");
  }
}
