package io.xmltobigquery.load.bigquery.beam;

import com.google.api.core.ApiFuture;
import com.google.api.services.bigquery.model.Table;
import com.google.cloud.bigquery.storage.v1.AppendRowsRequest.MissingValueInterpretation;
import com.google.cloud.bigquery.storage.v1.BatchCommitWriteStreamsResponse;
import com.google.cloud.bigquery.storage.v1.FinalizeWriteStreamResponse;
import com.google.cloud.bigquery.storage.v1.FlushRowsResponse;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import io.xmltobigquery.load.bigquery.TargetTable;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.jspecify.annotations.Nullable;

/**
 * BigQuery as the write of one table sees it: rows come in {@link RowEnvelope}s and are taken out
 * of them here, right before they are appended. So the table has its own columns, and BigQueryIO
 * can still give back a refused row with its origin.
 */
public final class EnvelopeServices implements BigQueryServices {

  private static final long serialVersionUID = 1L;

  private final BigQueryServices services;
  private final TargetTable table;
  private final boolean pendingStreams;

  /**
   * Services for the write of one table.
   *
   * @param services the real ones
   * @param pendingStreams whether the write goes through pending streams, or else through buffered
   *     ones or the default stream
   */
  public EnvelopeServices(BigQueryServices services, TargetTable table, boolean pendingStreams) {
    this.services = services;
    this.table = table;
    this.pendingStreams = pendingStreams;
  }

  @Override
  public JobService getJobService(BigQueryOptions options) {
    return services.getJobService(options);
  }

  @Override
  public StorageClient getStorageClient(BigQueryOptions options) throws IOException {
    return services.getStorageClient(options);
  }

  /** The real service, but for the schema of a table that has to be created. */
  @Override
  public DatasetService getDatasetService(BigQueryOptions options) {
    DatasetService service = services.getDatasetService(options);
    return (DatasetService)
        Proxy.newProxyInstance(
            DatasetService.class.getClassLoader(),
            new Class<?>[] {DatasetService.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("createTable")) {
                ((Table) arguments[0]).setSchema(table.tableSchema());
              }
              try {
                return method.invoke(service, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Override
  public WriteStreamService getWriteStreamService(BigQueryOptions options) {
    return new Unwrapping(
        services.getWriteStreamService(options), table.descriptor(), pendingStreams);
  }

  @SuppressWarnings("try") // close() throws what the interface lets it throw.
  private record Unwrapping(
      WriteStreamService service, DescriptorProto descriptor, boolean pendingStreams)
      implements WriteStreamService {

    @Override
    public StreamAppendClient getStreamAppendClient(
        String streamName,
        DescriptorProto envelopeDescriptor,
        boolean useConnectionPool,
        MissingValueInterpretation missingValueInterpretation)
        throws Exception {
      return new EnvelopeAppendClient(
          () ->
              service.getStreamAppendClient(
                  streamName, descriptor, useConnectionPool, missingValueInterpretation),
          pendingStreams);
    }

    @Override
    public WriteStream createWriteStream(String tableUrn, WriteStream.Type type)
        throws IOException, InterruptedException {
      return service.createWriteStream(tableUrn, type);
    }

    @Override
    public com.google.cloud.bigquery.storage.v1.@Nullable TableSchema getWriteStreamSchema(
        String writeStream) {
      return service.getWriteStreamSchema(writeStream);
    }

    @Override
    public ApiFuture<FlushRowsResponse> flush(String streamName, long flushOffset)
        throws IOException, InterruptedException {
      return service.flush(streamName, flushOffset);
    }

    @Override
    public ApiFuture<FinalizeWriteStreamResponse> finalizeWriteStream(String streamName) {
      return service.finalizeWriteStream(streamName);
    }

    @Override
    public ApiFuture<BatchCommitWriteStreamsResponse> commitWriteStreams(
        String tableUrn, Iterable<String> writeStreamNames) {
      return service.commitWriteStreams(tableUrn, writeStreamNames);
    }

    @Override
    public void close() throws Exception {
      service.close();
    }
  }
}
