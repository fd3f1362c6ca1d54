package io.xmltobigquery.files;

import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files that the job writes itself. They are never input, also where they appear among the
 * input: a dead letter that is loaded again would come back for ever.
 *
 * @param directories whose files are all the job's own, with a slash at the end
 * @param files single ones
 * @param tempDirectory where rows are held, with a slash at the end
 * @param outputDirectory where JSON Lines go, with a slash at the end; empty if they don't
 */
public record OwnFiles(
    List<String> directories, List<String> files, String tempDirectory, String outputDirectory)
    implements Serializable {

  /** How the names of files with held rows end. */
  public static final String HELD = ".held";

  /** A file beside JSON Lines whose own files may be gone. */
  public static final String ONLY_COPY = "only-copy.txt";

  /** How the names of files with rows end. */
  public static final String LINES = ".jsonl";

  /** How the names of files with schemas end. */
  public static final String SCHEMA = ".schema.json";

  /** What a local file is called that isn't written to its end. */
  private static final Pattern PART =
      Pattern.compile("/\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.part$");

  public OwnFiles {
    directories = List.copyOf(directories);
    files = List.copyOf(files);
  }

  /** Whether a file is the job's own, by its full name. */
  public boolean contains(String uri) {
    return directories.stream().anyMatch(uri::startsWith)
        || PART.matcher(uri).find()
        || files.contains(uri)
        || (uri.startsWith(tempDirectory) && uri.endsWith(HELD))
        || (!outputDirectory.isEmpty()
            && uri.startsWith(outputDirectory)
            && Stream.of(LINES, SCHEMA, "/" + ONLY_COPY).anyMatch(uri::endsWith));
  }
}
