package io.xmltobigquery;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.core.ApiFuture;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableRow;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.cloud.bigquery.storage.v1.BatchCommitWriteStreamsResponse;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import io.xmltobigquery.flow.write.bigquery.beam.EnvelopeServices;
import io.xmltobigquery.options.DatasetName;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.apache.beam.sdk.io.gcp.testing.FakeBigQueryServices;
import org.apache.beam.sdk.io.gcp.testing.FakeDatasetService;
import org.apache.beam.sdk.io.gcp.testing.FakeJobService;

/** Beam's BigQuery in memory, with one dataset. A process has one. */
final class FakeBigQuery {

  private static final String PROJECT = "local-project";

  /** Workers have copies of the service, so what they tell is static. */
  private static final List<String> EVENTS = Collections.synchronizedList(new ArrayList<>());

  private final Service service = new Service();
  private final DatasetName dataset;

  FakeBigQuery() throws IOException, InterruptedException {
    FakeDatasetService.setUp();
    FakeJobService.setUp();
    EVENTS.clear();
    // BigQueryIO remembers for the whole process which tables it has created.
    dataset = new DatasetName(PROJECT, "d" + UUID.randomUUID().toString().replace("-", ""));
    service.createDataset(dataset.project(), dataset.dataset(), "", "", null);
  }

  /**
   * Creates a table.
   *
   * @param fields the columns, in BigQuery's JSON schema
   */
  void createTable(String table, String fields) throws IOException {
    TableSchema schema =
        GsonFactory.getDefaultInstance()
            .fromString("{\"fields\":" + fields + "}", TableSchema.class);
    service.createTable(new Table().setTableReference(reference(table)).setSchema(schema));
  }

  boolean hasTable(String table) throws IOException, InterruptedException {
    return service.getTable(reference(table)) != null;
  }

  private TableReference reference(String table) {
    return new TableReference()
        .setProjectId(dataset.project())
        .setDatasetId(dataset.dataset())
        .setTableId(table);
  }

  /** Refuses the rows for which this is true. */
  <F extends Function<TableRow, Boolean> & Serializable> void refuse(F rows) {
    service.setShouldFailRow(rows);
  }

  DatasetName dataset() {
    return dataset;
  }

  EnvelopeServices services() {
    return new EnvelopeServices(
        new FakeBigQueryServices()
            .withDatasetService(service)
            .withJobService(new FakeJobService()));
  }

  List<TableRow> rows(String table) throws IOException, InterruptedException {
    return service.getAllRows(dataset.project(), dataset.dataset(), table);
  }

  /**
   * What was asked of the service, in order: {@code create TABLE} of a stream, {@code commit
   * TABLE}.
   */
  List<String> events() {
    return List.copyOf(EVENTS);
  }

  @SuppressWarnings("try") // close() is as Beam has it.
  private static final class Service extends FakeDatasetService {
    private static final long serialVersionUID = 1L;

    @Override
    public WriteStream createWriteStream(String tableUrn, WriteStream.Type type)
        throws InterruptedException {
      EVENTS.add("create " + table(tableUrn));
      return super.createWriteStream(tableUrn, type);
    }

    @Override
    public ApiFuture<BatchCommitWriteStreamsResponse> commitWriteStreams(
        String tableUrn, Iterable<String> writeStreamNames) {
      ApiFuture<BatchCommitWriteStreamsResponse> committed =
          super.commitWriteStreams(tableUrn, writeStreamNames);
      EVENTS.add("commit " + table(tableUrn));
      return committed;
    }

    private static String table(String urn) {
      return urn.substring(urn.lastIndexOf('/') + 1);
    }
  }
}
