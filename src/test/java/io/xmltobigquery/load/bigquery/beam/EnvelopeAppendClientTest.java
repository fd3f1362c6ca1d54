package io.xmltobigquery.load.bigquery.beam;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutures;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import io.grpc.Status;
import java.util.concurrent.ExecutionException;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.StreamAppendClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EnvelopeAppendClientTest {

  @Test
  void whatAPendingStreamHasAlreadyIsAppended() throws Exception {
    assertThat(append(true, Status.ALREADY_EXISTS).get())
        .isEqualTo(AppendRowsResponse.getDefaultInstance());
  }

  /** After a restart, other rows may come for the same offset: BigQueryIO begins a new stream. */
  @Test
  void whatABufferedStreamHasAlreadyMayBeOtherRows() throws Exception {
    ExecutionException failure =
        assertThrows(ExecutionException.class, append(false, Status.ALREADY_EXISTS)::get);

    assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
  }

  @Test
  void otherErrorsStayWhatTheyAre() throws Exception {
    for (boolean pending : new boolean[] {true, false}) {
      ExecutionException failure =
          assertThrows(ExecutionException.class, append(pending, Status.INTERNAL)::get);

      assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.INTERNAL);
    }
  }

  private static ApiFuture<AppendRowsResponse> append(boolean pendingStream, Status answer)
      throws Exception {
    return new EnvelopeAppendClient(new Answering(answer), pendingStream)
        .appendRows(0, ProtoRows.getDefaultInstance());
  }

  private record Answering(Status answer) implements StreamAppendClient {

    @Override
    public ApiFuture<AppendRowsResponse> appendRows(long offset, ProtoRows rows) {
      return ApiFutures.immediateFailedFuture(answer.asRuntimeException());
    }

    @Override
    public @Nullable TableSchema getUpdatedSchema() {
      return null;
    }

    @Override
    public long getInflightWaitSeconds() {
      return 0;
    }

    @Override
    public void pin() {}

    @Override
    public void unpin() {}

    @Override
    public void close() {}
  }
}
