package io.xmltobigquery.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A namespace that is used.
 *
 * @param uri empty for none
 * @param prefix for paths, unlike that of any other namespace; empty for no namespace
 * @param elements how many are in it
 * @param attributes how many are in it
 */
public record NamespaceProfile(String uri, String prefix, long elements, long attributes) {

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /**
   * Namespaces that differ in numbers only, and so most likely are versions of one.
   *
   * @param pattern what they have in common, with {@code *} for the numbers in which they differ
   * @param uris two or more
   */
  public record Versions(String pattern, List<String> uris) {

    public Versions {
      uris = List.copyOf(uris);
    }
  }

  /** Which of some namespaces are versions of one another. */
  public static List<Versions> versions(List<NamespaceProfile> namespaces) {
    Map<String, List<String>> alike = new LinkedHashMap<>();
    for (NamespaceProfile namespace : namespaces) {
      String uri = namespace.uri();
      alike
          .computeIfAbsent(NUMBER.matcher(uri).replaceAll("*"), pattern -> new ArrayList<>())
          .add(uri);
    }
    return alike.values().stream()
        .filter(uris -> uris.size() > 1)
        .map(uris -> new Versions(pattern(uris), uris))
        .toList();
  }

  /** The first one, in which numbers are left out that aren't the same in all. */
  private static String pattern(List<String> uris) {
    List<List<String>> numbers = uris.stream().map(NamespaceProfile::numbers).toList();
    Matcher matcher = NUMBER.matcher(uris.get(0));
    StringBuilder pattern = new StringBuilder();
    int number = 0;
    while (matcher.find()) {
      int place = number++;
      boolean same = numbers.stream().map(list -> list.get(place)).distinct().count() == 1;
      matcher.appendReplacement(pattern, same ? matcher.group() : "*");
    }
    return matcher.appendTail(pattern).toString();
  }

  private static List<String> numbers(String uri) {
    return NUMBER.matcher(uri).results().map(found -> found.group()).toList();
  }
}
