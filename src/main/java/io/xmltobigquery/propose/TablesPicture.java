package io.xmltobigquery.propose;

import io.xmltobigquery.explore.HtmlPage;
import io.xmltobigquery.mapping.Expression.OfRow;
import io.xmltobigquery.mapping.Expression.RowValue;
import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.mapping.Path.From;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.values.ColumnType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A picture of a mapping's tables: each table a box, and each RECORD that repeats, with a line to
 * what it is part of. It shows how the boxes belong together; the columns of one are cut off if
 * they are many.
 */
public final class TablesPicture {

  private static final int MOST_COLUMNS = 12;

  /** More make no picture. */
  private static final int MOST_BOXES = 60;

  /**
   * A table, or a RECORD that repeats.
   *
   * @param title as people see it
   * @param columns type and name of some
   * @param more how many there are besides
   */
  private record Box(String title, List<String[]> columns, int more, List<Line> lines) {}

  /** A line to a box of which there are many. */
  private record Line(String label, Box box) {}

  /** Those that no line leads to. */
  private final List<Box> roots = new ArrayList<>();

  private int left;
  private int boxes;

  private TablesPicture() {}

  /** Draws the tables of a mapping. */
  public static TablesPicture of(Mapping mapping) {
    TablesPicture picture = new TablesPicture();
    // Of a child table, the key of its parent has the name of a column there.
    Map<String, Box> byKey = new HashMap<>();
    for (TableMapping table : mapping.tables()) {
      if (picture.boxes >= MOST_BOXES) {
        picture.left++;
        continue;
      }
      Box box = picture.box(table.table(), table.fields());
      String parentKey = null;
      for (Field field : table.fields()) {
        if (field.source().expressions().get(0) instanceof OfRow ofRow
            && ofRow.value() == RowValue.KEY) {
          if (ofRow.of().from() == From.SELF) {
            byKey.put(field.name(), box);
          } else if (byKey.containsKey(field.name())) {
            parentKey = field.name();
          }
        }
      }
      Box parent = parentKey == null ? null : byKey.get(parentKey);
      if (parent == null) {
        picture.roots.add(box);
      } else {
        parent.lines().add(new Line(parentKey, box));
      }
    }
    return picture;
  }

  private Box box(String title, List<Field> fields) {
    boxes++;
    List<String[]> columns = new ArrayList<>();
    List<Line> lines = new ArrayList<>();
    int more = addColumns(title, "", fields, columns, lines);
    return new Box(title, columns, more, lines);
  }

  /** Adds columns, and boxes of those that repeat; returns how many there is no room for. */
  private int addColumns(
      String title, String prefix, List<Field> fields, List<String[]> columns, List<Line> lines) {
    int more = 0;
    for (Field field : fields) {
      boolean repeated = field.mode() == Mode.REPEATED;
      String name = prefix + field.name();
      if (field.type() != ColumnType.RECORD) {
        if (columns.size() < MOST_COLUMNS) {
          columns.add(new String[] {field.type() + (repeated ? "[]" : ""), name});
        } else {
          more++;
        }
      } else if (!repeated) {
        more += addColumns(title, name + ".", field.fields(), columns, lines);
      } else if (boxes < MOST_BOXES) {
        lines.add(new Line(name, box(title + "." + name, field.fields())));
      } else {
        left++;
      }
    }
    return more;
  }

  /** As a diagram of Mermaid, which many programs draw that show Markdown. */
  public String mermaid() {
    StringBuilder text = new StringBuilder("erDiagram\n");
    List<String> names = new ArrayList<>();
    roots.forEach(root -> mermaid(root, names, text));
    if (left > 0) {
      text.append("  %% and ").append(left).append(" more\n");
    }
    return text.toString();
  }

  /** Returns the box's name in the diagram: only letters, digits and underscores are safe there. */
  private static String mermaid(Box box, List<String> names, StringBuilder text) {
    String name = word(box.title());
    while (names.contains(name)) {
      name += "_";
    }
    names.add(name);
    text.append("  ").append(name).append(" {\n");
    for (String[] column : box.columns()) {
      text.append("    ").append(column[0]).append(' ').append(word(column[1])).append('\n');
    }
    if (box.more() > 0) {
      text.append("    and ").append(box.more() + "_more").append('\n');
    }
    text.append("  }\n");
    for (Line line : box.lines()) {
      String child = mermaid(line.box(), names, text);
      text.append("  ")
          .append(name)
          .append(" ||--o{ ")
          .append(child)
          .append(" : ")
          .append(word(line.label()))
          .append('\n');
    }
    return name;
  }

  private static String word(String name) {
    return name.replaceAll("[^A-Za-z0-9_]", "_");
  }

  /** As a part of a page. */
  public String html() {
    StringBuilder html = new StringBuilder();
    html.append("<section>\n<h2>Tables</h2>\n<ul class=\"tables\">\n");
    roots.forEach(root -> html(root, "", html));
    html.append("</ul>\n");
    if (left > 0) {
      html.append("<p>… and ").append(left).append(" more</p>\n");
    }
    return html.append("</section>\n").toString();
  }

  private static void html(Box box, String label, StringBuilder html) {
    html.append("<li>");
    if (!label.isEmpty()) {
      html.append("<span class=\"line\">").append(HtmlPage.escaped(label)).append(" ×n</span>");
    }
    html.append("<div class=\"box\"><b>")
        .append(HtmlPage.escaped(box.title()))
        .append("</b><dl>\n");
    for (String[] column : box.columns()) {
      html.append("<dt>")
          .append(HtmlPage.escaped(column[1]))
          .append("</dt><dd>")
          .append(HtmlPage.escaped(column[0]))
          .append("</dd>\n");
    }
    html.append("</dl>");
    if (box.more() > 0) {
      html.append("<p>… and ").append(box.more()).append(" more</p>");
    }
    html.append("</div>");
    if (!box.lines().isEmpty()) {
      html.append("\n<ul>\n");
      box.lines().forEach(line -> html(line.box(), line.label(), html));
      html.append("</ul>");
    }
    html.append("</li>\n");
  }
}
