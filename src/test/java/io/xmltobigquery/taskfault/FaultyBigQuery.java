package io.xmltobigquery.taskfault;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutures;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;

/**
 * Puts points before and after what BigQueryIO asks of BigQuery: {@code before METHOD} and {@code
 * after METHOD}. Three more are about an append: {@link #APPENDED}, {@link #LATE} and {@link
 * #NO_ANSWER}.
 */
public final class FaultyBigQuery implements BigQueryServices {

  private static final long serialVersionUID = 1L;

  /** The rows are there and the answer too, but the task fails before it takes it. */
  public static final String APPENDED = "appended";

  /** The task fails, and its append lands seconds later. */
  public static final String LATE = "append that lands late";

  /** The rows are there, and instead of an answer comes the fault. */
  public static final String NO_ANSWER = "append without an answer";

  private static final String APPEND = "appendRows";
  private static final List<String> METHODS =
      List.of("createWriteStream", "getStreamAppendClient", "flush", "finalizeWriteStream", APPEND);
  private static final long LATE_SECONDS = 2;

  private final BigQueryServices services;

  public FaultyBigQuery(BigQueryServices services) {
    this.services = services;
    METHODS.forEach(
        method -> {
          TaskFaults.add("before " + method);
          TaskFaults.add("after " + method);
        });
    List.of(APPENDED, LATE, NO_ANSWER).forEach(TaskFaults::add);
  }

  @Override
  public JobService getJobService(BigQueryOptions options) {
    return services.getJobService(options);
  }

  @Override
  public StorageClient getStorageClient(BigQueryOptions options) throws IOException {
    return services.getStorageClient(options);
  }

  @Override
  public DatasetService getDatasetService(BigQueryOptions options) {
    return services.getDatasetService(options);
  }

  @Override
  public WriteStreamService getWriteStreamService(BigQueryOptions options) {
    return faulty(WriteStreamService.class, services.getWriteStreamService(options));
  }

  private static <T> T faulty(Class<T> type, T real) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (!METHODS.contains(method.getName())) {
            return invoke(method, real, arguments);
          }
          TaskFaults.pass("before " + method.getName());
          Object result =
              real instanceof StreamAppendClient client && method.getName().equals(APPEND)
                  ? append(client, (long) arguments[0], (ProtoRows) arguments[1])
                  : invoke(method, real, arguments);
          TaskFaults.pass("after " + method.getName());
          return result instanceof StreamAppendClient client
              ? faulty(StreamAppendClient.class, client)
              : result;
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object invoke(Method method, Object real, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static ApiFuture<AppendRowsResponse> append(
      StreamAppendClient client, long offset, ProtoRows rows) throws Exception {
    if (TaskFaults.isArmed(LATE)) {
      CompletableFuture.delayedExecutor(LATE_SECONDS, TimeUnit.SECONDS)
          .execute(() -> appendLate(client, offset, rows));
      TaskFaults.pass(LATE);
    }
    ApiFuture<AppendRowsResponse> answer = client.appendRows(offset, rows);
    if ((TaskFaults.isArmed(APPENDED) || TaskFaults.isArmed(NO_ANSWER)) && hasSucceeded(answer)) {
      TaskFaults.pass(APPENDED);
      try {
        TaskFaults.pass(NO_ANSWER);
      } catch (OutOfMemoryError | IllegalStateException e) {
        return ApiFutures.immediateFailedFuture(e);
      }
    }
    return answer;
  }

  private static boolean hasSucceeded(ApiFuture<?> answer) throws InterruptedException {
    try {
      answer.get();
      return true;
    } catch (ExecutionException e) {
      return false;
    }
  }

  private static void appendLate(StreamAppendClient client, long offset, ProtoRows rows) {
    try {
      var unused = client.appendRows(offset, rows);
    } catch (Exception e) {
      // Its client may be closed by now: then it doesn't land at all.
    }
  }
}
