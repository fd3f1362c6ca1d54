package io.xmltobigquery.options;

import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.FileSystemUtils;
import org.jspecify.annotations.Nullable;

/** Which objects of Cloud Storage match a file pattern, by their names alone. */
public final class InputPattern implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final Pattern OBJECTS =
      Pattern.compile("gs://[a-z0-9][-_a-z0-9.]+[a-z0-9]/.+", Pattern.DOTALL);
  private static final Pattern BUCKET = Pattern.compile("gs://[^/]*/?");

  /** Beam's own test of a pattern, for which no match is fine, leaves out {@code [ab]}. */
  private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

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

  /** Whether this is a pattern, which may match nothing, or else names one file. */
  public static boolean isPattern(String text) {
    return WILDCARD.matcher(text).find();
  }

  /** The part of a pattern that stands for itself. */
  public static String beforeWildcard(String text) {
    Matcher wildcard = WILDCARD.matcher(text);
    return wildcard.find() ? text.substring(0, wildcard.start()) : text;
  }

  /** Whether this is a bucket alone. */
  public static boolean isBucket(String text) {
    return BUCKET.matcher(text).matches();
  }

  /** What is wrong with a pattern of objects, beginning with the pattern; null if it is right. */
  public static @Nullable String problem(String text) {
    if (isBucket(text)) {
      return text
          + " is a bucket; name its objects, such as '"
          + text.replaceFirst("/$", "")
          + "/**.xml'";
    }
    if (!OBJECTS.matcher(text).matches()) {
      return text
          + " matches no object of Cloud Storage; give a pattern such as 'gs://bucket/data/**.xml'";
    }
    try {
      var unused = new InputPattern(text);
      return null;
    } catch (PatternSyntaxException e) {
      return text + " isn't a pattern: " + e.getDescription();
    }
  }

  public boolean matches(String uri) {
    return uri.equals(text) || expression.matcher(uri).matches();
  }
}
