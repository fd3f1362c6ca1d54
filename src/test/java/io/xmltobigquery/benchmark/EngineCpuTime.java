package io.xmltobigquery.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * The methods of {@link EngineBenchmark} in turn, by the processor time of their thread: for a
 * machine that others use too, where what one method takes by the clock says little of the next.
 */
final class EngineCpuTime {

  private static final int WARM_UP_ROUNDS = 5;
  private static final int ROUNDS = 11;

  private EngineCpuTime() {}

  public static void main(String[] args) throws Exception {
    EngineBenchmark engine = new EngineBenchmark();
    engine.generate();
    Map<String, Callable<?>> methods = new LinkedHashMap<>();
    methods.put("woodstoxAlone", engine::woodstoxAlone);
    methods.put("inspect", engine::inspect);
    methods.put("parseToJsonLines", engine::parseToJsonLines);
    methods.put("parseToStorageWrite", engine::parseToStorageWrite);
    methods.put("parseToStorageWriteWithLineage", engine::parseToStorageWriteWithLineage);
    methods.put("parseToBeamRow", engine::parseToBeamRow);
    methods.put("parseToTableRow", engine::parseToTableRow);

    Map<String, List<Long>> nanos = new LinkedHashMap<>();
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      for (Map.Entry<String, Callable<?>> method : methods.entrySet()) {
        long start = thread.getCurrentThreadCpuTime();
        method.getValue().call();
        long took = thread.getCurrentThreadCpuTime() - start;
        if (round >= 0) {
          nanos.computeIfAbsent(method.getKey(), name -> new ArrayList<>()).add(took);
        }
      }
    }

    double woodstox = median(nanos.get("woodstoxAlone"));
    nanos.forEach(
        (method, all) ->
            System.out.printf(
                "%-31s %5.0f ms (%.0f to %.0f) %4.0f %% of the speed of Woodstox alone%n",
                method,
                median(all) / 1e6,
                Collections.min(all) / 1e6,
                Collections.max(all) / 1e6,
                100 * woodstox / median(all)));
  }

  private static double median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
