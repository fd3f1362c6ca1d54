package io.xmltobigquery.files;

/**
 * The name of an object of Cloud Storage, {@code gs://bucket/object}, in its two parts.
 *
 * @param object any characters may be in it; empty if the name is that of a bucket
 */
public record ObjectName(String bucket, String object) {

  static final String SCHEME = "gs://";

  /** Whether a name is on Cloud Storage. */
  public static boolean is(String uri) {
    return uri.startsWith(SCHEME);
  }

  /** Takes a name apart for which {@link #is} holds. */
  public static ObjectName of(String uri) {
    String[] parts = uri.substring(SCHEME.length()).split("/", 2);
    return new ObjectName(parts[0], parts.length < 2 ? "" : parts[1]);
  }

  @Override
  public String toString() {
    return SCHEME + bucket + "/" + object;
  }
}
