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
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Each package depends only on packages that stand before it in one list. So there are no circles
 * either.
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
