package io.xmltobigquery.rows;

import io.xmltobigquery.mapping.NameTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
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

  /** What is said of a local name in one namespace; null stands for those that no test has. */
  private record Entry<T>(@Nullable String namespace, T value, @Nullable Entry<T> next) {}

  private final Map<String, Entry<T>> byLocal = new HashMap<>();

  /** Of local names that no test has. */
  private @Nullable Entry<T> ofOthers;

  private NameMap() {}

  /**
   * Works out a map.
   *
   * @param tests with what each says
   * @param merge makes one thing of all that is said of a name, in the order of the tests
   */
  static <V, T> NameMap<T> of(List<Map.Entry<NameTest, V>> tests, Function<List<V>, T> merge) {
    NameMap<T> map = new NameMap<>();
    Set<String> namespaces = new LinkedHashSet<>();
    Map<String, List<Map.Entry<NameTest, V>>> testsByLocal = new HashMap<>();
    boolean anyLocal = false;
    for (Map.Entry<NameTest, V> test : tests) {
      if (test.getKey().namespaces() != null) {
        namespaces.addAll(test.getKey().namespaces());
      }
      if (test.getKey().local() == null) {
        anyLocal = true;
      } else {
        testsByLocal.computeIfAbsent(test.getKey().local(), local -> new ArrayList<>()).add(test);
      }
    }
    for (String local : testsByLocal.keySet()) {
      List<Map.Entry<NameTest, V>> its =
          anyLocal
              ? tests.stream()
                  .filter(t -> t.getKey().local() == null || local.equals(t.getKey().local()))
                  .toList()
              : testsByLocal.get(local);
      Entry<T> entry = entry(its, namespaces, merge);
      if (entry != null) {
        map.byLocal.put(local, entry);
      }
    }
    map.ofOthers =
        entry(
            tests.stream().filter(test -> test.getKey().local() == null).toList(),
            namespaces,
            merge);
    return map;
  }

  private static <V, T> @Nullable Entry<T> entry(
      List<Map.Entry<NameTest, V>> tests, Set<String> namespaces, Function<List<V>, T> merge) {
    Entry<T> entry = null;
    List<V> ofOthers =
        tests.stream()
            .filter(test -> test.getKey().namespaces() == null)
            .map(Map.Entry::getValue)
            .toList();
    if (!ofOthers.isEmpty()) {
      entry = new Entry<>(null, merge.apply(ofOthers), null);
    }
    for (String namespace : namespaces) {
      List<V> said = new ArrayList<>();
      for (Map.Entry<NameTest, V> test : tests) {
        List<String> its = test.getKey().namespaces();
        if (its == null || its.contains(namespace)) {
          said.add(test.getValue());
        }
      }
      if (said.size() > ofOthers.size()) {
        entry = new Entry<>(namespace, merge.apply(said), entry);
      }
    }
    return entry;
  }

  /**
   * What is said of a name, or null.
   *
   * @param namespace the namespace URI, empty for none
   */
  @Nullable T get(String namespace, String local) {
    Entry<T> entry = byLocal.get(local);
    if (entry == null) {
      entry = ofOthers;
    }
    while (entry != null && entry.namespace != null && !entry.namespace.equals(namespace)) {
      entry = entry.next;
    }
    return entry == null ? null : entry.value;
  }

  List<T> values() {
    List<T> values = new ArrayList<>();
    byLocal.values().forEach(entry -> addTo(values, entry));
    addTo(values, ofOthers);
    return values;
  }

  private static <T> void addTo(List<T> values, @Nullable Entry<T> first) {
    for (Entry<T> entry = first; entry != null; entry = entry.next) {
      values.add(entry.value);
    }
  }

  /** The local names that tests have, for messages. */
  List<String> locals() {
    return byLocal.keySet().stream().sorted().toList();
  }

  /** The namespaces in which a local name is known, for messages. */
  List<String> namespaces(String local) {
    List<String> namespaces = new ArrayList<>();
    for (Entry<T> entry = byLocal.get(local); entry != null; entry = entry.next) {
      if (entry.namespace != null) {
        namespaces.add(entry.namespace);
      }
    }
    return namespaces.stream().sorted().toList();
  }
}
