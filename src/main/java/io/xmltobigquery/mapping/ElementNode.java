package io.xmltobigquery.mapping;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a mapping expects of one element: which children and attributes it may have, and which
 * columns take their values from it. Reading a document is a walk through these nodes.
 */
public final class ElementNode {

  private static final Column[] NO_COLUMNS = {};

  private final String[] childNamespaces;
  private final String[] childLocals;
  private final ElementNode[] children;
  private final XmlName[] attributeNames;
  private final Column[][] attributeColumns;
  private final Column[] textColumns;
  private final @Nullable Column record;
  private final @Nullable TableColumns table;
  private final boolean ignoreUnknown;
  private final boolean holdsRecords;

  private ElementNode(Builder builder) {
    int count = builder.children.size();
    childNamespaces = new String[count];
    childLocals = new String[count];
    children = new ElementNode[count];
    boolean records = false;
    int i = 0;
    for (Map.Entry<XmlName, Builder> child : builder.children.entrySet()) {
      childNamespaces[i] = child.getKey().namespace();
      childLocals[i] = child.getKey().local();
      children[i] = child.getValue().build();
      records |= children[i].table != null;
      i++;
    }
    attributeNames = builder.attributes.keySet().toArray(new XmlName[0]);
    attributeColumns =
        builder.attributes.values().stream()
            .map(columns -> columns.toArray(NO_COLUMNS))
            .toArray(Column[][]::new);
    textColumns = builder.text.toArray(NO_COLUMNS);
    record = builder.record;
    table = builder.table;
    ignoreUnknown = builder.ignoreUnknown;
    holdsRecords = records;
  }

  /**
   * The child element of the given name, or null if the mapping doesn't name one.
   *
   * @param namespace the namespace URI, empty for none
   */
  public @Nullable ElementNode child(String namespace, String local) {
    for (int i = 0; i < children.length; i++) {
      // Both sides are interned as a rule, so that the first comparison decides nearly always.
      if (childLocals[i].equals(local) && childNamespaces[i].equals(namespace)) {
        return children[i];
      }
    }
    return null;
  }

  /** The columns that take the given attribute's value, or null if the mapping doesn't name it. */
  public Column @Nullable [] attribute(String namespace, String local) {
    for (int i = 0; i < attributeNames.length; i++) {
      if (attributeNames[i].local().equals(local)
          && attributeNames[i].namespace().equals(namespace)) {
        return attributeColumns[i];
      }
    }
    return null;
  }

  /** The columns that take the element's own text; empty if it may hold none. */
  public Column[] textColumns() {
    return textColumns;
  }

  /** The RECORD column that the element opens, or null. */
  public @Nullable Column record() {
    return record;
  }

  /** The table whose record the element is, or null. */
  public @Nullable TableColumns table() {
    return table;
  }

  /** Whether children, attributes and text that the mapping doesn't name are skipped here. */
  public boolean ignoresUnknown() {
    return ignoreUnknown;
  }

  /** Whether record elements are children of this element: whether it is a section. */
  public boolean holdsRecords() {
    return holdsRecords;
  }

  /** The names of the children that are expected here, for messages. */
  public List<String> childNames() {
    return List.of(childLocals);
  }

  static Builder builder() {
    return new Builder();
  }

  static final class Builder {
    private final Map<XmlName, Builder> children = new LinkedHashMap<>();
    private final Map<XmlName, List<Column>> attributes = new LinkedHashMap<>();
    private final List<Column> text = new ArrayList<>();
    private @Nullable Column record;
    private @Nullable TableColumns table;
    private boolean ignoreUnknown = true;

    Builder child(XmlName name) {
      return children.computeIfAbsent(name, unused -> new Builder());
    }

    void attribute(XmlName name, Column column) {
      attributes.computeIfAbsent(name, unused -> new ArrayList<>()).add(column);
    }

    void text(Column column) {
      text.add(column);
    }

    void opens(Column column) {
      record = column;
    }

    void table(TableColumns columns) {
      table = columns;
    }

    /** One table that wants strictness decides for all that share the element. */
    void ignoreUnknownIfAll(boolean ignore) {
      ignoreUnknown &= ignore;
    }

    ElementNode build() {
      return new ElementNode(this);
    }
  }
}
