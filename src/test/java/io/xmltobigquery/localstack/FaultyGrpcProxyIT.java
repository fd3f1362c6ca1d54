package io.xmltobigquery.localstack;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.rpc.AlreadyExistsException;
import com.google.api.gax.rpc.BidiStream;
import com.google.api.gax.rpc.ResourceExhaustedException;
import com.google.api.gax.rpc.UnavailableException;
import com.google.cloud.bigquery.storage.v1.AppendRowsRequest;
import com.google.cloud.bigquery.storage.v1.AppendRowsRequest.ProtoData;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteClient;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteSettings;
import com.google.cloud.bigquery.storage.v1.CreateWriteStreamRequest;
import com.google.cloud.bigquery.storage.v1.Exceptions;
import com.google.cloud.bigquery.storage.v1.FlushRowsRequest;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.ProtoSchema;
import com.google.cloud.bigquery.storage.v1.StorageError.StorageErrorCode;
import com.google.cloud.bigquery.storage.v1.StreamWriter;
import com.google.cloud.bigquery.storage.v1.TableName;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.Int64Value;
import io.grpc.Status.Code;
import io.xmltobigquery.localstack.FaultyGrpcProxy.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** That the faults are what they are said to be, and the emulator's answers what clients expect. */
@Timeout(60)
class FaultyGrpcProxyIT {

  @RegisterExtension final LocalStack stack = new LocalStack();

  private static final ProtoSchema SCHEMA =
      ProtoSchema.newBuilder()
          .setProtoDescriptor(
              DescriptorProto.newBuilder()
                  .setName("Row")
                  .addField(
                      FieldDescriptorProto.newBuilder()
                          .setName("n")
                          .setNumber(1)
                          .setType(FieldDescriptorProto.Type.TYPE_INT64)
                          .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)))
          .build();

  private final String table = "t" + UUID.randomUUID().toString().replace("-", "");
  private FaultyGrpcProxy proxy;
  private BigQueryWriteClient client;

  @BeforeEach
  void startTheProxy() throws Exception {
    stack
        .bigQuery()
        .createTable(table, new JsonMapper().readTree("[{\"name\": \"n\", \"type\": \"INT64\"}]"));
    proxy = FaultyGrpcProxy.before(stack);
    client =
        BigQueryWriteClient.create(
            BigQueryWriteSettings.newBuilder()
                .setEndpoint(stack.restAddress())
                .setCredentialsProvider(NoCredentialsProvider.create())
                .build());
  }

  @AfterEach
  void stopTheProxy() throws Exception {
    client.shutdownNow();
    assertThat(client.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    proxy.close();
  }

  @Test
  void withoutFaultsAllIsForwarded() throws Exception {
    String stream = create(WriteStream.Type.COMMITTED);

    List<AppendRowsResponse> answers = append(request(stream, 0, 1, 2), request(stream, 2, 3));

    assertThat(answers.stream().map(a -> a.getAppendResult().getOffset().getValue()))
        .containsExactly(0L, 2L)
        .inOrder();
    assertThat(numbers()).containsExactly(1, 2, 3);
    assertThat(proxy.messages("AppendRows")).isEqualTo(2);
  }

  @Test
  void appendWhoseAnswerWasLostIsDoneAndSaidToBeDoneWhenRepeated() throws Exception {
    String stream = create(WriteStream.Type.COMMITTED);
    Fault lost = proxy.on("AppendRows").message(2).loseAnswer();

    assertThrows(
        UnavailableException.class,
        () -> append(request(stream, 0, 1), request(stream, 1, 2), request(stream, 2, 3)));
    AppendRowsResponse repeated = append(request(stream, 1, 2)).get(0);
    append(request(stream, 2, 3));

    assertThat(lost.count()).isEqualTo(1);
    assertThat(repeated.getError().getCode()).isEqualTo(Code.ALREADY_EXISTS.value());
    assertThat(Exceptions.toStorageException(repeated.getError(), null))
        .isInstanceOf(Exceptions.OffsetAlreadyExists.class);
    assertThat(numbers()).containsExactly(1, 2, 3);
  }

  @Test
  void appendBeyondTheEndIsAnsweredAsTheServiceDoes() throws Exception {
    String stream = create(WriteStream.Type.COMMITTED);

    AppendRowsResponse answer = append(request(stream, 7, 1)).get(0);

    assertThat(Exceptions.toStorageException(answer.getError(), null))
        .isInstanceOf(Exceptions.OffsetOutOfRange.class);
  }

  @Test
  void appendToAFinalizedStreamIsAnsweredAsTheServiceDoes() throws Exception {
    String stream = create(WriteStream.Type.COMMITTED);
    client.finalizeWriteStream(stream);

    AppendRowsResponse answer = append(request(stream, 0, 1)).get(0);

    assertThat(Exceptions.toStorageException(answer.getError(), null))
        .isInstanceOf(Exceptions.StreamFinalizedException.class);
  }

  @Test
  void failedAppendIsNotDone() throws Exception {
    String stream = create(WriteStream.Type.COMMITTED);
    proxy.on("AppendRows").message(1).fail(Code.RESOURCE_EXHAUSTED);

    assertThrows(ResourceExhaustedException.class, () -> append(request(stream, 0, 1)));

    assertThat(numbers()).isEmpty();
    append(request(stream, 0, 1));
    assertThat(numbers()).containsExactly(1);
  }

  @Test
  void appendOverADroppedConnectionIsNotDone() throws Exception {
    String stream = create(WriteStream.Type.COMMITTED);
    Fault dropped = proxy.on("AppendRows").message(1).dropConnection();

    assertThrows(UnavailableException.class, () -> append(request(stream, 0, 1)));

    assertThat(dropped.count()).isEqualTo(1);
    assertThat(numbers()).isEmpty();
    append(request(stream, 0, 1));
    assertThat(numbers()).containsExactly(1);
  }

  @Test
  void appendIsDoneWhoseConnectionIsDroppedAfterwards() throws Exception {
    String stream = create(WriteStream.Type.COMMITTED);
    proxy.on("AppendRows").message(1).loseAnswerAndConnection();

    assertThrows(UnavailableException.class, () -> append(request(stream, 0, 1)));

    assertThat(numbers()).containsExactly(1);
  }

  @Test
  void errorInTheStreamKeepsItsPlaceAmongTheAnswers() throws Exception {
    String stream = create(WriteStream.Type.COMMITTED);
    proxy
        .on("AppendRows")
        .message(2)
        .answer(
            FaultyGrpcProxy.appendError(Code.OUT_OF_RANGE, StorageErrorCode.OFFSET_OUT_OF_RANGE));

    List<AppendRowsResponse> answers =
        append(request(stream, 0, 1), request(stream, 1, 2), request(stream, 1, 3));

    assertThat(answers.stream().map(AppendRowsResponse::hasError))
        .containsExactly(false, true, false)
        .inOrder();
    assertThat(numbers()).containsExactly(1, 3);
  }

  @Test
  void requestsAfterAnErrorInTheStreamNeedNotRepeatWhatTheFirstHasSaid() throws Exception {
    String stream = create(WriteStream.Type.COMMITTED);
    proxy
        .on("AppendRows")
        .message(1)
        .answer(
            FaultyGrpcProxy.appendError(
                Code.RESOURCE_EXHAUSTED, StorageErrorCode.STORAGE_ERROR_CODE_UNSPECIFIED));
    AppendRowsRequest second =
        AppendRowsRequest.newBuilder()
            .setOffset(Int64Value.of(0))
            .setProtoRows(ProtoData.newBuilder().setRows(rows(2)))
            .build();

    append(request(stream, 0, 1), second);

    assertThat(numbers()).containsExactly(2);
  }

  @Test
  void replacedAnswerIsOfAnAppendThatIsDone() throws Exception {
    String stream = create(WriteStream.Type.COMMITTED);
    proxy
        .on("AppendRows")
        .everyMessage(1)
        .replaceAnswer(
            FaultyGrpcProxy.appendError(
                Code.ALREADY_EXISTS, StorageErrorCode.OFFSET_ALREADY_EXISTS));

    assertThat(append(request(stream, 0, 1)).get(0).hasError()).isTrue();

    assertThat(numbers()).containsExactly(1);
  }

  @Test
  void flushWhoseAnswerWasLostIsSaidToBeDoneWhenRepeated() throws Exception {
    String stream = create(WriteStream.Type.BUFFERED);
    append(request(stream, 0, 1));
    Fault lost = proxy.on("FlushRows").message(1).loseAnswer();

    // The client repeats the call by itself.
    assertThrows(
        AlreadyExistsException.class,
        () ->
            client.flushRows(
                FlushRowsRequest.newBuilder()
                    .setWriteStream(stream)
                    .setOffset(Int64Value.of(0))
                    .build()));

    assertThat(lost.count()).isEqualTo(1);
    assertThat(proxy.messages("FlushRows")).isEqualTo(2);
    assertThat(numbers()).containsExactly(1);
  }

  @Test
  void writerOfTheLibraryGetsOverALostConnection() throws Exception {
    String stream = create(WriteStream.Type.COMMITTED);
    Fault dropped = proxy.on("AppendRows").message(2).dropConnection();

    try (StreamWriter writer = writer(stream)) {
      writer.append(rows(1), 0).get();
      writer.append(rows(2), 1).get();
    }

    assertThat(dropped.count()).isEqualTo(1);
    assertThat(numbers()).containsExactly(1, 2);
  }

  @Test
  void writerOfTheLibraryIsToldThatItsRowsAreThereAlready() throws Exception {
    String stream = create(WriteStream.Type.COMMITTED);
    Fault lost = proxy.on("AppendRows").message(1).loseAnswer();

    ExecutionException e;
    try (StreamWriter writer = writer(stream)) {
      e = assertThrows(ExecutionException.class, () -> writer.append(rows(1), 0).get());
    }

    assertThat(e).hasCauseThat().isInstanceOf(Exceptions.OffsetAlreadyExists.class);
    assertThat(lost.count()).isEqualTo(1);
    assertThat(numbers()).containsExactly(1);
  }

  private StreamWriter writer(String stream) throws Exception {
    return StreamWriter.newBuilder(stream, client).setWriterSchema(SCHEMA).build();
  }

  private String create(WriteStream.Type type) {
    return client
        .createWriteStream(
            CreateWriteStreamRequest.newBuilder()
                .setParent(
                    TableName.of(stack.bigQuery().project(), stack.bigQuery().dataset(), table)
                        .toString())
                .setWriteStream(WriteStream.newBuilder().setType(type))
                .build())
        .getName();
  }

  /** Sends all over one stream, and returns all answers. */
  private List<AppendRowsResponse> append(AppendRowsRequest... requests) {
    BidiStream<AppendRowsRequest, AppendRowsResponse> stream = client.appendRowsCallable().call();
    Stream.of(requests).forEach(stream::send);
    stream.closeSend();
    List<AppendRowsResponse> answers = new ArrayList<>();
    stream.forEach(answers::add);
    return answers;
  }

  private static AppendRowsRequest request(String stream, long offset, int... numbers) {
    return AppendRowsRequest.newBuilder()
        .setWriteStream(stream)
        .setOffset(Int64Value.of(offset))
        .setProtoRows(ProtoData.newBuilder().setWriterSchema(SCHEMA).setRows(rows(numbers)))
        .build();
  }

  private static ProtoRows rows(int... numbers) {
    ProtoRows.Builder rows = ProtoRows.newBuilder();
    for (int number : numbers) {
      // Field 1 as a varint.
      rows.addSerializedRows(ByteString.copyFrom(new byte[] {8, (byte) number}));
    }
    return rows.build();
  }

  private List<Integer> numbers() throws Exception {
    return stack.bigQuery().rows(table).stream().map(row -> row.get("n").intValue()).toList();
  }
}
