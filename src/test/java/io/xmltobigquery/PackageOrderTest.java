package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Each package depends only on packages that stand before it in one list. So there are no circles
 * either. And some libraries have their places.
 */
final class PackageOrderTest {

  private static final String BASE = "io.xmltobigquery";

  /** The lowest first; without {@link #BASE}. */
  private static final List<String> ORDER =
      List.of(
          "log",
          "values",
          "mapping",
          "rows",
          "xml",
          "profile",
          "xsd",
          "coders",
          "files",
          "outcome",
          "options",
          "pubsub",
          "flow",
          "flow.find",
          "flow.held",
          "flow.read",
          "flow.write",
          "flow.write.jsonl",
          "flow.write.bigquery.wire",
          "flow.write.bigquery.beam",
          "flow.write.bigquery",
          "flow.settle",
          "explore",
          "trial",
          "propose",
          "check",
          "replay",
          "",
          "cli");

  private static final JavaClasses CLASSES =
      new ClassFileImporter().importPath(Path.of("target/classes"));

  private static final JavaClasses TEST_CLASSES =
      new ClassFileImporter().importPath(Path.of("target/test-classes"));

  @Test
  void packagesDependOnLowerOnesOnly() {
    Set<String> upward = new TreeSet<>();
    for (JavaClass from : CLASSES) {
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        JavaClass to = dependency.getTargetClass().getBaseComponentType();
        if (isOurs(to) && place(to) > place(from)) {
          upward.add(
              "%s in %s uses %s of %s"
                  .formatted(outermost(from), name(from), outermost(to), name(to)));
        }
      }
    }

    assertWithMessage(
            "a class may use only packages that stand before its own in ORDER; move one of the two classes, or hand over a value in place of the upper one")
        .that(upward)
        .isEmpty();
  }

  /**
   * What is used in some places only.
   *
   * @param library matches the names of its classes
   * @param where matches the names of those of ours that may not use it
   * @param alsoTests whether tests may not, either
   */
  private record Rule(String reason, Pattern library, Pattern where, boolean alsoTests) {

    static Rule of(String reason, String library, String where, boolean alsoTests) {
      return new Rule(
          reason,
          Pattern.compile(library),
          Pattern.compile("io\\.xmltobigquery\\." + where),
          alsoTests);
    }

    boolean isBrokenBy(JavaClass from, JavaClass to) {
      return where.matcher(from.getName()).lookingAt() && library.matcher(to.getName()).lookingAt();
    }
  }

  private static final List<Rule> RULES =
      List.of(
          Rule.of(
              "up to xsd all is plain Java: it is tested, measured and reused without a pipeline",
              "org\\.apache\\.(beam|flink)\\.",
              "(log|values|mapping|rows|xml|profile|xsd)\\.",
              true),
          Rule.of(
              "Java's serialization would make the names of classes part of a running job's state: a type has a coder instead, which Coders names",
              "org\\.apache\\.beam\\.sdk\\.coders\\.SerializableCoder",
              "",
              false),
          Rule.of(
              "Beam's internals change without notice: flow.write.bigquery.beam has all that leans on them, and BeamContractTest what we need of them",
              "org\\.apache\\.beam\\.(sdk\\.(io\\.gcp\\.(bigquery\\.(?!(BigQueryIO|BigQueryOptions|BigQueryStorageApiInsertError|WriteResult)\\b)|testing\\.)|runners\\.|util\\.)|vendor\\.|runners\\.(core|flink)\\.)",
              "(?!flow\\.write\\.bigquery\\.beam\\.)",
              false),
          Rule.of(
              "Xerces isn't in the images: only propose needs it, which runs on a user's machine",
              "org\\.apache\\.xerces\\.",
              "(?!xsd\\.)",
              true),
          Rule.of(
              "what is logged quotes names that strangers gave: log.JobLog keeps each message on one line",
              "org\\.slf4j\\.LoggerFactory$",
              "(?!log\\.JobLog$)",
              true));

  @Test
  void librariesAreUsedInTheirPlacesOnly() {
    Set<String> misplaced = new TreeSet<>();
    RULES.forEach(rule -> misplaced.addAll(misplaced(rule, CLASSES)));
    RULES.stream()
        .filter(Rule::alsoTests)
        .forEach(rule -> misplaced.addAll(misplaced(rule, TEST_CLASSES)));

    assertThat(misplaced).isEmpty();
  }

  /** Each of the libraries is used somewhere, where it may be: by one place, or by tests. */
  @Test
  void aLibraryOutOfItsPlaceIsFound() {
    for (Rule rule : RULES) {
      Rule everywhere = Rule.of(rule.reason(), rule.library().pattern(), "", true);
      Set<String> found = misplaced(everywhere, CLASSES);
      found.addAll(misplaced(everywhere, TEST_CLASSES));
      assertWithMessage(rule.reason()).that(found).isNotEmpty();
    }
  }

  private static Set<String> misplaced(Rule rule, JavaClasses classes) {
    Set<String> misplaced = new TreeSet<>();
    for (JavaClass from : classes) {
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        JavaClass to = dependency.getTargetClass().getBaseComponentType();
        if (rule.isBrokenBy(from, to)) {
          misplaced.add("%s uses %s: %s".formatted(from.getName(), to.getName(), rule.reason()));
        }
      }
    }
    return misplaced;
  }

  @Test
  void everyPackageHasItsPlace() {
    Set<String> packages =
        CLASSES.stream().map(PackageOrderTest::name).collect(Collectors.toCollection(TreeSet::new));

    assertWithMessage(
            "ORDER must have each package that has classes, and no other; put a new one where it uses lower ones only, and tell of it in package-info.java at the top")
        .that(packages)
        .containsExactlyElementsIn(ORDER);
    assertThat(ORDER).hasSize(new HashSet<>(ORDER).size());
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().equals(BASE) || type.getPackageName().startsWith(BASE + ".");
  }

  private static int place(JavaClass type) {
    return ORDER.indexOf(name(type));
  }

  /** The package's name without {@link #BASE}. */
  private static String name(JavaClass type) {
    String whole = type.getPackageName();
    return whole.equals(BASE) ? "" : whole.substring(BASE.length() + 1);
  }

  private static String outermost(JavaClass type) {
    String simple = type.getName().substring(type.getPackageName().length() + 1);
    int nested = simple.indexOf('$');
    return nested < 0 ? simple : simple.substring(0, nested);
  }
}
