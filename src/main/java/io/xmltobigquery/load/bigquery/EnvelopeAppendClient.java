package io.xmltobigquery.load.bigquery;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutures;
import com.google.api.gax.rpc.ResourceExhaustedException;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.StreamAppendClient;
import org.jspecify.annotations.Nullable;

/**
 * Appends rows that come in {@link RowEnvelope}s to one stream, and deals with two answers that
 * BigQueryIO takes for the end:
 *
 * <ul>
 *   <li>ALREADY_EXISTS: an earlier attempt has succeeded and its answer was lost. A pending stream
 *       is one bundle's own, which sends the same rows again for the same offset. A default stream
 *       has no offsets, and never answers so.
 *   <li>RESOURCE_EXHAUSTED as the end of a connection: Google's client has closed itself for good,
 *       while BigQueryIO waits and goes on with the same client. Here it gets a new one. (In an
 *       answer, the same code leaves the connection open.)
 * </ul>
 */
@SuppressWarnings("try") // close() throws what the interface lets it throw.
final class EnvelopeAppendClient implements StreamAppendClient {

  private final Callable<StreamAppendClient> opener;
  private StreamAppendClient client;
  private int pins;

  /** The client that has closed itself. Set by a thread of gRPC's, which must not wait for us. */
  private volatile @Nullable StreamAppendClient exhausted;

  /**
   * Opens a client.
   *
   * @param opener opens Google's client of the stream, as often as it is needed
   * @throws Exception if it does
   */
  EnvelopeAppendClient(Callable<StreamAppendClient> opener) throws Exception {
    this.opener = opener;
    this.client = opener.call();
  }

  @Override
  public ApiFuture<AppendRowsResponse> appendRows(long offset, ProtoRows envelopes)
      throws Exception {
    ProtoRows.Builder rows = ProtoRows.newBuilder();
    for (ByteString envelope : envelopes.getSerializedRowsList()) {
      rows.addSerializedRows(RowEnvelope.row(envelope));
    }
    // Not under our lock: it waits while too much is on its way.
    StreamAppendClient open = openClient();
    ApiFuture<AppendRowsResponse> appended =
        ApiFutures.catching(
            open.appendRows(offset, rows.build()),
            StatusRuntimeException.class,
            EnvelopeAppendClient::successIfRepeated,
            MoreExecutors.directExecutor());
    return ApiFutures.catching(
        appended,
        ResourceExhaustedException.class,
        e -> {
          exhausted = open;
          throw e;
        },
        MoreExecutors.directExecutor());
  }

  private static AppendRowsResponse successIfRepeated(StatusRuntimeException e) {
    if (e.getStatus().getCode() == Status.Code.ALREADY_EXISTS) {
      return AppendRowsResponse.getDefaultInstance();
    }
    throw e;
  }

  private synchronized StreamAppendClient openClient() throws Exception {
    if (client == exhausted) {
      StreamAppendClient old = client;
      client = opener.call();
      for (int pin = 0; pin < pins; pin++) {
        client.pin();
        old.unpin();
      }
      old.close();
    }
    return client;
  }

  @Override
  public synchronized @Nullable TableSchema getUpdatedSchema() {
    return client.getUpdatedSchema();
  }

  @Override
  public synchronized long getInflightWaitSeconds() {
    return client.getInflightWaitSeconds();
  }

  @Override
  public synchronized void pin() {
    client.pin();
    pins++;
  }

  @Override
  public synchronized void unpin() throws Exception {
    client.unpin();
    pins--;
  }

  @Override
  public synchronized void close() throws Exception {
    client.close();
  }
}
