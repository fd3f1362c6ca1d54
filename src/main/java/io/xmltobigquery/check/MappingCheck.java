package io.xmltobigquery.check;

import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.mapping.MappingProblem;
import io.xmltobigquery.options.FileNames;
import io.xmltobigquery.options.MappingFile;
import io.xmltobigquery.options.Problems;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a mapping that an option names, and says what is wrong with it. */
public final class MappingCheck {

  private MappingCheck() {}

  /**
   * Reads it.
   *
   * @param option that names it
   * @param name of the file, or null for the mapping that comes with the program
   * @return null if it can't be read, which is among the problems then
   */
  public static @Nullable Mapping read(
      String option, @Nullable String name, FileStore files, Problems problems) {
    String problem = name == null ? null : FileNames.problem(name);
    if (problem != null) {
      problems.add(option, name + problem);
      return null;
    }
    try {
      return MappingFile.read(files, name);
    } catch (MappingException e) {
      for (MappingProblem mistake : e.problems()) {
        problems.add(option, name + ": " + mistake);
      }
    } catch (FileGoneException e) {
      problems.add(option, "there is no file " + name);
    } catch (IOException e) {
      problems.add(option, name + " can't be read: " + e.getMessage());
    }
    return null;
  }
}
