package io.xmltobigquery.flow.write.bigquery;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpBackOffUnsuccessfulResponseHandler;
import com.google.api.client.http.HttpBackOffUnsuccessfulResponseHandler.BackOffRequired;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpStatusCodes;
import com.google.api.client.http.HttpUnsuccessfulResponseHandler;
import com.google.api.client.util.ExponentialBackOff;
import com.google.api.services.bigquery.Bigquery;
import com.google.api.services.bigquery.BigqueryRequest;
import com.google.api.services.bigquery.model.Table;
import com.google.auth.Credentials;
import com.google.auth.http.HttpCredentialsAdapter;
import io.xmltobigquery.options.DatasetName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.extensions.gcp.util.Transport;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that a dataset's tables can take the rows, before the job starts: compares those that
 * are there with the mapping, and creates those that are missing.
 *
 * <p>It asks BigQuery by its own client and not by BigQueryIO's, which repeats for over a minute
 * what can't succeed, such as a question about a dataset that we have no right to see.
 */
final class PrepareTables {

  private static final int CONNECT_TIMEOUT_MILLIS = 20_000;
  private static final int READ_TIMEOUT_MILLIS = 60_000;
  private static final int MOST_RETRIES_MILLIS = 60_000;
  private static final int TOO_MANY_REQUESTS = 429;

  private final DatasetName dataset;
  private final Bigquery client;

  private PrepareTables(DatasetName dataset, Bigquery client) {
    this.dataset = dataset;
    this.client = client;
  }

  /**
   * Prepares the tables. If one of them doesn't fit, none is created.
   *
   * @throws IOException if the dataset can't be reached or used, or a table doesn't fit; the
   *     message says all of it in one line
   */
  static void in(DatasetName dataset, List<TargetTable> tables, PipelineOptions options)
      throws IOException {
    PrepareTables prepare = new PrepareTables(dataset, client(options.as(BigQueryOptions.class)));
    for (TargetTable missing : prepare.missing(tables)) {
      prepare.create(missing);
    }
  }

  /**
   * Looks whether the tables can be prepared, and creates none.
   *
   * @throws IOException as {@link #in} does
   */
  static void check(DatasetName dataset, List<TargetTable> tables, PipelineOptions options)
      throws IOException {
    var unused =
        new PrepareTables(dataset, client(options.as(BigQueryOptions.class))).missing(tables);
  }

  static Bigquery client(BigQueryOptions options) {
    Credentials credentials = options.getGcpCredential();
    HttpRequestInitializer authorize =
        credentials == null ? request -> {} : new HttpCredentialsAdapter(credentials);
    Bigquery.Builder client =
        new Bigquery.Builder(
                Transport.getTransport(),
                Transport.getJsonFactory(),
                request -> {
                  authorize.initialize(request);
                  retryWhatMayPass(request);
                })
            .setApplicationName("xml-to-bigquery");
    if (options.getBigQueryEndpoint() != null) {
      client.setRootUrl(options.getBigQueryEndpoint());
    }
    return client.build();
  }

  private static void retryWhatMayPass(HttpRequest request) {
    request.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
    request.setReadTimeout(READ_TIMEOUT_MILLIS);
    HttpUnsuccessfulResponseHandler ofCredentials = request.getUnsuccessfulResponseHandler();
    HttpUnsuccessfulResponseHandler backOff =
        new HttpBackOffUnsuccessfulResponseHandler(
                new ExponentialBackOff.Builder()
                    .setMaxElapsedTimeMillis(MOST_RETRIES_MILLIS)
                    .build())
            .setBackOffRequired(
                response ->
                    response.getStatusCode() == TOO_MANY_REQUESTS
                        || BackOffRequired.ON_SERVER_ERROR.isRequired(response));
    request.setUnsuccessfulResponseHandler(
        (failed, response, canRetry) ->
            (ofCredentials != null && ofCredentials.handleResponse(failed, response, canRetry))
                || backOff.handleResponse(failed, response, canRetry));
  }

  /** Returns the missing tables; throws if an existing one doesn't fit. */
  private List<TargetTable> missing(List<TargetTable> tables) throws IOException {
    if (!datasetExists()) {
      throw new IOException("--output: there is no dataset " + dataset + "; create it first");
    }
    List<TargetTable> missing = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (TargetTable table : tables) {
      Table existing = find(table);
      if (existing == null) {
        missing.add(table);
      } else {
        Stream.concat(
                SchemaFit.problems(table.tableSchema(), existing.getSchema()).stream(),
                KeyFit.problem(table.table(), existing).stream())
            .map(problem -> table.name() + ": " + problem)
            .forEach(problems::add);
      }
    }
    if (!problems.isEmpty()) {
      throw new IOException(
          "--output: tables in "
              + dataset
              + " don't fit the mapping: "
              + String.join("; ", problems));
    }
    return missing;
  }

  private boolean datasetExists() throws IOException {
    return execute(client.datasets().get(dataset.project(), dataset.dataset())) != null;
  }

  private @Nullable Table find(TargetTable table) throws IOException {
    return execute(client.tables().get(dataset.project(), dataset.dataset(), table.name()));
  }

  private void create(TargetTable table) throws IOException {
    Table created = table.table().setTableReference(dataset.table(table.name()));
    try {
      client.tables().insert(dataset.project(), dataset.dataset(), created).execute();
    } catch (GoogleJsonResponseException e) {
      // Another job may have created it since.
      if (e.getStatusCode() != HttpStatusCodes.STATUS_CODE_CONFLICT) {
        throw refused(e);
      }
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /** The answer to a question, or null if BigQuery doesn't know what it is about. */
  private <T> @Nullable T execute(BigqueryRequest<T> request) throws IOException {
    try {
      return request.execute();
    } catch (GoogleJsonResponseException e) {
      if (e.getStatusCode() == HttpStatusCodes.STATUS_CODE_NOT_FOUND) {
        return null;
      }
      throw refused(e);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private IOException refused(GoogleJsonResponseException e) {
    String message = e.getDetails() == null ? e.getStatusMessage() : e.getDetails().getMessage();
    return new IOException(
        "--output: BigQuery refuses access to "
            + dataset
            + " ("
            + e.getStatusCode()
            + "): "
            + message);
  }

  private IOException unreachable(IOException e) {
    return new IOException(
        "--output: BigQuery can't be reached at " + client.getRootUrl() + ": " + e.getMessage());
  }
}
