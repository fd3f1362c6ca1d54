package io.xmltobigquery.propose;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.propose.Decision.Sign;
import io.xmltobigquery.propose.Proposal.NoProposalException;
import io.xmltobigquery.values.ColumnType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes tables of what a proposal nests: each RECORD that repeats, or some of them, become tables
 * of their own, whose rows have the key of the row around them, and their place among others of the
 * same name. What recurs inside of itself is one table.
 */
final class KeyTables {

  /** What comes behind a table's name in that of its key. */
  private static final String KEY = "_key";

  /** The same for that of the row of the same table around it. */
  private static final String PARENT_KEY = "_parent_key";

  private static final String POSITION = "position";

  /** Between paths of records. */
  private static final String OR = " | ";

  private final ColumnNames tableNames = new ColumnNames();
  private final List<ObjectNode> tables = new ArrayList<>();

  /** The tables that columns became, by their full names. */
  private final Map<String, String> moved = new LinkedHashMap<>();

  /** The full names of RECORDs that had nothing but such columns. */
  private final Set<String> gone = new HashSet<>();

  /** What is said of new tables, by their names. */
  private final Map<String, String> joins = new LinkedHashMap<>();

  private final Predicate<List<XmlName>> isTable;

  /** The paths of elements that have others of their kind inside, however deep. */
  private final Set<List<XmlName>> recursive;

  /** Those of them that became tables. */
  private final Set<List<XmlName>> found = new HashSet<>();

  private KeyTables(Predicate<List<XmlName>> isTable, Set<List<XmlName>> recursive) {
    this.isTable = isTable;
    this.recursive = recursive;
  }

  /** Finds the elements that become rows in any case. */
  @FunctionalInterface
  interface Records {
    /** Their paths from the root. */
    List<List<XmlName>> of(Profile profile) throws NoProposalException;
  }

  /**
   * The tables of a profile.
   *
   * @param isTable whether the elements of a path become rows where they repeat in a row
   */
  static Proposal of(
      NamespaceVersions profile,
      Records records,
      Predicate<List<XmlName>> isTable,
      boolean onlyStrings)
      throws NoProposalException {
    Recursions one = Recursions.of(profile.profile(), isTable);
    if (!one.paths().isEmpty()) {
      KeyTables tables = new KeyTables(isTable, one.paths());
      NamespaceVersions collapsed = new NamespaceVersions(one.profile(), profile.uris());
      Proposal proposal = tables.make(collapsed, records, onlyStrings);
      if (tables.found.equals(one.paths())) {
        return proposal;
      }
    }
    // Where not all of them can be tables, each is where it is.
    return new KeyTables(isTable, Set.of()).make(profile, records, onlyStrings);
  }

  private Proposal make(NamespaceVersions profile, Records records, boolean onlyStrings)
      throws NoProposalException {
    List<List<XmlName>> paths = records.of(profile.profile());
    Proposal nested = Proposal.nested(profile, paths, isTable, onlyStrings);
    Mapping read = nested.readUndivided();
    ObjectNode mapping = nested.mapping().deepCopy();
    tableNames.take(Mapping.RESERVED_TABLE, "");
    read.tables().forEach(table -> tableNames.take(table.table(), ""));
    for (int i = 0; i < read.tables().size(); i++) {
      TableMapping table = read.tables().get(i);
      ObjectNode node = (ObjectNode) mapping.get("tables").get(i);
      addTable(
          node, ProposedColumn.of(table.fields(), node.get("fields")), paths.get(i), table.table());
    }
    mapping.putArray("tables").addAll(tables);
    return new Proposal(mapping, decisions(nested.decisions()));
  }

  /**
   * Adds a table, and behind it those that are made of its columns.
   *
   * @param path of its records from the root
   * @param nestedName the full name of the columns' table or RECORD in the nested proposal
   */
  private void addTable(
      ObjectNode table, List<ProposedColumn> columns, List<XmlName> path, String nestedName) {
    tables.add(table);
    boolean recurs = recursive.contains(path);
    String step = lastStep(table);
    if (recurs) {
      found.add(path);
      table.put(
          "record",
          alternatives(table)
              .flatMap(record -> Stream.of(record, record + "//" + step))
              .collect(Collectors.joining(OR)));
    }
    List<Child> children = new ArrayList<>();
    ArrayNode kept = keep(columns, new Around(path, "", List.of(), nestedName), children);
    String name = table.get("table").asText();
    ArrayNode fields = table.putArray("fields");
    ArrayNode own = table.arrayNode();
    own.addAll(kept);
    String key = null;
    ColumnNames names = names(own);
    if (recurs || !children.isEmpty()) {
      key = names.take(name + KEY, "");
      fields.add(column(key, ColumnType.STRING, "row:key()"));
    }
    if (recurs) {
      String source = "row:key(ancestor::" + step + "[1])";
      fields.add(column(names.take(name + PARENT_KEY, ""), ColumnType.STRING, source));
    }
    fields.addAll(own);
    for (Child child : children) {
      addChild(child, table, path, key);
    }
  }

  private static Stream<String> alternatives(ObjectNode table) {
    return Arrays.stream(table.get("record").asText().split(Pattern.quote(OR), -1));
  }

  /** That of a table's record, as sources have it. */
  private static String lastStep(ObjectNode table) {
    String record = alternatives(table).findFirst().orElseThrow();
    int slash = record.lastIndexOf('/');
    // There are slashes in URIs, too.
    return record.substring(slash > record.lastIndexOf('}') ? slash + 1 : record.lastIndexOf('{'));
  }

  /**
   * Where columns are.
   *
   * @param row path of the row's element from the root
   * @param path from the row's element to theirs, with a slash at its end; empty for the row's own
   * @param steps the same elements
   * @param nestedName the full name of their table or RECORD in the nested proposal
   */
  private record Around(List<XmlName> row, String path, List<XmlName> steps, String nestedName) {}

  /** A column that becomes a table. */
  private record Child(
      ProposedColumn column, String path, List<XmlName> steps, String nestedName) {}

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
      List<XmlName> steps = plus(around.steps(), column.steps());
      if (column.isRepeated()) {
        if (isTable.test(plus(around.row(), steps))) {
          children.add(new Child(column, path, steps, nestedName));
        } else {
          kept.add(column.node());
        }
        continue;
      }
      ArrayNode inside =
          keep(column.inner(), new Around(around.row(), path + "/", steps, nestedName), children);
      if (inside.isEmpty()) {
        gone.add(nestedName);
      } else {
        column.node().set("fields", inside);
        kept.add(column.node());
      }
    }
    return kept;
  }

  private static List<XmlName> plus(List<XmlName> path, List<XmlName> steps) {
    return Stream.concat(path.stream(), steps.stream()).toList();
  }

  private void addChild(
      Child child, ObjectNode parent, List<XmlName> parentPath, String parentKey) {
    List<XmlName> path = plus(parentPath, child.steps());
    String parentName = parent.get("table").asText();
    String local = path.get(path.size() - 1).local();
    String name = tableNames.takeOr(local, parentName + "_" + local);
    ObjectNode table = parent.objectNode();
    table.put("table", name);
    table.put(
        "record",
        alternatives(parent)
            .map(record -> record + "/" + child.path())
            .collect(Collectors.joining(OR)));
    if (parent.has("namespace")) {
      table.set("namespace", parent.get("namespace"));
    }
    moved.put(child.nestedName(), name);
    joins.put(name, "rows of " + parentName + ", joined by " + parentKey);
    List<ProposedColumn> columns = child.column().inner();
    addTable(table, columns, path, child.nestedName());
    ArrayNode own = (ArrayNode) table.get("fields");
    ColumnNames names = names(own);
    ArrayNode fields = table.arrayNode();
    String up =
        recursive.contains(path)
            ? "ancestor::" + lastStep(parent) + "[1]"
            : "../".repeat(child.steps().size() - 1) + "..";
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
