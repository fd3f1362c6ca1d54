package io.xmltobigquery.explore;

import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.ObjectListing;
import io.xmltobigquery.files.ObjectName;
import io.xmltobigquery.options.FileNames;
import io.xmltobigquery.options.InputPattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.PatternSyntaxException;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.jspecify.annotations.Nullable;

/**
 * The files that names and patterns stand for, as {@code --input} of a load takes them. A file that
 * several of them stand for comes once.
 *
 * @param files by name
 * @param unmatched patterns that match nothing
 * @param problems what is wrong with names and patterns, each beginning with one
 */
public record NamedFiles(List<FileVersion> files, List<String> unmatched, List<String> problems) {

  public NamedFiles {
    files = List.copyOf(files);
    unmatched = List.copyOf(unmatched);
    problems = List.copyOf(problems);
  }

  /**
   * Finds them.
   *
   * @param options how to list Cloud Storage; asked for when there is a pattern there
   * @throws IOException if a pattern can't be listed
   */
  public static NamedFiles find(List<String> names, FileStore store, Supplier<GcsOptions> options)
      throws IOException {
    Search search = new Search(store, options);
    for (String name : names) {
      search.add(name);
    }
    return new NamedFiles(List.copyOf(search.files.values()), search.unmatched, search.problems);
  }

  private static final class Search {
    private final FileStore store;
    private final Supplier<GcsOptions> options;

    /** By what tells one file from another. */
    private final TreeMap<String, FileVersion> files = new TreeMap<>();

    private final List<String> unmatched = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    Search(FileStore store, Supplier<GcsOptions> options) {
      this.store = store;
      this.options = options;
    }

    void add(String name) throws IOException {
      String problem = problem(name);
      if (problem != null) {
        problems.add(problem);
      } else if (!InputPattern.isPattern(name) || isLocalFile(name)) {
        addFile(name);
      } else if (ObjectName.is(name)) {
        addObjects(name);
      } else {
        addLocal(name);
      }
    }

    private static @Nullable String problem(String name) {
      if (ObjectName.is(name)) {
        return InputPattern.problem(name);
      }
      String problem = FileNames.problem(name);
      return problem == null ? null : name + problem;
    }

    private static boolean isLocalFile(String name) {
      return !name.contains("://") && Files.exists(Path.of(name));
    }

    private void addFile(String name) {
      try {
        FileVersion found = store.find(name);
        if (!name.contains("://") && Files.isDirectory(Path.of(name))) {
          problems.add(
              name
                  + " is a directory; name its files, such as '"
                  + name.replaceFirst("/*$", "")
                  + "/*.xml'");
          return;
        }
        add(found);
      } catch (FileGoneException e) {
        problems.add("there is no file " + name);
      } catch (IOException e) {
        problems.add(name + " can't be read: " + e.getMessage());
      }
    }

    private void add(FileVersion file) {
      String uri = file.uri();
      String identity =
          uri.contains("://") ? uri : Path.of(uri).toAbsolutePath().normalize().toString();
      files.merge(
          identity, file, (known, same) -> known.uri().compareTo(same.uri()) <= 0 ? known : same);
    }

    private void addObjects(String pattern) throws IOException {
      InputPattern wanted = new InputPattern(pattern);
      int before = files.size();
      ObjectListing.of(options.get())
          .visit(
              InputPattern.beforeWildcard(pattern),
              object -> {
                if (!object.isPlaceholder() && wanted.matches(object.uri())) {
                  add(object);
                }
              });
      noteUnmatched(pattern, before);
    }

    private void addLocal(String pattern) throws IOException {
      if (FileNames.isRelative(pattern) && FileNames.areInPattern()) {
        problems.add(
            pattern
                + ": the current directory's name has one of * ? [ {, so that no pattern matches in it; rename it, or name the files");
        return;
      }
      int before = files.size();
      try {
        for (MatchResult.Metadata match :
            FileSystems.match(pattern, EmptyMatchTreatment.ALLOW).metadata()) {
          addFile(match.resourceId().toString());
        }
      } catch (PatternSyntaxException e) {
        problems.add(pattern + " isn't a pattern: " + e.getDescription());
        return;
      }
      noteUnmatched(pattern, before);
    }

    private void noteUnmatched(String pattern, int before) {
      if (files.size() == before) {
        unmatched.add(pattern);
      }
    }
  }
}
