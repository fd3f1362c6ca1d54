#!/bin/sh
# BigQuery's StreamWriter is closed for good by a RESOURCE_EXHAUSTED that ends its connection, and then says FAILED_PRECONDITION.
#
# Found: after UNAVAILABLE the writer connects again by itself and sends the rows once more. After RESOURCE_EXHAUSTED it
# fails the append, and every later one at once, without a request, as FAILED_PRECONDITION.
# One would guess the opposite of a quota: it comes back by waiting. And who retries by the code must not take this
# FAILED_PRECONDITION for one of the service's: only a new writer helps. Beam 2.70's BigQueryIO keeps the old one, and gives up.
#
# google-cloud-bigquerystorage 3.17.3, against a gRPC server that fails the first request. Seen 2026-11-29; the output is below.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
cat >pom.xml <<'END'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>com.google.cloud</groupId><artifactId>google-cloud-bigquerystorage</artifactId><version>3.17.3</version></dependency>
    <dependency><groupId>io.grpc</groupId><artifactId>grpc-netty-shaded</artifactId><version>1.71.0</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
END
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath -Dmdep.outputFile=classpath >maven.log 2>&1 ||
  { cat maven.log; exit 1; }

cat >Find.java <<'END'
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.cloud.bigquery.storage.v1.AppendRowsRequest;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteClient;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteGrpc;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteSettings;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.ProtoSchema;
import com.google.cloud.bigquery.storage.v1.StreamWriter;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.LogManager;

public class Find {
  static final AtomicInteger REQUESTS = new AtomicInteger();

  public static void main(String[] args) throws Exception {
    LogManager.getLogManager().reset();
    tell(Status.UNAVAILABLE);
    tell(Status.RESOURCE_EXHAUSTED);
    System.exit(0);
  }

  static void tell(Status status) throws Exception {
    System.out.println(status.getCode());
    REQUESTS.set(0);
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new FailingFirst(status))
            .build()
            .start();
    BigQueryWriteClient client =
        BigQueryWriteClient.create(
            BigQueryWriteSettings.newBuilder()
                .setCredentialsProvider(NoCredentialsProvider.create())
                .setTransportChannelProvider(
                    InstantiatingGrpcChannelProvider.newBuilder()
                        .setEndpoint("localhost:" + server.getPort())
                        .setChannelConfigurator(ManagedChannelBuilder::usePlaintext)
                        .build())
                .build());
    DescriptorProto row =
        DescriptorProto.newBuilder()
            .setName("Row")
            .addField(
                FieldDescriptorProto.newBuilder()
                    .setName("id")
                    .setNumber(1)
                    .setType(FieldDescriptorProto.Type.TYPE_INT64))
            .build();
    StreamWriter writer =
        StreamWriter.newBuilder("projects/p/datasets/d/tables/t/streams/s", client)
            .setWriterSchema(ProtoSchema.newBuilder().setProtoDescriptor(row).build())
            .setLocation("us")
            .build();
    ProtoRows rows =
        ProtoRows.newBuilder().addSerializedRows(ByteString.copyFrom(new byte[] {8, 1})).build();
    for (int i = 1; i <= 3; i++) {
      String result;
      try {
        writer.append(rows).get();
        result = "appended";
      } catch (ExecutionException e) {
        result = Status.fromThrowable(e.getCause()).getCode().toString();
      }
      System.out.printf("  append %d: %s, %d requests so far%n", i, result, REQUESTS.get());
    }
    writer.close();
    client.close();
    server.shutdownNow();
  }

  static final class FailingFirst extends BigQueryWriteGrpc.BigQueryWriteImplBase {
    private final Status status;

    FailingFirst(Status status) {
      this.status = status;
    }

    @Override
    public StreamObserver<AppendRowsRequest> appendRows(StreamObserver<AppendRowsResponse> answers) {
      return new StreamObserver<>() {
        @Override
        public void onNext(AppendRowsRequest request) {
          if (REQUESTS.incrementAndGet() == 1) {
            answers.onError(status.asException());
          } else {
            answers.onNext(
                AppendRowsResponse.newBuilder()
                    .setAppendResult(AppendRowsResponse.AppendResult.getDefaultInstance())
                    .build());
          }
        }

        @Override
        public void onError(Throwable e) {}

        @Override
        public void onCompleted() {
          answers.onCompleted();
        }
      };
    }
  }
}
END
cat >expected <<'END'
UNAVAILABLE
  append 1: appended, 2 requests so far
  append 2: appended, 3 requests so far
  append 3: appended, 4 requests so far
RESOURCE_EXHAUSTED
  append 1: RESOURCE_EXHAUSTED, 1 requests so far
  append 2: FAILED_PRECONDITION, 1 requests so far
  append 3: FAILED_PRECONDITION, 1 requests so far
END
java -cp "$(cat classpath)" Find.java >actual 2>errors || { cat errors; exit 1; }
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
