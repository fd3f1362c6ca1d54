package io.xmltobigquery.benchmark;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutures;
import com.google.cloud.bigquery.storage.v1.AppendRowsRequest.MissingValueInterpretation;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BatchCommitWriteStreamsResponse;
import com.google.cloud.bigquery.storage.v1.FinalizeWriteStreamResponse;
import com.google.cloud.bigquery.storage.v1.FlushRowsResponse;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.Timestamp;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.io.gcp.testing.FakeDatasetService;
import org.jspecify.annotations.Nullable;

/**
 * A BigQuery that takes every append at once and forgets it: what is left is our side's work. Fakes
 * that remember something extend it.
 */
@SuppressWarnings("try") // close() throws what the interfaces let it throw.
public class NullBigQuery implements BigQueryServices {

  private static final long serialVersionUID = 1L;

  /** Of this process. */
  static final LongAdder ROWS = new LongAdder();

  static final LongAdder BYTES = new LongAdder();

  @Override
  public JobService getJobService(BigQueryOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public StorageClient getStorageClient(BigQueryOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DatasetService getDatasetService(BigQueryOptions options) {
    return new FakeDatasetService();
  }

  @Override
  public WriteStreamService getWriteStreamService(BigQueryOptions options) {
    return new NullWriteStreams();
  }

  /** Streams that all end nowhere. */
  public static class NullWriteStreams implements WriteStreamService {
    @Override
    public WriteStream createWriteStream(String tableUrn, WriteStream.Type type) {
      return WriteStream.newBuilder().setName(tableUrn + "/streams/" + UUID.randomUUID()).build();
    }

    @Override
    public @Nullable TableSchema getWriteStreamSchema(String writeStream) {
      return null;
    }

    @Override
    public StreamAppendClient getStreamAppendClient(
        String streamName,
        DescriptorProto descriptor,
        boolean useConnectionPool,
        MissingValueInterpretation missingValueInterpretation) {
      return new NullAppends();
    }

    @Override
    public ApiFuture<FlushRowsResponse> flush(String streamName, long flushOffset) {
      return ApiFutures.immediateFuture(FlushRowsResponse.getDefaultInstance());
    }

    @Override
    public ApiFuture<FinalizeWriteStreamResponse> finalizeWriteStream(String streamName) {
      return ApiFutures.immediateFuture(FinalizeWriteStreamResponse.getDefaultInstance());
    }

    @Override
    public ApiFuture<BatchCommitWriteStreamsResponse> commitWriteStreams(
        String tableUrn, Iterable<String> writeStreamNames) {
      return ApiFutures.immediateFuture(
          BatchCommitWriteStreamsResponse.newBuilder()
              .setCommitTime(Timestamp.getDefaultInstance())
              .build());
    }

    @Override
    public void close() {}
  }

  /** Appends that succeed. */
  public static class NullAppends implements StreamAppendClient {
    @Override
    public ApiFuture<AppendRowsResponse> appendRows(long offset, ProtoRows rows) {
      ROWS.add(rows.getSerializedRowsCount());
      BYTES.add(rows.getSerializedSize());
      return ApiFutures.immediateFuture(AppendRowsResponse.getDefaultInstance());
    }

    @Override
    public @Nullable TableSchema getUpdatedSchema() {
      return null;
    }

    @Override
    public void pin() {}

    @Override
    public void unpin() {}

    @Override
    public void close() {}
  }
}
