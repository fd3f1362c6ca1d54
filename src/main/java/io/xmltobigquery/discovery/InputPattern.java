package io.xmltobigquery.discovery;

import java.io.Serializable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.FileSystemUtils;

/** Which objects of Cloud Storage match a file pattern, by their names alone. */
public final class InputPattern implements Serializable {

  private static final long serialVersionUID = 1L;

  private final String text;
  private final Pattern expression;

  /**
   * The objects that {@link FileIO} finds when it lists the pattern. Only here {@code **} matches
   * line breaks as well.
   *
   * @param text a pattern, or the name of one object
   * @throws PatternSyntaxException if it is neither
   */
  public InputPattern(String text) {
    this.text = text;
    this.expression = Pattern.compile(FileSystemUtils.wildcardToRegexp(text), Pattern.DOTALL);
  }

  boolean matches(String uri) {
    return uri.equals(text) || expression.matcher(uri).matches();
  }

  /** The pattern as it was given. */
  String text() {
    return text;
  }
}
