package io.xmltobigquery.flow.write.bigquery.beam;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutures;
import com.google.api.core.SettableApiFuture;
import com.google.api.gax.grpc.GrpcStatusCode;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.ApiExceptionFactory;
import com.google.api.gax.rpc.StatusCode;
import com.google.api.gax.rpc.UnaryCallSettings;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteSettings;
import com.google.cloud.bigquery.storage.v1.Exceptions.StreamWriterClosedException;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import io.grpc.Status;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.StreamAppendClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EnvelopeAppendClientTest {

  /** As many tries as BigQueryIO gives a used-up quota. */
  private static final int QUOTA_TRIES = 35;

  @Test
  void whatAPendingStreamHasAlreadyIsAppended() throws Exception {
    assertThat(append(true, Status.ALREADY_EXISTS).get())
        .isEqualTo(AppendRowsResponse.getDefaultInstance());
  }

  /** After a restart, other rows may come for the same offset: BigQueryIO begins a new stream. */
  @Test
  void whatABufferedStreamHasAlreadyMayBeOtherRows() throws Exception {
    assertThat(code(append(false, Status.ALREADY_EXISTS))).isEqualTo(Status.Code.ALREADY_EXISTS);
  }

  @Test
  void otherErrorsStayWhatTheyAre() throws Exception {
    for (boolean pending : new boolean[] {true, false}) {
      for (Status status :
          List.of(
              Status.RESOURCE_EXHAUSTED, Status.INTERNAL, Status.UNAVAILABLE, Status.NOT_FOUND)) {
        assertThat(code(append(pending, status))).isEqualTo(status.getCode());
        assertThat(code(append(pending, connectionEnd(status)))).isEqualTo(status.getCode());
      }
    }
  }

  /** The whole of it at a used-up quota that is there again after BigQueryIO's last try. */
  @Test
  void aQuotaThatEndsConnectionsIsATryEachWithAClientOfItsOwn() throws Exception {
    List<Google> opened = new ArrayList<>();
    EnvelopeAppendClient client =
        new EnvelopeAppendClient(
            () -> {
              boolean exhausted = opened.size() < QUOTA_TRIES;
              opened.add(
                  new Google(
                      () ->
                          exhausted
                              ? ApiFutures.immediateFailedFuture(
                                  connectionEnd(Status.RESOURCE_EXHAUSTED))
                              : ApiFutures.immediateFuture(
                                  AppendRowsResponse.getDefaultInstance())));
              return opened.get(opened.size() - 1);
            },
            true);
    client.pin();

    for (int i = 0; i < QUOTA_TRIES; i++) {
      assertThat(code(client.appendRows(0, ProtoRows.getDefaultInstance())))
          .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }
    var appended = client.appendRows(0, ProtoRows.getDefaultInstance()).get();

    assertThat(appended).isEqualTo(AppendRowsResponse.getDefaultInstance());
    assertThat(opened).hasSize(QUOTA_TRIES + 1);
    assertThat(opened.stream().filter(google -> !google.isClosed).count()).isEqualTo(1);
    client.close();
    assertThat(opened.get(QUOTA_TRIES).isClosed).isFalse();
    client.unpin();
    assertThat(opened.get(QUOTA_TRIES).isClosed).isTrue();
  }

  /** They may tell of it when the next client is there already, which has done nothing. */
  @Test
  void manyAppendsOfOneConnectionAreOneEnd() throws Exception {
    List<SettableApiFuture<AppendRowsResponse>> answers = new ArrayList<>();
    List<Google> opened = new ArrayList<>();
    EnvelopeAppendClient client =
        new EnvelopeAppendClient(
            () -> {
              opened.add(
                  new Google(
                      () -> {
                        answers.add(SettableApiFuture.create());
                        return answers.get(answers.size() - 1);
                      }));
              return opened.get(opened.size() - 1);
            },
            false);
    ApiFuture<AppendRowsResponse> first = client.appendRows(0, ProtoRows.getDefaultInstance());
    ApiFuture<AppendRowsResponse> second = client.appendRows(1, ProtoRows.getDefaultInstance());

    answers.get(0).setException(connectionEnd(Status.RESOURCE_EXHAUSTED));
    ApiFuture<AppendRowsResponse> third = client.appendRows(0, ProtoRows.getDefaultInstance());
    answers.get(1).setException(writerClosed());
    ApiFuture<AppendRowsResponse> fourth = client.appendRows(1, ProtoRows.getDefaultInstance());

    assertThat(code(first)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(code(second)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(opened).hasSize(2);
    assertThat(third.isDone()).isFalse();
    assertThat(fourth.isDone()).isFalse();
  }

  /** Google's client waits for its last answers when it is closed, and those come to us. */
  @Test
  void aClientMayTellOfItsEndWhileItIsClosed() throws Exception {
    List<SettableApiFuture<AppendRowsResponse>> answers = new ArrayList<>();
    Google closing =
        new Google(
            () -> {
              answers.add(SettableApiFuture.create());
              return answers.get(answers.size() - 1);
            }) {
          @Override
          public void close() {
            Thread appender = new Thread(() -> answers.get(1).setException(writerClosed()));
            appender.start();
            try {
              appender.join(10_000);
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            assertThat(appender.isAlive()).isFalse();
          }
        };
    List<Google> toOpen =
        new ArrayList<>(List.of(closing, new Google(() -> SettableApiFuture.create())));
    EnvelopeAppendClient client = new EnvelopeAppendClient(() -> toOpen.remove(0), false);
    var unused = client.appendRows(0, ProtoRows.getDefaultInstance());
    ApiFuture<AppendRowsResponse> second = client.appendRows(1, ProtoRows.getDefaultInstance());
    answers.get(0).setException(connectionEnd(Status.RESOURCE_EXHAUSTED));

    assertThat(client.appendRows(0, ProtoRows.getDefaultInstance()).isDone()).isFalse();
    assertThat(code(second)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  /**
   * BigQueryIO gives up on these after 5 tries in 4 seconds. A used-up quota is waited for before
   * it comes to that, by Google's client.
   */
  @Test
  void googlesClientWaitsForAQuotaOfAllOtherCalls() throws Exception {
    BigQueryWriteSettings settings = BigQueryWriteSettings.newBuilder().build();
    for (UnaryCallSettings<?, ?> call :
        List.of(
            settings.createWriteStreamSettings(),
            settings.flushRowsSettings(),
            settings.finalizeWriteStreamSettings(),
            settings.batchCommitWriteStreamsSettings())) {
      RetrySettings retries = call.getRetrySettings();
      assertWithMessage("%s", call)
          .that(call.getRetryableCodes())
          .containsAtLeast(StatusCode.Code.RESOURCE_EXHAUSTED, StatusCode.Code.UNAVAILABLE);
      assertThat(retries.getTotalTimeoutDuration()).isAtLeast(Duration.ofMinutes(10));
    }
  }

  private static ApiFuture<AppendRowsResponse> append(boolean pendingStream, Status answer)
      throws Exception {
    return append(pendingStream, answer.asRuntimeException());
  }

  private static ApiFuture<AppendRowsResponse> append(boolean pendingStream, Exception failure)
      throws Exception {
    return new EnvelopeAppendClient(
            () -> new Google(() -> ApiFutures.immediateFailedFuture(failure)), pendingStream)
        .appendRows(0, ProtoRows.getDefaultInstance());
  }

  private static Status.Code code(ApiFuture<AppendRowsResponse> failed) {
    return Status.fromThrowable(assertThrows(ExecutionException.class, failed::get)).getCode();
  }

  /** What an append is told whose connection ends with a status. */
  private static Exception connectionEnd(Status status) {
    return ApiExceptionFactory.createException(
        status.asRuntimeException(), GrpcStatusCode.of(status.getCode()), false);
  }

  /** What appends are told that share a connection with one that ended it, or come too late. */
  private static Exception writerClosed() {
    try {
      Constructor<StreamWriterClosedException> constructor =
          StreamWriterClosedException.class.getDeclaredConstructor(
              Status.class, String.class, String.class);
      constructor.setAccessible(true);
      return constructor.newInstance(Status.FAILED_PRECONDITION, "stream", "writer");
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private static class Google implements StreamAppendClient {
    private final Supplier<ApiFuture<AppendRowsResponse>> answers;
    private boolean isClosed;

    Google(Supplier<ApiFuture<AppendRowsResponse>> answers) {
      this.answers = answers;
    }

    @Override
    public ApiFuture<AppendRowsResponse> appendRows(long offset, ProtoRows rows) {
      assertThat(isClosed).isFalse();
      return answers.get();
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
    public void close() {
      isClosed = true;
    }
  }
}
