package io.xmltobigquery.rows;

import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.mapping.Source;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.values.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping made ready for reading documents: one tree of {@link ElementNode}s that holds every
 * element and attribute which the mapping names, or the automata of {@link PathMapping}. It is
 * immutable and may be shared by threads.
 */
public final class CompiledMapping {

  private final List<TableColumns> tables;
  private final @Nullable ElementNode document;
  private final @Nullable PathMapping paths;
  private final Map<String, Integer> entities;
  private final boolean acceptsEmpty;

  private CompiledMapping(
      List<TableColumns> tables,
      @Nullable ElementNode document,
      @Nullable PathMapping paths,
      Map<String, Integer> entities,
      boolean acceptsEmpty) {
    this.tables = tables;
    this.document = document;
    this.paths = paths;
    this.entities = entities;
    this.acceptsEmpty = acceptsEmpty;
  }

  /** Compiles a mapping that {@link MappingReader} has checked. */
  public static CompiledMapping of(Mapping mapping) {
    List<TableColumns> tables = new ArrayList<>();
    for (TableMapping table : mapping.tables()) {
      tables.add(new TableColumns(table, tables.size()));
    }
    ElementNode document = tree(mapping, tables);
    return new CompiledMapping(
        List.copyOf(tables),
        document,
        document == null ? new PathMapping(mapping, tables) : null,
        mapping.entities(),
        mapping.acceptEmpty());
  }

  /** The mapping as a tree of names, or null if it takes more than that. */
  private static @Nullable ElementNode tree(Mapping mapping, List<TableColumns> tables) {
    ElementNode.Builder document = ElementNode.builder();
    for (TableColumns columns : tables) {
      TableMapping table = columns.mapping();
      if (table.record().isEmpty() || !allPlain(table.fields()) || table.deleteWhen() != null) {
        return null;
      }
      Boolean outside = mapping.outside();
      addRecord(document, table, columns, outside == null ? table.ignoreUnknown() : outside);
    }
    return document.isTree() ? document.build() : null;
  }

  private static boolean allPlain(List<Field> fields) {
    return fields.stream().allMatch(f -> f.source().isPlain() && allPlain(f.fields()));
  }

  private static void addRecord(
      ElementNode.Builder document,
      TableMapping table,
      TableColumns columns,
      boolean ignoreOutside) {
    ElementNode.Builder node = document;
    for (XmlName step : table.record()) {
      // What lies outside every record is unknown to all tables that come this way.
      node.ignoreUnknownIfAll(ignoreOutside);
      if (node.isRow()) {
        node.isNoTree();
      }
      node = node.child(step);
    }
    node.table(columns);
    addColumns(node, columns.columns(), table.fields(), table.ignoreUnknown());
  }

  private static void addColumns(
      ElementNode.Builder element,
      List<Column> columns,
      List<Field> fields,
      boolean ignoreUnknown) {
    element.ignoreUnknownIfAll(ignoreUnknown);
    for (int i = 0; i < columns.size(); i++) {
      Source source = fields.get(i).source();
      ElementNode.Builder node = element;
      boolean isRecord = columns.get(i).type() == ColumnType.RECORD;
      if (source.elements().isEmpty() && isRecord) {
        element.isNoTree();
      }
      for (XmlName step : source.elements()) {
        pass(node, element);
        node = node.child(step);
        node.ignoreUnknownIfAll(ignoreUnknown);
        if (columns.get(i).mode() != Mode.REPEATED) {
          node.single();
        }
      }
      if (!isRecord) {
        pass(node, element);
      }
      if (isRecord) {
        node.opens(columns.get(i));
        addColumns(node, columns.get(i).columns(), fields.get(i).fields(), ignoreUnknown);
      } else if (source.attribute() != null) {
        node.attribute(source.attribute(), columns.get(i));
      } else {
        node.text(columns.get(i));
      }
    }
  }

  /** Columns take what is in an element, which is the one that holds them or is in that. */
  @SuppressWarnings("ReferenceEquality") // Two elements may look the same.
  private static void pass(ElementNode.Builder node, ElementNode.Builder holder) {
    if (node != holder) {
      node.passed();
    }
  }

  /** The tables, in the mapping's order. */
  public List<TableColumns> tables() {
    return tables;
  }

  /** The characters, as code points, that references to entities stand for, by their names. */
  public Map<String, Integer> entities() {
    return entities;
  }

  /** The node above the root element, or null if a tree of names isn't enough. */
  public @Nullable ElementNode document() {
    return document;
  }

  /** The paths of a mapping for which a tree of names isn't enough; else null. */
  public @Nullable PathMapping paths() {
    return paths;
  }

  /** Whether a document may be read from a place behind a record. */
  public boolean canBeEntered() {
    return paths == null || paths.canBeEntered();
  }

  /** Whether a document may have none of the elements that records stand in. */
  public boolean acceptsEmpty() {
    return acceptsEmpty;
  }
}
