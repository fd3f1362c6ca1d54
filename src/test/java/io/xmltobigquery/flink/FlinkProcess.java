package io.xmltobigquery.flink;

import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/**
 * The main of a cluster's processes: {@code jobmanager} or {@code taskmanager}, then Flink's own
 * arguments. It ends when its standard input does, so also when the process that started it was
 * killed.
 */
final class FlinkProcess {

  private FlinkProcess() {}

  public static void main(String[] args) throws Exception {
    Thread watch = new Thread(FlinkProcess::endWithStandardInput, "end with the parent");
    watch.setDaemon(true);
    watch.start();
    String[] rest = Arrays.copyOfRange(args, 1, args.length);
    switch (args[0]) {
      case "jobmanager" -> StandaloneSessionClusterEntrypoint.main(rest);
      case "taskmanager" -> TaskManagerRunner.main(rest);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void endWithStandardInput() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException e) {
      // Nobody is at the other end any more.
    }
    Runtime.getRuntime().halt(1);
  }
}
