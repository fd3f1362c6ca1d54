package io.xmltobigquery.flink;

import java.util.concurrent.Callable;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.test.util.TestEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * One embedded Flink for all batch jobs of a process, which ends with it: half of the time of a
 * small job is the start of a cluster of its own.
 */
public final class SharedFlink {

  /** For {@code --flinkMaster}. */
  public static final String MASTER = "[auto]";

  private static final int SLOTS = 4;

  private static @Nullable MiniCluster cluster;

  private SharedFlink() {}

  /** Does something, in which jobs with {@link #MASTER} run on the shared cluster. */
  public static <T> T during(Callable<T> action) throws Exception {
    TestEnvironment.setAsContext(cluster(), SLOTS);
    try {
      return action.call();
    } finally {
      // Flink allows no other clusters meanwhile.
      TestEnvironment.unsetAsContext();
    }
  }

  private static synchronized MiniCluster cluster() throws Exception {
    if (cluster == null) {
      cluster =
          new MiniCluster(
              new MiniClusterConfiguration.Builder()
                  .setNumTaskManagers(1)
                  .setNumSlotsPerTaskManager(SLOTS)
                  .withRandomPorts()
                  .build());
      cluster.start();
    }
    return cluster;
  }
}
