package io.xmltobigquery.rows;

import io.xmltobigquery.mapping.ClosestName;
import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.mapping.NameTest;
import io.xmltobigquery.mapping.Namespaces;
import io.xmltobigquery.mapping.Path;
import io.xmltobigquery.mapping.TableMapping;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a mapping looks, as paths from the root that can be told, and compared with a file's. */
final class MappedPaths {

  private static final Pattern NAMESPACES = Pattern.compile("Q\\{[^}]*}|(?<=[/@])[^/@:]+:");

  private MappedPaths() {}

  /** The paths of a table's records, each as its steps. */
  static List<List<String>> records(TableMapping table) {
    return table.records().stream().map(path -> steps(List.of(), path, table.names())).toList();
  }

  /**
   * The paths of a column's source, each as its steps.
   *
   * @param from the paths of the rows or RECORDs that hold the column
   */
  static List<List<String>> sources(List<List<String>> from, Field field, Namespaces names) {
    List<List<String>> paths = new ArrayList<>();
    for (List<String> start : from) {
      field.source().expressions().stream()
          .flatMap(expression -> expression.nodes())
          .flatMap(nodes -> nodes.paths().stream())
          .forEach(path -> paths.add(steps(start, path, names)));
    }
    return paths;
  }

  private static List<String> steps(List<String> start, Path path, Namespaces names) {
    List<String> steps = new ArrayList<>(start(start, path.anchor()));
    for (Path.Step step : path.steps()) {
      steps.add((step.anyDepth() ? "//" : "/") + name(step.name(), names));
    }
    String slashes = path.anyDepth() ? "//" : "/";
    if (path.attribute() != null) {
      NameTest test = path.attribute();
      String local = test.local() == null ? "*" : test.local();
      List<String> uris = test.namespaces();
      steps.add(slashes + "@" + (uris == null ? local : names.attributeName(uris.get(0), local)));
    } else if (path.take() == Path.Take.TEXT_NODES) {
      steps.add(slashes + "text()");
    }
    return steps;
  }

  private static List<String> start(List<String> start, Path.Anchor anchor) {
    return switch (anchor.from()) {
      case SELF -> start;
      case PARENT -> start.subList(0, Math.max(0, start.size() - anchor.up()));
      case ANCESTOR -> {
        NameTest name = anchor.name();
        String local = name == null || name.local() == null ? "" : name.local();
        int end = start.size() - 1;
        while (end > 0 && !bare(start.get(end - 1)).endsWith("/" + local)) {
          end--;
        }
        yield start.subList(0, Math.max(0, end));
      }
      case ROOT -> List.of();
    };
  }

  private static String name(NameTest test, Namespaces names) {
    String local = test.local() == null ? "*" : test.local();
    List<String> uris = test.namespaces();
    return uris == null ? local : names.name(uris.get(0), local);
  }

  /** Without namespaces and prefixes. */
  private static String bare(String path) {
    return path.indexOf(':') < 0 && path.indexOf('}') < 0
        ? path
        : NAMESPACES.matcher(path).replaceAll("");
  }

  /**
   * The path that another one was probably meant to be: it differs by a typing error, by case, by
   * namespaces, or by where an element of the same name stands. A path that is longer may begin
   * with what was meant.
   *
   * @return null if there is none
   */
  static @Nullable String nearest(String path, Collection<String> others) {
    String bare = bare(path);
    String nearest = null;
    int fewest = ClosestName.MOST_EDITS + 2;
    for (String other : others) {
      int edits = edits(bare, bare(other));
      if (edits < fewest) {
        fewest = edits;
        nearest = other;
      }
    }
    return nearest;
  }

  private static int edits(String one, String other) {
    int steps = Math.min(steps(one), steps(other));
    String a = prefix(one, steps);
    String b = prefix(other, steps);
    int edits = ClosestName.edits(a, b);
    // Of two names of two letters, all are alike in this way.
    int most = Math.min(ClosestName.MOST_EDITS, Math.min(last(a).length(), last(b).length()) / 3);
    if (edits <= most) {
      return edits;
    }
    return last(one).equals(last(other)) ? ClosestName.MOST_EDITS + 1 : Integer.MAX_VALUE;
  }

  private static int steps(String path) {
    return (int) path.chars().filter(c -> c == '/').count();
  }

  private static String prefix(String path, int steps) {
    int end = -1;
    for (int i = 0; i <= steps; i++) {
      end = path.indexOf('/', end + 1);
      if (end < 0) {
        return path;
      }
    }
    return path.substring(0, end);
  }

  /** The last name, in one case. */
  private static String last(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return name.startsWith("@") ? name.substring(1) : name;
  }
}
