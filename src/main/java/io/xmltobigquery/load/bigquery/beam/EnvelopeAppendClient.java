package io.xmltobigquery.load.bigquery.beam;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutures;
import com.google.api.gax.rpc.ResourceExhaustedException;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.Exceptions.StreamWriterClosedException;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.StreamAppendClient;
import org.jspecify.annotations.Nullable;

/**
 * Appends rows that come in {@link RowEnvelope}s to one stream, and puts right what BigQueryIO
 * makes of two answers:
 *
 * <ul>
 *   <li>ALREADY_EXISTS: an earlier attempt has succeeded and its answer was lost. A pending stream
 *       is one bundle's own, which sends the same rows again for the same offset. A default stream
 *       has no offsets, and never answers so. A buffered stream outlives its bundle, and after a
 *       restart other rows may come for an offset: there BigQueryIO is right, which begins a new
 *       stream, and never shows what the old one has beyond the last flush.
 *   <li>RESOURCE_EXHAUSTED as the end of a connection, and what comes after it: Google's client has
 *       closed itself for good, while BigQueryIO goes on with it and then gives up. UNAVAILABLE
 *       makes it open another one. (In an answer, RESOURCE_EXHAUSTED leaves the connection open.)
 * </ul>
 */
@SuppressWarnings("try") // close() throws what the interface lets it throw.
record EnvelopeAppendClient(StreamAppendClient client, boolean pendingStream)
    implements StreamAppendClient {

  @Override
  public ApiFuture<AppendRowsResponse> appendRows(long offset, ProtoRows envelopes)
      throws Exception {
    ProtoRows.Builder rows = ProtoRows.newBuilder();
    for (ByteString envelope : envelopes.getSerializedRowsList()) {
      rows.addSerializedRows(RowEnvelope.row(envelope));
    }
    ApiFuture<AppendRowsResponse> appended =
        ApiFutures.catching(
            client.appendRows(offset, rows.build()),
            StatusRuntimeException.class,
            this::successIfRepeated,
            MoreExecutors.directExecutor());
    return ApiFutures.catching(
        appended,
        ResourceExhaustedException.class,
        e -> {
          throw closed(e);
        },
        MoreExecutors.directExecutor());
  }

  private AppendRowsResponse successIfRepeated(StatusRuntimeException e) {
    if (pendingStream && e.getStatus().getCode() == Status.Code.ALREADY_EXISTS) {
      return AppendRowsResponse.getDefaultInstance();
    }
    throw e instanceof StreamWriterClosedException ? closed(e) : e;
  }

  private static StatusRuntimeException closed(Exception e) {
    return Status.UNAVAILABLE
        .withDescription("the client has closed itself")
        .withCause(e)
        .asRuntimeException();
  }

  @Override
  public @Nullable TableSchema getUpdatedSchema() {
    return client.getUpdatedSchema();
  }

  @Override
  public long getInflightWaitSeconds() {
    return client.getInflightWaitSeconds();
  }

  @Override
  public void pin() {
    client.pin();
  }

  @Override
  public void unpin() throws Exception {
    client.unpin();
  }

  @Override
  public void close() throws Exception {
    client.close();
  }
}
