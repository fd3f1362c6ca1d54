package io.xmltobigquery.propose;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.propose.Decision.Sign;
import io.xmltobigquery.propose.Proposal.NoProposalException;
import io.xmltobigquery.values.ColumnType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes tables of what a proposal nests: each RECORD that repeats becomes a table of its own, whose
 * rows have the key of the row around them, and their place among others of the same name.
 */
final class KeyTables {

  /** What comes behind a table's name in that of its key. */
  private static final String KEY = "_key";

  private static final String POSITION = "position";

  private final ColumnNames tableNames = new ColumnNames();
  private final List<ObjectNode> tables = new ArrayList<>();

  /** The tables that columns became, by their full names. */
  private final Map<String, String> moved = new LinkedHashMap<>();

  /** The full names of RECORDs that had nothing but such columns. */
  private final Set<String> gone = new HashSet<>();

  /** What is said of new tables, by their names. */
  private final Map<String, String> joins = new LinkedHashMap<>();

  private KeyTables() {}

  /** The same columns in more tables. */
  static Proposal of(Proposal nested) throws NoProposalException {
    Mapping read = nested.read();
    ObjectNode mapping = nested.mapping().deepCopy();
    KeyTables made = new KeyTables();
    made.tableNames.take(Mapping.RESERVED_TABLE, "");
    read.tables().forEach(table -> made.tableNames.take(table.table(), ""));
    for (int i = 0; i < read.tables().size(); i++) {
      TableMapping table = read.tables().get(i);
      ObjectNode node = (ObjectNode) mapping.get("tables").get(i);
      made.addTable(node, ProposedColumn.of(table.fields(), node.get("fields")), table.table());
    }
    mapping.putArray("tables").addAll(made.tables);
    return new Proposal(mapping, made.decisions(nested.decisions()));
  }

  /**
   * Adds a table, and behind it those that are made of its columns.
   *
   * @param nestedName the full name of the columns' table or RECORD in the nested proposal
   */
  private void addTable(ObjectNode table, List<ProposedColumn> columns, String nestedName) {
    tables.add(table);
    List<Child> children = new ArrayList<>();
    ArrayNode kept = keep(columns, new Around("", 0, nestedName), children);
    String name = table.get("table").asText();
    ArrayNode fields = table.putArray("fields");
    ArrayNode own = table.arrayNode();
    own.addAll(kept);
    String key = null;
    if (!children.isEmpty()) {
      key = names(own).take(name + KEY, "");
      fields.add(column(key, ColumnType.STRING, "row:key()"));
    }
    fields.addAll(own);
    for (Child child : children) {
      addChild(child, table, key);
    }
  }

  /**
   * Where columns are.
   *
   * @param path from the row's element to theirs, with a slash at its end; empty for the row's own
   * @param depth how many elements that are
   * @param nestedName the full name of their table or RECORD in the nested proposal
   */
  private record Around(String path, int depth, String nestedName) {}

  /** A column that becomes a table. */
  private record Child(ProposedColumn column, String path, int depth, String nestedName) {}

  /** The columns that stay; RECORDs that repeat are children. */
  private ArrayNode keep(List<ProposedColumn> columns, Around around, List<Child> children) {
    ArrayNode kept = JsonNodeFactory.instance.arrayNode();
    for (ProposedColumn column : columns) {
      String nestedName = around.nestedName() + "." + column.field().name();
      if (!column.isRecord()) {
        kept.add(column.node());
        continue;
      }
      String path = around.path() + column.node().get("source").asText();
      int depth = around.depth() + column.steps().size();
      if (column.isRepeated()) {
        children.add(new Child(column, path, depth, nestedName));
        continue;
      }
      ArrayNode inside = keep(column.inner(), new Around(path + "/", depth, nestedName), children);
      if (inside.isEmpty()) {
        gone.add(nestedName);
      } else {
        column.node().set("fields", inside);
        kept.add(column.node());
      }
    }
    return kept;
  }

  private void addChild(Child child, ObjectNode parent, String parentKey) {
    List<XmlName> steps = child.column().steps();
    String parentName = parent.get("table").asText();
    String local = steps.get(steps.size() - 1).local();
    String name = tableNames.takeOr(local, parentName + "_" + local);
    ObjectNode table = parent.objectNode();
    table.put("table", name);
    table.put("record", parent.get("record").asText() + "/" + child.path());
    if (parent.has("namespace")) {
      table.set("namespace", parent.get("namespace"));
    }
    moved.put(child.nestedName(), name);
    joins.put(name, "rows of " + parentName + ", joined by " + parentKey);
    List<ProposedColumn> columns = child.column().inner();
    addTable(table, columns, child.nestedName());
    ArrayNode own = (ArrayNode) table.get("fields");
    ColumnNames names = names(own);
    ArrayNode fields = table.arrayNode();
    String up = "../".repeat(child.depth() - 1) + "..";
    fields.add(
        column(names.take(parentKey, "_of_parent"), ColumnType.STRING, "row:key(" + up + ")"));
    fields.add(column(names.take(POSITION, "_in_parent"), ColumnType.INT64, "row:position()"));
    fields.addAll(own);
    table.set("fields", fields);
  }

  private static ColumnNames names(ArrayNode fields) {
    List<String> names = new ArrayList<>();
    fields.forEach(field -> names.add(field.get("name").asText()));
    return ColumnNames.of(names.stream());
  }

  private static ObjectNode column(String name, ColumnType type, String source) {
    ObjectNode column = JsonNodeFactory.instance.objectNode();
    return column.put("name", name).put("type", type.name()).put("source", source);
  }

  /** Those of the nested proposal, with the columns' new names, table by table. */
  private List<Decision> decisions(List<Decision> nested) {
    Map<String, List<Decision>> byTable = new LinkedHashMap<>();
    tables.forEach(table -> byTable.put(table.get("table").asText(), new ArrayList<>()));
    List<Decision> others = new ArrayList<>();
    for (Decision decision : nested) {
      if (gone.contains(decision.column())) {
        continue;
      }
      Decision renamed = renamed(decision);
      byTable.getOrDefault(renamed.column().split("\\.", 2)[0], others).add(renamed);
    }
    return Stream.concat(byTable.values().stream().flatMap(List::stream), others.stream()).toList();
  }

  private Decision renamed(Decision decision) {
    String column = decision.column();
    String holder = column;
    while (!moved.containsKey(holder)) {
      int dot = holder.lastIndexOf('.');
      if (dot < 0) {
        return decision;
      }
      holder = holder.substring(0, dot);
    }
    String table = moved.get(holder);
    if (holder.equals(column)) {
      String reason = joins.get(table);
      return new Decision(
          decision.sign(),
          decision.path(),
          table,
          "TABLE",
          decision.sign() == Sign.NONE ? reason : reason + "; " + decision.reason());
    }
    return new Decision(
        decision.sign(),
        decision.path(),
        table + column.substring(holder.length()),
        decision.type(),
        decision.reason());
  }
}
