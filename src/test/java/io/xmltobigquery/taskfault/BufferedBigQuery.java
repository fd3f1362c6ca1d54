package io.xmltobigquery.taskfault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutures;
import com.google.api.gax.grpc.GrpcStatusCode;
import com.google.api.gax.rpc.ApiException;
import com.google.cloud.bigquery.storage.v1.AppendRowsRequest.MissingValueInterpretation;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BatchCommitWriteStreamsResponse;
import com.google.cloud.bigquery.storage.v1.Exceptions.AppendSerializationError;
import com.google.cloud.bigquery.storage.v1.FinalizeWriteStreamResponse;
import com.google.cloud.bigquery.storage.v1.FlushRowsResponse;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import io.grpc.Status.Code;
import io.xmltobigquery.benchmark.NullBigQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.jspecify.annotations.Nullable;

/**
 * BigQuery's buffered streams in memory, as its API describes them: an append lands at its offset,
 * as a whole or not at all, and what is flushed is seen. A row with {@link #REFUSED} in it is
 * refused. A process has one.
 */
public final class BufferedBigQuery extends NullBigQuery {

  private static final long serialVersionUID = 1L;

  public static final String REFUSED = "REFUSED";

  private static final Map<String, Stream> STREAMS = new ConcurrentHashMap<>();

  /** All that is seen of a table. */
  public static List<ByteString> rows(String table) {
    return STREAMS.values().stream()
        .filter(stream -> stream.table.equals(table))
        .flatMap(stream -> stream.visible().stream())
        .toList();
  }

  @Override
  public WriteStreamService getWriteStreamService(BigQueryOptions options) {
    return new Streams();
  }

  private static final class Stream {
    private final String name;
    private final String table;
    private final List<ByteString> rows = new ArrayList<>();
    private int flushed;
    private boolean isFinal;

    Stream(String tableUrn) {
      name = tableUrn + "/streams/" + UUID.randomUUID();
      table = tableUrn.substring(tableUrn.lastIndexOf('/') + 1);
    }

    synchronized List<ByteString> visible() {
      return List.copyOf(rows.subList(0, flushed));
    }

    synchronized @Nullable Exception append(long offset, List<ByteString> more) {
      if (isFinal) {
        return Code.INVALID_ARGUMENT.toStatus().asRuntimeException();
      } else if (offset < rows.size()) {
        return Code.ALREADY_EXISTS.toStatus().asRuntimeException();
      } else if (offset > rows.size()) {
        return Code.OUT_OF_RANGE.toStatus().asRuntimeException();
      }
      Map<Integer, String> refused = new HashMap<>();
      for (int i = 0; i < more.size(); i++) {
        if (more.get(i).toString(ISO_8859_1).contains(REFUSED)) {
          refused.put(i, "refused by a test");
        }
      }
      if (!refused.isEmpty()) {
        return new AppendSerializationError(
            Code.INVALID_ARGUMENT.value(), "rows are refused", name, refused);
      }
      rows.addAll(more);
      return null;
    }

    synchronized @Nullable Code flush(long offset) {
      if (isFinal) {
        return Code.INVALID_ARGUMENT;
      } else if (offset < flushed) {
        return Code.ALREADY_EXISTS;
      } else if (offset >= rows.size()) {
        return Code.OUT_OF_RANGE;
      }
      flushed = (int) offset + 1;
      return null;
    }

    synchronized void finish() {
      isFinal = true;
    }
  }

  private static final class Streams extends NullWriteStreams {
    @Override
    public WriteStream createWriteStream(String tableUrn, WriteStream.Type type) {
      Stream stream = new Stream(tableUrn);
      STREAMS.put(stream.name, stream);
      return WriteStream.newBuilder().setName(stream.name).build();
    }

    @Override
    public StreamAppendClient getStreamAppendClient(
        String streamName,
        DescriptorProto descriptor,
        boolean useConnectionPool,
        MissingValueInterpretation missingValueInterpretation) {
      return new Appends(STREAMS.get(streamName));
    }

    @Override
    public ApiFuture<FlushRowsResponse> flush(String streamName, long offset) {
      Code problem = STREAMS.get(streamName).flush(offset);
      return problem == null
          ? ApiFutures.immediateFuture(FlushRowsResponse.newBuilder().setOffset(offset).build())
          : ApiFutures.immediateFailedFuture(
              new ApiException(
                  problem.toStatus().asRuntimeException(), GrpcStatusCode.of(problem), false));
    }

    @Override
    public ApiFuture<FinalizeWriteStreamResponse> finalizeWriteStream(String streamName) {
      STREAMS.get(streamName).finish();
      return ApiFutures.immediateFuture(FinalizeWriteStreamResponse.getDefaultInstance());
    }

    @Override
    public ApiFuture<BatchCommitWriteStreamsResponse> commitWriteStreams(
        String tableUrn, Iterable<String> writeStreamNames) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class Appends extends NullAppends {
    private final Stream stream;

    Appends(Stream stream) {
      this.stream = stream;
    }

    @Override
    public ApiFuture<AppendRowsResponse> appendRows(long offset, ProtoRows rows) {
      Exception problem = stream.append(offset, rows.getSerializedRowsList());
      return problem == null
          ? ApiFutures.immediateFuture(AppendRowsResponse.getDefaultInstance())
          : ApiFutures.immediateFailedFuture(problem);
    }
  }
}
