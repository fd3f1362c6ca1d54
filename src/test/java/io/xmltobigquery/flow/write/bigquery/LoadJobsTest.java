package io.xmltobigquery.flow.write.bigquery;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.xmltobigquery.options.DatasetName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What BigQuery's documentation says of jobs, by a service that does no more: a name is taken once
 * and for all, and a job that has failed has loaded nothing.
 */
final class LoadJobsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private HttpServer server;
  private final Map<String, ObjectNode> jobs = new HashMap<>();
  private final List<String> loaded = new ArrayList<>();
  private @Nullable String refusal;
  private boolean answersGetLost;
  private ObjectNode begun;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void rowsOfOneNameAreLoadedOnce() throws Exception {
    LoadJobs loads = loads();

    for (int i = 0; i < 2; i++) {
      assertThat(loads.load("job-1", "t", out -> out.write("{\"n\":1}\n".getBytes(UTF_8))))
          .isNull();
    }
    assertThat(loads.load("job-2", "t", out -> out.write("{\"n\":2}\n".getBytes(UTF_8)))).isNull();

    assertThat(loaded).containsExactly("{\"n\":1}\n", "{\"n\":2}\n").inOrder();
    ObjectNode job = jobs.get("job-1");
    assertThat(job.at("/jobReference/location").textValue()).isEqualTo("EU");
    assertThat(job.at("/configuration/load/destinationTable/tableId").textValue()).isEqualTo("t");
    assertThat(job.at("/configuration/load/writeDisposition").textValue())
        .isEqualTo("WRITE_APPEND");
    assertThat(job.at("/configuration/load/maxBadRecords").isMissingNode()).isTrue();
  }

  @Test
  void anAnswerThatGetsLostLoadsNothingTwice() throws Exception {
    answersGetLost = true;
    LoadJobs loads = loads();
    IOException lost =
        assertThrows(
            IOException.class,
            () -> loads.load("job-1", "t", out -> out.write("{\"n\":1}\n".getBytes(UTF_8))));
    assertThat(lost).hasMessageThat().startsWith("--output: rows of t can't be loaded: ");
    answersGetLost = false;

    assertThat(loads.load("job-1", "t", out -> out.write("{\"n\":1}\n".getBytes(UTF_8)))).isNull();

    assertThat(loaded).hasSize(1);
  }

  @Test
  void aRefusalIsTheSameWheneverItIsAskedFor() throws Exception {
    refusal = "invalid";
    LoadJobs loads = loads();

    for (int i = 0; i < 2; i++) {
      LoadJobs.Failure failure = loads.load("job-1", "t", out -> out.write('\n'));
      assertThat(failure.isOfRows()).isTrue();
      assertThat(failure.message()).isEqualTo("too many errors (no such field: x)");
      refusal = null;
    }
    assertThat(loaded).isEmpty();

    refusal = "quotaExceeded";
    assertThat(loads.load("job-2", "t", out -> out.write('\n')).isOfRows()).isFalse();
  }

  private LoadJobs loads() throws IOException {
    BigQueryOptions options = PipelineOptionsFactory.as(BigQueryOptions.class);
    options.as(GcpOptions.class).setCredentialFactoryClass(NoopCredentialFactory.class);
    options.setBigQueryEndpoint("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    return LoadJobs.into(new DatasetName("p", "d"), options);
  }

  private void answer(HttpExchange request) throws IOException {
    String path = request.getRequestURI().getPath();
    byte[] body = request.getRequestBody().readAllBytes();
    if (path.endsWith("/datasets/d")) {
      send(request, 200, "{\"location\": \"EU\"}");
    } else if (path.startsWith("/upload/") && request.getRequestMethod().equals("POST")) {
      begun = (ObjectNode) JSON.readTree(unzipped(request, body));
      request
          .getResponseHeaders()
          .set("Location", "http://127.0.0.1:" + server.getAddress().getPort() + "/upload/session");
      send(request, 200, "");
    } else if (path.equals("/upload/session")) {
      insert(request, new String(body, UTF_8));
    } else {
      ObjectNode job = jobs.get(path.substring(path.lastIndexOf('/') + 1));
      send(request, job == null ? 404 : 200, job == null ? "{}" : job.toString());
    }
  }

  private static byte[] unzipped(HttpExchange request, byte[] body) throws IOException {
    return "gzip".equals(request.getRequestHeaders().getFirst("Content-Encoding"))
        ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes()
        : body;
  }

  private void insert(HttpExchange request, String rows) throws IOException {
    String name = begun.at("/jobReference/jobId").textValue();
    if (jobs.containsKey(name)) {
      send(request, 409, "{\"error\": {\"code\": 409, \"message\": \"Already Exists: Job\"}}");
      return;
    }
    ObjectNode status = begun.putObject("status").put("state", "DONE");
    if (refusal == null) {
      loaded.add(rows);
    } else {
      status.putObject("errorResult").put("reason", refusal).put("message", "too many errors");
      status.putArray("errors").addObject().put("message", "no such field: x");
    }
    jobs.put(name, begun);
    if (answersGetLost) {
      request.close();
    } else {
      send(request, 200, begun.toString());
    }
  }

  private static void send(HttpExchange request, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    request.getResponseHeaders().set("Content-Type", "application/json");
    request.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    request.getResponseBody().write(bytes);
    request.close();
  }
}
