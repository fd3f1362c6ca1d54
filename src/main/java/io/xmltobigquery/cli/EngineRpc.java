package io.xmltobigquery.cli;

import java.util.ServiceLoader;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.runtime.rpc.RpcSystemLoader;

/**
 * Takes the embedded engine's RPC from the class path. Flink's own loader unpacks it at each start
 * into a file of 22 MB, and its thousand classes from there can't come from the archive of classes:
 * they are parsed and checked each time.
 */
public final class EngineRpc implements RpcSystemLoader {

  @Override
  public int getLoadPriority() {
    return 0; // There is no other one.
  }

  @Override
  public RpcSystem loadRpcSystem(Configuration configuration) {
    return ServiceLoader.load(RpcSystem.class).findFirst().orElseThrow();
  }
}
