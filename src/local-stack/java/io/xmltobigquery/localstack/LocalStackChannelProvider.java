package io.xmltobigquery.localstack;

import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ManagedChannelProvider;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelProvider;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leads BigQuery's Storage Write client to the local stack's emulator.
 *
 * <p>{@code --bigQueryEndpoint} sends gRPC to where REST is, and with TLS; BigQueryIO has no option
 * to part them. For exactly one target this provider opens a plaintext channel to another address.
 * All others it leaves to Netty's provider.
 *
 * <p>gRPC finds it by {@code META-INF/services}: it is enough to put its jar on the class path. It
 * belongs to the local stack and must never be in the production jar.
 */
public final class LocalStackChannelProvider extends ManagedChannelProvider {

  /** {@code HOST:PORT=HOST:PORT}: where the client believes gRPC to be, and where it is. */
  private static final String VARIABLE = "LOCAL_STACK_REDIRECT";

  /** The same, for a test that runs the pipeline in its own process. It wins. */
  private static final String PROPERTY = "local-stack.redirect";

  /** Higher than those of gRPC's own providers. */
  private static final int PRIORITY = 10;

  private final NettyChannelProvider netty = new NettyChannelProvider();

  @Override
  protected boolean isAvailable() {
    return redirect() != null;
  }

  @Override
  protected int priority() {
    return PRIORITY;
  }

  @Override
  protected ManagedChannelBuilder<?> builderForAddress(String name, int port) {
    return builderForTarget(name + ":" + port);
  }

  @Override
  protected ManagedChannelBuilder<?> builderForTarget(String target) {
    String redirect = redirect();
    if (redirect != null && redirect.startsWith(target + "=")) {
      return netty.builderForTarget(redirect.substring(target.length() + 1)).usePlaintext();
    }
    return netty.builderForTarget(target);
  }

  @Override
  protected NewChannelBuilderResult newChannelBuilder(
      String target, ChannelCredentials credentials) {
    return netty.newChannelBuilder(target, credentials);
  }

  @Override
  protected Collection<Class<? extends SocketAddress>> getSupportedSocketAddressTypes() {
    return List.of(InetSocketAddress.class);
  }

  private static @Nullable String redirect() {
    return System.getProperty(PROPERTY, System.getenv(VARIABLE));
  }
}
