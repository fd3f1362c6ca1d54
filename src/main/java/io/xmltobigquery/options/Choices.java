package io.xmltobigquery.options;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Options that have one of a few values: enums, whose constants say how the command line has them.
 */
public final class Choices {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Choices() {}

  /** A constant as the command line has it. */
  public static String text(Object constant) {
    return JSON.convertValue(constant, String.class);
  }

  /**
   * What to say of an argument whose value is none of those that its option has.
   *
   * @param argument such as {@code --name=value}
   * @param e what Beam has thrown when it read the arguments
   * @return nothing if the argument isn't why, or something else is wrong
   */
  public static Optional<String> problem(String argument, IllegalArgumentException e) {
    if (!(e.getCause() instanceof InvalidFormatException wrong)
        || !wrong.getTargetType().isEnum()
        || !argument.endsWith("=" + wrong.getValue())) {
      return Optional.empty();
    }
    List<String> texts =
        Arrays.stream(wrong.getTargetType().getEnumConstants()).map(Choices::text).toList();
    int last = texts.size() - 1;
    String choices = String.join(", ", texts.subList(0, last)) + " or " + texts.get(last);
    return Optional.of(
        argument.split("=", 2)[0]
            + ": "
            + wrong.getValue()
            + " is not a valid value; use "
            + choices);
  }
}
