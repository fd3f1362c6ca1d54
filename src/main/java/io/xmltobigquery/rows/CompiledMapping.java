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

/**
 * A mapping made ready for reading documents: one tree of {@link ElementNode}s that holds every
 * element and attribute which the mapping names. It is immutable and may be shared by threads.
 */
public final class CompiledMapping {

  private final List<TableColumns> tables;
  private final ElementNode document;
  private final Map<String, Integer> entities;

  private final boolean acceptsEmpty;

  private CompiledMapping(
      List<TableColumns> tables,
      ElementNode document,
      Map<String, Integer> entities,
      boolean acceptsEmpty) {
    this.tables = tables;
    this.document = document;
    this.entities = entities;
    this.acceptsEmpty = acceptsEmpty;
  }

  /** Compiles a mapping that {@link MappingReader} has checked. */
  public static CompiledMapping of(Mapping mapping) {
    List<TableColumns> tables = new ArrayList<>();
    ElementNode.Builder document = ElementNode.builder();
    for (TableMapping table : mapping.tables()) {
      TableColumns columns = new TableColumns(table, tables.size());
      tables.add(columns);
      Boolean outside = mapping.outside();
      addRecord(document, table, columns, outside == null ? table.ignoreUnknown() : outside);
    }
    return new CompiledMapping(
        List.copyOf(tables), document.build(), mapping.entities(), mapping.acceptEmpty());
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
      for (XmlName step : source.elements()) {
        node = node.child(step);
        node.ignoreUnknownIfAll(ignoreUnknown);
        if (columns.get(i).mode() != Mode.REPEATED) {
          node.single();
        }
      }
      if (columns.get(i).type() == ColumnType.RECORD) {
        node.opens(columns.get(i));
        addColumns(node, columns.get(i).columns(), fields.get(i).fields(), ignoreUnknown);
      } else if (source.attribute() != null) {
        node.attribute(source.attribute(), columns.get(i));
      } else {
        node.text(columns.get(i));
      }
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

  /** The node above the root element. */
  public ElementNode document() {
    return document;
  }

  /** Whether a document may have none of the elements that records stand in. */
  public boolean acceptsEmpty() {
    return acceptsEmpty;
  }
}
