package io.xmltobigquery.propose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.mapping.Expression.Nodes;
import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.values.ColumnType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of a proposal.
 *
 * @param field as it is read
 * @param node as it is written
 */
record ProposedColumn(Field field, ObjectNode node) {

  /** The columns of a table or a RECORD. */
  static List<ProposedColumn> of(List<Field> fields, JsonNode nodes) {
    List<ProposedColumn> columns = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      columns.add(new ProposedColumn(fields.get(i), (ObjectNode) nodes.get(i)));
    }
    return columns;
  }

  /** Those of a RECORD. */
  List<ProposedColumn> inner() {
    return isRecord() ? of(field.fields(), node.get("fields")) : List.of();
  }

  boolean isRecord() {
    return field.type() == ColumnType.RECORD;
  }

  boolean isRepeated() {
    return field.mode() == Mode.REPEATED;
  }

  /** The elements to descend through, or null if it isn't about elements in its own. */
  @Nullable List<XmlName> steps() {
    if (field.source().isPlain()) {
      return field.source().elements();
    }
    if (!(field.source().expressions().get(0) instanceof Nodes nodes)
        || !nodes.paths().get(0).anchor().isSelf()) {
      return null;
    }
    return nodes.paths().get(0).steps().stream()
        .map(step -> new XmlName(step.name().namespaces().get(0), step.name().local()))
        .toList();
  }

  /** The attribute that it takes, or null. */
  @Nullable XmlName attribute() {
    return field.source().attribute();
  }
}
