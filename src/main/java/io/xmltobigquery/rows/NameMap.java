package io.xmltobigquery.rows;

import io.xmltobigquery.mapping.NameTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is said of each name by tests that may take several names: worked out for every name that a
 * test has, so that a look-up is one of a hash.
 */
final class NameMap<T> {

  private static final String OTHER = "\0";

  /** By local name, and for those that no test has; in each by namespace, and for the others. */
  private final Map<String, Map<String, T>> byLocal = new HashMap<>();

  private final boolean empty;

  private NameMap(boolean empty) {
    this.empty = empty;
  }

  /**
   * Works out a map.
   *
   * @param tests with what each says
   * @param merge makes one thing of all that is said of a name, in the order of the tests
   */
  static <V, T> NameMap<T> of(List<Map.Entry<NameTest, V>> tests, Function<List<V>, T> merge) {
    NameMap<T> map = new NameMap<>(tests.isEmpty());
    if (map.empty) {
      return map;
    }
    Set<String> locals = new HashSet<>(Set.of(OTHER));
    Set<String> namespaces = new HashSet<>(Set.of(OTHER));
    for (Map.Entry<NameTest, V> test : tests) {
      if (test.getKey().local() != null) {
        locals.add(test.getKey().local());
      }
      if (test.getKey().namespaces() != null) {
        namespaces.addAll(test.getKey().namespaces());
      }
    }
    Map<String, List<Map.Entry<NameTest, V>>> testsByLocal = new HashMap<>();
    for (Map.Entry<NameTest, V> test : tests) {
      String local = test.getKey().local();
      if (local != null) {
        testsByLocal.computeIfAbsent(local, unused -> new ArrayList<>()).add(test);
      }
    }
    List<Map.Entry<NameTest, V>> ofAll =
        tests.stream().filter(test -> test.getKey().local() == null).toList();
    for (String local : locals) {
      List<Map.Entry<NameTest, V>> candidates =
          ofAll.isEmpty()
              ? testsByLocal.getOrDefault(local, List.of())
              : tests.stream()
                  .filter(t -> t.getKey().local() == null || local.equals(t.getKey().local()))
                  .toList();
      for (String namespace : namespaces) {
        List<V> said = new ArrayList<>();
        for (Map.Entry<NameTest, V> test : candidates) {
          List<String> its = test.getKey().namespaces();
          if (its == null || its.contains(namespace)) {
            said.add(test.getValue());
          }
        }
        if (!said.isEmpty()) {
          map.byLocal
              .computeIfAbsent(local, l -> new HashMap<>())
              .put(namespace, merge.apply(said));
        }
      }
    }
    return map;
  }

  /**
   * What is said of a name, or null.
   *
   * @param namespace the namespace URI, empty for none
   */
  @Nullable T get(String namespace, String local) {
    if (empty) {
      return null;
    }
    Map<String, T> byNamespace = byLocal.get(local);
    if (byNamespace == null) {
      byNamespace = byLocal.get(OTHER);
      if (byNamespace == null) {
        return null;
      }
    }
    T said = byNamespace.get(namespace);
    return said == null ? byNamespace.get(OTHER) : said;
  }

  Iterable<T> values() {
    return byLocal.values().stream().flatMap(m -> m.values().stream()).toList();
  }

  /** The local names that tests have, for messages. */
  List<String> locals() {
    return byLocal.keySet().stream().filter(local -> !local.equals(OTHER)).sorted().toList();
  }

  /** The namespaces in which a local name is known, for messages. */
  List<String> namespaces(String local) {
    return byLocal.getOrDefault(local, Map.of()).keySet().stream()
        .filter(namespace -> !namespace.equals(OTHER))
        .sorted()
        .toList();
  }
}
