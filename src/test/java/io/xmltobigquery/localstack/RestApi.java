package io.xmltobigquery.localstack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** JSON in, JSON out: how the tests ask an emulator, without the clients that are to be tested. */
final class RestApi {

  private static final JsonMapper JSON = new JsonMapper();

  /** The emulators don't take the offer of HTTP/2 that Java would make. */
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String url;

  /**
   * An API.
   *
   * @param url how the addresses of all resources begin
   */
  RestApi(String url) {
    this.url = url;
  }

  /**
   * Sends a request.
   *
   * @param path what follows the beginning of all addresses
   * @throws IOException if it is refused, too
   */
  JsonNode send(String method, String path, @Nullable JsonNode body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofMinutes(2))
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
            .build();
    try {
      HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
      if (response.statusCode() / 100 != 2) {
        throw new IOException(
            method
                + " "
                + path
                + ": "
                + response.statusCode()
                + " "
                + new String(response.body(), UTF_8));
      }
      return JSON.readTree(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
