package io.xmltobigquery.localstack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One dataset of the emulator, by BigQuery's REST API. */
public final class LocalBigQuery {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int PAGE_ROWS = 5_000;

  private final RestApi api;
  private final String project;
  private final String dataset;

  LocalBigQuery(String address, String project, String dataset) {
    this.api = new RestApi(address + "/bigquery/v2/projects/" + project);
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
    api.send("POST", "/datasets", resource);
  }

  void deleteDataset() throws IOException {
    api.send("DELETE", "/datasets/" + dataset + "?deleteContents=true", null);
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
    api.send("POST", "/datasets/" + dataset + "/tables", resource);
  }

  /** Inserts rows without the Storage Write API. */
  public void insert(String table, List<JsonNode> rows) throws IOException {
    ObjectNode request = JSON.createObjectNode();
    ArrayNode array = request.putArray("rows");
    rows.forEach(row -> array.addObject().set("json", row));
    JsonNode answer =
        api.send("POST", "/datasets/" + dataset + "/tables/" + table + "/insertAll", request);
    if (!answer.path("insertErrors").isEmpty()) {
      throw new IOException(answer.get("insertErrors").toString());
    }
  }

  /** The tables' names. */
  public List<String> tables() throws IOException {
    List<String> tables = new ArrayList<>();
    for (JsonNode table :
        api.send("GET", "/datasets/" + dataset + "/tables", null).path("tables")) {
      tables.add(table.at("/tableReference/tableId").textValue());
    }
    return tables;
  }

  /** The columns of a table, in BigQuery's JSON schema. */
  public JsonNode fields(String table) throws IOException {
    return api.send("GET", "/datasets/" + dataset + "/tables/" + table, null).at("/schema/fields");
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
    JsonNode page = api.send("POST", "/queries", request);
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
          api.send(
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
}
