package io.xmltobigquery.localstack;

import com.google.cloud.bigquery.storage.v1.AppendRowsRequest;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.StorageError;
import com.google.cloud.bigquery.storage.v1.StorageError.StorageErrorCode;
import com.google.common.primitives.Bytes;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.HandlerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Stands between this JVM's Storage Write clients and the emulator, and does to them what a network
 * and a busy service may do, as it is told:
 *
 * <pre>{@code
 * try (FaultyGrpcProxy proxy = FaultyGrpcProxy.before(stack)) {
 *   Fault fault = proxy.on("AppendRows").message(3).loseAnswer();
 *   …
 *   assertThat(fault.count()).isEqualTo(1);
 * }
 * }</pre>
 *
 * <p>Messages are those of clients, counted from 1 for each method, over all calls; a call that is
 * not a stream has one. Everything that no fault is meant for is forwarded byte for byte.
 */
public final class FaultyGrpcProxy implements AutoCloseable {

  private static final String SERVICE = "google.cloud.bigquery.storage.v1.BigQueryWrite/";

  private final ManagedChannel emulator;
  private final Server server;
  private final EventLoopGroup threads = new NioEventLoopGroup(2);
  private final @Nullable String redirect = System.getProperty(LocalStack.REDIRECT);

  /** By the address of the client. */
  private final Map<SocketAddress, Channel> connections = new ConcurrentHashMap<>();

  private final Map<String, Long> messages = new HashMap<>();
  private final List<Fault> faults = new ArrayList<>();

  private FaultyGrpcProxy(LocalStack stack) throws IOException {
    emulator =
        NettyChannelBuilder.forAddress("127.0.0.1", stack.grpcPort())
            .usePlaintext()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .build();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .bossEventLoopGroup(threads)
            .workerEventLoopGroup(threads)
            .channelFactory(() -> new Acceptor(connections))
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .fallbackHandlerRegistry(new Forwarding())
            .build()
            .start();
  }

  /** Starts a proxy and leads the clients of this JVM to it, but for those that are there. */
  public static FaultyGrpcProxy before(LocalStack stack) throws IOException {
    FaultyGrpcProxy proxy = new FaultyGrpcProxy(stack);
    System.setProperty(LocalStack.REDIRECT, stack.restAddress() + "=127.0.0.1:" + proxy.port());
    return proxy;
  }

  public int port() {
    return server.getPort();
  }

  /**
   * Says which method a fault is for.
   *
   * @param method of BigQueryWrite, such as {@code AppendRows}
   */
  public Where on(String method) {
    return new Where(SERVICE + method);
  }

  /** How many messages have come for a method. */
  public long messages(String method) {
    synchronized (faults) {
      return messages.getOrDefault(SERVICE + method, 0L);
    }
  }

  /** Leads the clients to where they went before. */
  @Override
  public void close() {
    if (redirect == null) {
      System.clearProperty(LocalStack.REDIRECT);
    } else {
      System.setProperty(LocalStack.REDIRECT, redirect);
    }
    server.shutdownNow();
    emulator.shutdownNow();
    try {
      server.awaitTermination(10, TimeUnit.SECONDS);
      emulator.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Future<?> unused = threads.shutdownGracefully(0, 10, TimeUnit.SECONDS);
  }

  /** The error of an append as the service answers it in the stream. */
  public static AppendRowsResponse appendError(Code code, StorageErrorCode reason) {
    StorageError detail =
        StorageError.newBuilder().setCode(reason).setErrorMessage("injected").build();
    return AppendRowsResponse.newBuilder()
        .setError(
            com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage("injected")
                .addDetails(Any.pack(detail)))
        .build();
  }

  /** For which messages a fault is. */
  public final class Where {
    private final String method;

    private Where(String method) {
      this.method = method;
    }

    public What message(long number) {
      return messages(n -> n == number);
    }

    public What everyMessage(long interval) {
      return messages(n -> n % interval == 0);
    }

    public What messages(LongPredicate numbers) {
      return new What(method, (number, message) -> numbers.test(number));
    }

    /** Messages that have these bytes somewhere. */
    public What holding(byte[] part) {
      return new What(method, (number, message) -> Bytes.indexOf(message, part) >= 0);
    }
  }

  /** Whether a fault is for a message. */
  private interface Choice {
    boolean test(long number, byte[] message);
  }

  /** What shall happen. */
  public final class What {
    private final String method;
    private final Choice messages;

    private What(String method, Choice messages) {
      this.method = method;
      this.messages = messages;
    }

    /** The message isn't forwarded, and its call ends with the status. */
    public Fault fail(Code status) {
      return add(false, call -> call.end(status.toStatus().withDescription("injected")));
    }

    /** The message isn't forwarded, and the connection is reset. */
    public Fault dropConnection() {
      return add(false, Call::reset);
    }

    /** The message, an append, isn't forwarded, and answered in the stream. */
    public Fault answer(AppendRowsResponse answer) {
      return add(false, call -> call.answer(answer.toByteArray()));
    }

    /** The emulator does what the message says, but its call then ends with UNAVAILABLE. */
    public Fault loseAnswer() {
      return add(true, call -> call.end(Status.UNAVAILABLE.withDescription("injected")));
    }

    /** The emulator does what the message says, but then the connection is reset. */
    public Fault loseAnswerAndConnection() {
      return add(true, Call::reset);
    }

    /** The emulator does what the message says, but then another answer is given. */
    public Fault replaceAnswer(AppendRowsResponse answer) {
      return add(true, call -> call.answer(answer.toByteArray()));
    }

    private Fault add(boolean forwarded, Consumer<Call> effect) {
      Fault fault = new Fault(method, messages, forwarded, effect);
      synchronized (faults) {
        faults.add(fault);
      }
      return fault;
    }
  }

  /** A fault, and how often it was. */
  public static final class Fault {
    private final String method;
    private final Choice messages;
    private final boolean forwarded;
    private final Consumer<Call> effect;
    private final AtomicInteger count = new AtomicInteger();

    private Fault(String method, Choice messages, boolean forwarded, Consumer<Call> effect) {
      this.method = method;
      this.messages = messages;
      this.forwarded = forwarded;
      this.effect = effect;
    }

    public int count() {
      return count.get();
    }

    private void happenTo(Call call) {
      count.incrementAndGet();
      effect.accept(call);
    }
  }

  /** The fault that is meant for the next message of a method. */
  private @Nullable Fault next(String method, byte[] message) {
    synchronized (faults) {
      long number = messages.merge(method, 1L, Long::sum);
      for (Fault fault : faults) {
        if (fault.method.equals(method) && fault.messages.test(number, message)) {
          return fault;
        }
      }
      return null;
    }
  }

  /** Takes every method for a stream of bytes in both directions, which on the wire it is. */
  private final class Forwarding extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<byte[], byte[]> lookupMethod(
        String name, @Nullable String authority) {
      MethodDescriptor<byte[], byte[]> method =
          MethodDescriptor.newBuilder(BYTES, BYTES)
              .setFullMethodName(name)
              .setType(MethodType.BIDI_STREAMING)
              .build();
      return ServerMethodDefinition.create(
          method,
          (client, headers) -> {
            Call call = new Call(client, emulator.newCall(method, CallOptions.DEFAULT));
            call.start(headers);
            return call.fromClient;
          });
    }
  }

  /**
   * A client's call, and ours to the emulator for it. The emulator gets a message when the one
   * before it was answered: so what it has done when a fault happens is certain.
   */
  private final class Call {
    private final ServerCall<byte[], byte[]> client;
    private final ClientCall<byte[], byte[]> emulator;
    private final FromClient fromClient = new FromClient();
    private @Nullable Fault inTheEmulator;
    private byte @Nullable [] withheld;
    private boolean isAnswered;
    private boolean hasEnded;

    Call(ServerCall<byte[], byte[]> client, ClientCall<byte[], byte[]> emulator) {
      this.client = client;
      this.emulator = emulator;
    }

    synchronized void start(Metadata headers) {
      emulator.start(new FromEmulator(), headers);
      client.request(1);
    }

    synchronized void answer(byte[] answer) {
      if (hasEnded) {
        return;
      }
      if (!isAnswered) {
        isAnswered = true;
        client.sendHeaders(new Metadata());
      }
      client.sendMessage(answer);
      client.request(1);
    }

    synchronized void end(Status status) {
      end(status, new Metadata());
    }

    synchronized void end(Status status, Metadata trailers) {
      if (!hasEnded) {
        hasEnded = true;
        client.close(status, trailers);
        emulator.cancel("the call of the client has ended", null);
      }
    }

    synchronized void reset() {
      Channel connection =
          connections.get(client.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
      hasEnded = true;
      emulator.cancel("the connection of the client was reset", null);
      connection.config().setOption(ChannelOption.SO_LINGER, 0);
      // Not through the pipeline, which would wait for all calls of the connection.
      connection
          .eventLoop()
          .execute(() -> connection.unsafe().close(connection.unsafe().voidPromise()));
    }

    /** Only the first append of a call names the stream and the schema. */
    private byte[] complete(byte[] message) {
      if (withheld == null) {
        return message;
      }
      try {
        AppendRowsRequest first = AppendRowsRequest.parseFrom(withheld);
        AppendRowsRequest.Builder next = AppendRowsRequest.parseFrom(message).toBuilder();
        if (next.getWriteStream().isEmpty()) {
          next.setWriteStream(first.getWriteStream());
        }
        if (first.getProtoRows().hasWriterSchema() && !next.getProtoRows().hasWriterSchema()) {
          next.getProtoRowsBuilder().setWriterSchema(first.getProtoRows().getWriterSchema());
        }
        withheld = null;
        return next.build().toByteArray();
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("not an append", e);
      }
    }

    private final class FromClient extends ServerCall.Listener<byte[]> {
      @Override
      public void onMessage(byte[] message) {
        Fault fault = next(client.getMethodDescriptor().getFullMethodName(), message);
        synchronized (Call.this) {
          if (fault != null && !fault.forwarded) {
            withheld = withheld == null ? message : withheld;
            fault.happenTo(Call.this);
          } else {
            inTheEmulator = fault;
            emulator.sendMessage(complete(message));
            emulator.request(1);
          }
        }
      }

      @Override
      public void onHalfClose() {
        synchronized (Call.this) {
          if (!hasEnded) {
            emulator.halfClose();
          }
        }
      }

      @Override
      public void onCancel() {
        synchronized (Call.this) {
          hasEnded = true;
          emulator.cancel("the client has cancelled its call", null);
        }
      }
    }

    private final class FromEmulator extends ClientCall.Listener<byte[]> {
      @Override
      public void onMessage(byte[] message) {
        synchronized (Call.this) {
          Fault fault = inTheEmulator;
          inTheEmulator = null;
          if (fault == null) {
            answer(message);
          } else {
            fault.happenTo(Call.this);
          }
        }
      }

      /** A status can be the answer, too. */
      @Override
      public void onClose(Status status, Metadata trailers) {
        synchronized (Call.this) {
          if (inTheEmulator != null && !hasEnded) {
            inTheEmulator.happenTo(Call.this);
          }
          end(status, trailers);
        }
      }
    }
  }

  /** Remembers the connections, which gRPC doesn't give away. */
  private static final class Acceptor extends NioServerSocketChannel {
    private final Map<SocketAddress, Channel> connections;

    Acceptor(Map<SocketAddress, Channel> connections) {
      this.connections = connections;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
      int count = super.doReadMessages(accepted);
      for (Object connection : accepted) {
        Channel channel = (Channel) connection;
        connections.put(channel.remoteAddress(), channel);
      }
      return count;
    }
  }

  private static final Marshaller<byte[]> BYTES =
      new Marshaller<>() {
        @Override
        public InputStream stream(byte[] message) {
          return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };
}
