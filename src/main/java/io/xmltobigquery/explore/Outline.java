package io.xmltobigquery.explore;

import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.profile.AttributeProfile;
import io.xmltobigquery.profile.ElementProfile;
import io.xmltobigquery.profile.PathNames;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.profile.ValueKind;
import io.xmltobigquery.profile.ValueProfile;
import io.xmltobigquery.values.ColumnType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A profile as lines, one for each path, as all that shows it has them: in the order of a tree. */
final class Outline {

  /**
   * One path.
   *
   * @param path as {@link PathNames} has it
   * @param label its last step
   * @param element of the path, or that the attribute is on
   * @param attribute or null if this is about an element
   * @param around how many elements there are that could have it: those of the path above, or for a
   *     root the documents
   * @param repeatsAncestor whether an element around it is of its kind
   * @param lines of attributes and child elements
   */
  record Line(
      String path,
      String label,
      ElementProfile element,
      @Nullable AttributeProfile attribute,
      long around,
      boolean repeatsAncestor,
      List<Line> lines) {

    long count() {
      return attribute == null ? element.count() : attribute.count();
    }

    long files() {
      return attribute == null ? element.files() : attribute.files();
    }

    /** How many of those that could have it do. */
    long having() {
      return attribute == null ? element.parents() : attribute.count();
    }

    @Nullable ValueProfile values() {
      return attribute == null ? element.values() : attribute.values();
    }

    /** Of those that could have it, in whole percent; 0 and 100 are none and all. */
    int filledPercent() {
      if (having() == around) {
        return 100;
      }
      return (int) Math.max(1, Math.min(99, having() * 100 / around));
    }

    /** In a word or two, what is in it; empty if that is elements only. */
    String content() {
      if (attribute == null && element.isMixed()) {
        return "text and elements";
      }
      ValueProfile values = values();
      if (values == null) {
        return "";
      }
      long empty = values.count(ValueKind.EMPTY);
      if (empty == values.count()) {
        return empty == 0 ? "nil" : "empty";
      }
      ColumnType type = values.type();
      boolean isCode =
          type == ColumnType.STRING
              && values.kinds().keySet().stream().allMatch(Outline::isNumberOrCode);
      return type + (isCode ? " of digits" : "") + (empty > 0 ? " or empty" : "");
    }
  }

  private final PathNames names;

  private Outline(PathNames names) {
    this.names = names;
  }

  /** The lines of the roots. */
  static List<Line> of(Profile profile) {
    Outline outline = new Outline(PathNames.of(profile));
    return profile.roots().stream()
        .map(root -> outline.line(root, List.of(), "", profile.documents()))
        .toList();
  }

  private Line line(
      ElementProfile element, List<ElementProfile> around, String above, long parents) {
    String label =
        names.element(
            element.name(), around.isEmpty() ? null : around.get(around.size() - 1).name());
    String path = above + "/" + label;
    List<ElementProfile> inside = new ArrayList<>(around);
    inside.add(element);
    List<Line> lines = new ArrayList<>();
    for (AttributeProfile attribute : element.attributes()) {
      String name = names.attribute(attribute.name());
      lines.add(
          new Line(path + "/" + name, name, element, attribute, element.count(), false, List.of()));
    }
    for (ElementProfile child : element.children()) {
      lines.add(line(child, inside, path, element.count()));
    }
    boolean recurs = around.stream().anyMatch(element::recurs);
    return new Line(path, label, element, null, parents, recurs, List.copyOf(lines));
  }

  private static boolean isNumberOrCode(ValueKind kind) {
    return kind.isDecimal() || kind == ValueKind.CODE || kind == ValueKind.EMPTY;
  }

  /** Examples in one line, none of which moves a terminal's cursor or ends the line. */
  static String examples(ValueProfile values) {
    String examples = JobLog.oneLine(String.join(", ", values.examples()));
    return values.distinct() > values.examples().size() ? examples + ", …" : examples;
  }
}
