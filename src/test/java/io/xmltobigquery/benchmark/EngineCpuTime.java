package io.xmltobigquery.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * The methods of {@link EngineBenchmark}, {@link PathsBenchmark} and {@link WideRowsBenchmark} in
 * turn, by the processor time of their thread: for a machine that others use too, where what one
 * method takes by the clock says little of the next.
 */
final class EngineCpuTime {

  private static final int WARM_UP_ROUNDS = 5;
  private static final int ROUNDS = 11;

  private EngineCpuTime() {}

  public static void main(String[] args) throws Exception {
    Set<String> wanted = args.length == 0 ? Set.of("narrow", "paths", "wide") : Set.of(args);
    if (wanted.contains("narrow")) {
      narrowRows();
    }
    if (wanted.contains("paths")) {
      paths();
    }
    if (wanted.contains("wide")) {
      wideRows();
    }
  }

  private static void narrowRows() throws Exception {
    EngineBenchmark engine = new EngineBenchmark();
    engine.generate();
    Map<String, Callable<?>> methods = new LinkedHashMap<>();
    methods.put("woodstoxAlone", engine::woodstoxAlone);
    methods.put("read", engine::read);
    methods.put("profile", engine::profile);
    methods.put("holdJsonLines", engine::holdJsonLines);
    methods.put("holdStorageWrite", engine::holdStorageWrite);
    methods.put("encodeToStorageWriteWithLineage", engine::encodeToStorageWriteWithLineage);
    methods.put("encodeToBeamRow", engine::encodeToBeamRow);
    methods.put("encodeToTableRow", engine::encodeToTableRow);

    Map<String, List<Long>> nanos = measure(methods);
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

  private static void paths() throws Exception {
    Map<String, Callable<?>> methods = new LinkedHashMap<>();
    for (String mapping : List.of("flat", "paths")) {
      PathsBenchmark document = new PathsBenchmark();
      document.mapping = mapping;
      document.generate();
      methods.put("woodstoxAlone, " + mapping, document::woodstoxAlone);
      methods.put("read, " + mapping, document::read);
      methods.put("holdJsonLines, " + mapping, document::holdJsonLines);
      methods.put("holdStorageWrite, " + mapping, document::holdStorageWrite);
    }

    Map<String, List<Long>> nanos = measure(methods);
    nanos.forEach(
        (method, all) ->
            System.out.printf(
                "%-31s %5.0f ms (%.0f to %.0f), %4.2f of the speed of flat%n",
                method,
                median(all) / 1e6,
                Collections.min(all) / 1e6,
                Collections.max(all) / 1e6,
                median(nanos.get(method.replaceFirst(", .*", ", flat"))) / median(all)));
  }

  private static void wideRows() throws Exception {
    Map<String, Callable<?>> methods = new LinkedHashMap<>();
    Map<String, String> narrowest = new LinkedHashMap<>();
    for (int every : new int[] {1, 100}) {
      for (int columns : new int[] {100, 1_000, 5_000}) {
        WideRowsBenchmark wide = new WideRowsBenchmark();
        wide.columns = columns;
        wide.every = every;
        wide.generate();
        Map<String, Callable<?>> passes = new LinkedHashMap<>();
        passes.put("woodstoxAlone", wide::woodstoxAlone);
        passes.put("read", wide::read);
        passes.put("holdJsonLines", wide::holdJsonLines);
        passes.put("holdStorageWrite", wide::holdStorageWrite);
        passes.forEach(
            (pass, method) -> {
              String form = "%s, %,d columns, a value in %s";
              String values = every == 1 ? "each" : "one of " + every;
              String name = form.formatted(pass, columns, values);
              methods.put(name, method);
              narrowest.put(name, form.formatted(pass, 100, values));
            });
      }
    }

    Map<String, List<Long>> nanos = measure(methods);
    nanos.forEach(
        (method, all) ->
            System.out.printf(
                "%-62s %5.1f MB/s, %4.2f of the speed of 100 columns%n",
                method,
                WideRowsBenchmark.BYTES * 1e3 / median(all),
                median(nanos.get(narrowest.get(method))) / median(all)));
  }

  /** The processor time of each call, in nanoseconds, by the method's name. */
  private static Map<String, List<Long>> measure(Map<String, Callable<?>> methods)
      throws Exception {
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
    return nanos;
  }

  private static double median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
