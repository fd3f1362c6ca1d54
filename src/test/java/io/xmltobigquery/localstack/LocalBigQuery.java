package io.xmltobigquery.localstack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One dataset of the emulator, by BigQuery's REST API. */
public final class LocalBigQuery {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int PAGE_ROWS = 5_000;

  /** The emulator doesn't take the offer of HTTP/2 that Java would make. */
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String url;
  private final String project;
  private final String dataset;

  LocalBigQuery(String address, String project, String dataset) {
    this.url = address + "/bigquery/v2/projects/" + project;
    this.project = project;
    this.dataset = dataset;
  }

  public String project() {
    return project;
  }

  public String dataset() {
    return dataset;
  }

  void createDataset() throws IOException {
    ObjectNode resource = JSON.createObjectNode();
    resource.putObject("datasetReference").put("projectId", project).put("datasetId", dataset);
    send("POST", "/datasets", resource);
  }

  void deleteDataset() throws IOException {
    send("DELETE", "/datasets/" + dataset + "?deleteContents=true", null);
  }

  /**
   * Creates a table.
   *
   * @param fields the columns, in BigQuery's JSON schema
   */
  public void createTable(String table, JsonNode fields) throws IOException {
    ObjectNode resource = JSON.createObjectNode();
    resource
        .putObject("tableReference")
        .put("projectId", project)
        .put("datasetId", dataset)
        .put("tableId", table);
    resource.putObject("schema").set("fields", fields);
    send("POST", "/datasets/" + dataset + "/tables", resource);
  }

  /** Inserts rows without the Storage Write API. */
  public void insert(String table, List<JsonNode> rows) throws IOException {
    ObjectNode request = JSON.createObjectNode();
    ArrayNode array = request.putArray("rows");
    rows.forEach(row -> array.addObject().set("json", row));
    JsonNode answer =
        send("POST", "/datasets/" + dataset + "/tables/" + table + "/insertAll", request);
    if (!answer.path("insertErrors").isEmpty()) {
      throw new IOException(answer.get("insertErrors").toString());
    }
  }

  /** The tables' names. */
  public List<String> tables() throws IOException {
    List<String> tables = new ArrayList<>();
    for (JsonNode table : send("GET", "/datasets/" + dataset + "/tables", null).path("tables")) {
      tables.add(table.at("/tableReference/tableId").textValue());
    }
    return tables;
  }

  /** The columns of a table, in BigQuery's JSON schema. */
  public JsonNode fields(String table) throws IOException {
    return send("GET", "/datasets/" + dataset + "/tables/" + table, null).at("/schema/fields");
  }

  /** All rows of a table, in no order; see {@link QueryRows} for their form. */
  public List<ObjectNode> rows(String table) throws IOException {
    List<ObjectNode> rows = new ArrayList<>();
    rows(table, rows::add);
    return rows;
  }

  /** The same, for a table that shouldn't be held in memory. */
  public void rows(String table, Consumer<ObjectNode> consumer) throws IOException {
    query("SELECT * FROM `" + dataset + "`.`" + table + "`", consumer);
  }

  /** The rows of a query's answer; see {@link QueryRows} for their form. */
  public List<ObjectNode> query(String sql) throws IOException {
    List<ObjectNode> rows = new ArrayList<>();
    query(sql, rows::add);
    return rows;
  }

  /** The same, for an answer that shouldn't be held in memory. */
  public void query(String sql, Consumer<ObjectNode> consumer) throws IOException {
    ObjectNode request = JSON.createObjectNode();
    request.put("query", sql).put("useLegacySql", false).put("maxResults", PAGE_ROWS);
    request.putObject("formatOptions").put("useInt64Timestamp", true);
    JsonNode page = send("POST", "/queries", request);
    long count = 0;
    while (true) {
      // The emulator tells of a wrong query with status 200.
      if (page.has("errors") || !page.path("jobComplete").asBoolean()) {
        throw new IOException(sql + ": " + page);
      }
      JsonNode fields = page.at("/schema/fields");
      for (JsonNode row : page.path("rows")) {
        consumer.accept(QueryRows.row(row, fields));
        count++;
      }
      if (!page.has("pageToken")) {
        break;
      }
      String job = page.at("/jobReference/jobId").textValue();
      String token = URLEncoder.encode(page.get("pageToken").textValue(), UTF_8);
      page =
          send(
              "GET",
              "/queries/"
                  + job
                  + "?formatOptions.useInt64Timestamp=true&maxResults="
                  + PAGE_ROWS
                  + "&pageToken="
                  + token,
              null);
    }
    if (count != page.path("totalRows").asLong()) {
      throw new IOException(sql + ": " + count + " rows came of " + page.path("totalRows"));
    }
  }

  private JsonNode send(String method, String path, @Nullable JsonNode body) throws IOException {
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
