package io.xmltobigquery.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.MessageFormatter;

/**
 * What a running job tells its operator, one line for each message. The names of files and what is
 * in them come from strangers: with a line break in it, a name could end our line and begin one
 * that looks like ours, and a terminal would obey control characters.
 */
public final class JobLog {

  private final Logger log;

  private JobLog(Logger log) {
    this.log = log;
  }

  /** The log of one step. */
  public static JobLog of(Class<?> step) {
    return new JobLog(LoggerFactory.getLogger(step));
  }

  /**
   * Logs what somebody should look at.
   *
   * @param message with {@code {}} for each argument
   */
  public void warn(String message, Object... arguments) {
    log.warn(oneLine(MessageFormatter.arrayFormat(message, arguments).getMessage()));
  }

  /**
   * With control characters, line ends and what turns the direction of text as in a Java string.
   */
  public static String oneLine(String message) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      switch (Character.getType(c)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR ->
            line.append(String.format("\\u%04X", (int) c));
        default -> line.append(c);
      }
    }
    return line.toString();
  }
}
