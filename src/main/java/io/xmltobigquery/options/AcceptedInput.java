package io.xmltobigquery.options;

import java.util.Optional;

/**
 * What happens to a file once its rows are safe: the values of {@code --acceptedInput}. One of them
 * has a directory in it, so it is no enum.
 */
public final class AcceptedInput {

  private static final String KEEP = "keep";
  private static final String DELETE = "delete";
  private static final String MOVE = "move:";

  private AcceptedInput() {}

  public static boolean isKept(XmlToBigQueryOptions options) {
    return options.getAcceptedInput().equals(KEEP);
  }

  public static boolean isDeleted(XmlToBigQueryOptions options) {
    return options.getAcceptedInput().equals(DELETE);
  }

  /** The directory that {@code move:DIR} names, as the user writes it. */
  public static Optional<String> moveTarget(XmlToBigQueryOptions options) {
    String value = options.getAcceptedInput();
    return value.startsWith(MOVE) ? Optional.of(value.substring(MOVE.length())) : Optional.empty();
  }
}
