package io.xmltobigquery.rows;

import io.xmltobigquery.mapping.ByName;
import io.xmltobigquery.mapping.XmlName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a mapping expects of one element: which children and attributes it may have, and which
 * columns take their values from it. Reading a document is a walk through these nodes.
 */
public final class ElementNode {

  private static final Column[] NO_COLUMNS = {};

  private final @Nullable ElementNode parent;
  private final String namespace;
  private final String local;
  private final int index;
  private final ElementNode[] children;
  private final ByName<ElementNode> childrenByName;
  private final ByName<Column[]> attributes;
  private final Column[] textColumns;
  private final @Nullable Column record;
  private final @Nullable TableColumns table;
  private final boolean ignoreUnknown;
  private final boolean takesMarkup;
  private final boolean holdsRecords;
  private final int sharedPlace;

  private ElementNode(
      @Nullable ElementNode parent,
      XmlName name,
      int index,
      Builder builder,
      AtomicInteger sharedPlaces) {
    this.parent = parent;
    this.namespace = name.namespace();
    this.local = name.local();
    this.index = index;
    children = new ElementNode[builder.children.size()];
    Map<XmlName, ElementNode> byName = new HashMap<>();
    boolean records = false;
    int i = 0;
    for (Map.Entry<XmlName, Builder> entry : builder.children.entrySet()) {
      ElementNode child = new ElementNode(this, entry.getKey(), i, entry.getValue(), sharedPlaces);
      children[i++] = child;
      byName.put(entry.getKey(), child);
      records |= child.table != null;
    }
    childrenByName = ByName.of(byName);
    Map<XmlName, Column[]> columns = new HashMap<>();
    builder.attributes.forEach((attribute, its) -> columns.put(attribute, its.toArray(NO_COLUMNS)));
    attributes = ByName.of(columns);
    textColumns = builder.text.toArray(NO_COLUMNS);
    record = builder.record;
    table = builder.table;
    ignoreUnknown = builder.ignoreUnknown;
    takesMarkup = ignoreUnknown || builder.text.stream().anyMatch(Column::namesWholeText);
    sharedPlace = builder.singles > 1 ? sharedPlaces.getAndIncrement() : -1;
    holdsRecords = records;
  }

  /**
   * The child element of the given name, or null if the mapping doesn't name one.
   *
   * @param namespace the namespace URI, empty for none
   * @param likely the {@link #index} of the child to try first: documents mostly have elements in
   *     the order of the mapping
   */
  public @Nullable ElementNode child(String namespace, String local, int likely) {
    if (likely < children.length && children[likely].isNamed(namespace, local)) {
      return children[likely];
    }
    return childrenByName.get(namespace, local);
  }

  private boolean isNamed(String otherNamespace, String otherLocal) {
    // Both sides are interned as a rule, so that the first comparison decides nearly always.
    return local.equals(otherLocal) && namespace.equals(otherNamespace);
  }

  /** The place among the children of the same element, from 0, in the order of the mapping. */
  public int index() {
    return index;
  }

  /** The columns that take the given attribute's value, or null if the mapping doesn't name it. */
  public Column @Nullable [] attribute(String namespace, String local) {
    return attributes.get(namespace, local);
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

  /** Whether elements are expected, or ignored, among the text that columns take. */
  public boolean takesMarkup() {
    return takesMarkup;
  }

  /**
   * A number, if several columns of one row or RECORD, none of them REPEATED, take values from the
   * element or from what is in it, so that it matters which of several such elements they are from;
   * else -1. No other element of the mapping has it.
   */
  public int sharedPlace() {
    return sharedPlace;
  }

  /** That of the element around it; null above the root element. */
  public @Nullable ElementNode parent() {
    return parent;
  }

  /** The namespace URI, empty for none. */
  public String namespace() {
    return namespace;
  }

  /** The name, for messages. */
  public String local() {
    return local;
  }

  /** The namespaces of the children of a local name, for messages. */
  public List<String> childNamespaces(String localName) {
    return Arrays.stream(children)
        .filter(child -> child.local.equals(localName))
        .map(child -> child.namespace)
        .toList();
  }

  /** Whether record elements are children of this element: whether it is a section. */
  public boolean holdsRecords() {
    return holdsRecords;
  }

  /** The names of the children that are expected here, for messages. */
  public Stream<String> childNames() {
    return Arrays.stream(children).map(child -> child.local);
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
    private int singles;
    private boolean passed;
    private boolean tree = true;

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
      tree &= record == null && !passed;
      record = column;
    }

    void table(TableColumns columns) {
      tree &= table == null && children.isEmpty();
      table = columns;
    }

    /** The columns of the row or RECORD that holds a column take what is in here. */
    void passed() {
      tree &= record == null;
      passed = true;
    }

    boolean isRow() {
      return table != null;
    }

    void isNoTree() {
      tree = false;
    }

    /**
     * Whether each element has one meaning: text for columns or elements in it, and a RECORD or
     * columns beside it, and records not in each other.
     */
    boolean isTree() {
      boolean mixed = !text.isEmpty() && !children.isEmpty();
      return tree && !mixed && children.values().stream().allMatch(Builder::isTree);
    }

    /** A column that isn't REPEATED takes its value from here or from what is in here. */
    void single() {
      singles++;
    }

    /** One table that wants strictness decides for all that share the element. */
    void ignoreUnknownIfAll(boolean ignore) {
      ignoreUnknown &= ignore;
    }

    /** The node above the root element. */
    ElementNode build() {
      return new ElementNode(null, new XmlName("", ""), 0, this, new AtomicInteger());
    }
  }
}
