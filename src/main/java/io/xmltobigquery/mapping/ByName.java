package io.xmltobigquery.mapping;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a mapping says of each name that may stand in one place: found by hash, since there may be
 * 10,000 names, which are looked up in every record.
 */
public final class ByName<T> {

  private record Entry<T>(String namespace, T value, @Nullable Entry<T> next) {}

  private static final ByName<?> NOTHING = new ByName<>(Map.of());

  private final Map<String, Entry<T>> entries = new HashMap<>();

  private ByName(Map<XmlName, T> values) {
    values.forEach(
        (name, value) ->
            entries.compute(
                name.local(), (local, others) -> new Entry<>(name.namespace(), value, others)));
  }

  @SuppressWarnings("unchecked") // It has no values of any type.
  public static <T> ByName<T> of(Map<XmlName, T> values) {
    return values.isEmpty() ? (ByName<T>) NOTHING : new ByName<>(values);
  }

  /**
   * What is said of a name, or null.
   *
   * @param namespace the namespace URI, empty for none
   */
  public @Nullable T get(String namespace, String local) {
    Entry<T> entry = entries.get(local);
    while (entry != null && !entry.namespace.equals(namespace)) {
      entry = entry.next;
    }
    return entry == null ? null : entry.value;
  }
}
