package io.xmltobigquery.flow.write.bigquery.beam;

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
import java.util.concurrent.Callable;
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
 *       closed itself for good, while BigQueryIO goes on with it, waits as long as a used-up quota
 *       may need (35 tries, about 10 minutes), and would get FAILED_PRECONDITION, upon which it
 *       gives up. So there is another client here when it tries again. (In an answer,
 *       RESOURCE_EXHAUSTED leaves the connection open.)
 * </ul>
 */
@SuppressWarnings("try") // close() throws what the interface lets it throw.
final class EnvelopeAppendClient implements StreamAppendClient {

  private final Callable<StreamAppendClient> opener;
  private final boolean pendingStream;
  private StreamAppendClient client;

  /** Whether the client has closed itself. */
  private boolean ended;

  private int pins;
  private boolean closed;

  /**
   * Opens a client.
   *
   * @param opener opens a client of Google's for the stream, as often as one is needed
   * @param pendingStream whether the stream is a pending one
   * @throws Exception as the opener
   */
  EnvelopeAppendClient(Callable<StreamAppendClient> opener, boolean pendingStream)
      throws Exception {
    this.opener = opener;
    this.pendingStream = pendingStream;
    this.client = opener.call();
  }

  @Override
  public ApiFuture<AppendRowsResponse> appendRows(long offset, ProtoRows envelopes)
      throws Exception {
    ProtoRows.Builder rows = ProtoRows.newBuilder();
    for (ByteString envelope : envelopes.getSerializedRowsList()) {
      rows.addSerializedRows(RowEnvelope.row(envelope));
    }
    StreamAppendClient open = open();
    ApiFuture<AppendRowsResponse> appended =
        ApiFutures.catching(
            open.appendRows(offset, rows.build()),
            StatusRuntimeException.class,
            e -> successIfRepeated(open, e),
            MoreExecutors.directExecutor());
    return ApiFutures.catching(
        appended,
        ResourceExhaustedException.class,
        e -> {
          throw ended(open, e);
        },
        MoreExecutors.directExecutor());
  }

  /** The client, or a new one if it has closed itself. */
  private StreamAppendClient open() throws Exception {
    StreamAppendClient old;
    StreamAppendClient current;
    synchronized (this) {
      if (!ended) {
        return client;
      }
      old = client;
      client = opener.call();
      current = client;
      ended = false;
    }
    // It may still be telling us of its end, for which the lock must be free.
    old.close();
    return current;
  }

  private AppendRowsResponse successIfRepeated(
      StreamAppendClient answering, StatusRuntimeException e) {
    if (pendingStream && e.getStatus().getCode() == Status.Code.ALREADY_EXISTS) {
      return AppendRowsResponse.getDefaultInstance();
    }
    throw e instanceof StreamWriterClosedException ? ended(answering, e) : e;
  }

  /** Several appends may tell of one end, some when there is a new client already. */
  private synchronized StatusRuntimeException ended(StreamAppendClient answering, Exception e) {
    ended |= answering == client;
    return Status.RESOURCE_EXHAUSTED
        .withDescription("the client has closed itself: " + e.getMessage())
        .withCause(e)
        .asRuntimeException();
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
    if (closed) {
      throw new IllegalStateException("closed");
    }
    pins++;
  }

  @Override
  public void unpin() throws Exception {
    synchronized (this) {
      pins--;
      if (!closed || pins > 0) {
        return;
      }
    }
    client.close();
  }

  /** Whoever has pinned it may go on until it is unpinned. */
  @Override
  public void close() throws Exception {
    synchronized (this) {
      closed = true;
      if (pins > 0) {
        return;
      }
    }
    client.close();
  }
}
