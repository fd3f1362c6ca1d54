package io.xmltobigquery.mapping;

import java.io.Serializable;
import java.util.List;

/**
 * Which record elements go to which table, and how.
 *
 * @param table the table's name, without project and dataset
 * @param record the path of the record element from the root element, never empty
 * @param ignoreUnknown whether elements, attributes and text that the mapping doesn't name are
 *     skipped; otherwise they are errors
 * @param bigQuery what goes to BigQuery as it is, such as clustering: the members of a {@code
 *     Table} of BigQuery's REST API, as JSON
 * @param fields the columns, in the table's order
 */
public record TableMapping(
    String table, List<XmlName> record, boolean ignoreUnknown, String bigQuery, List<Field> fields)
    implements Serializable {

  public TableMapping {
    record = List.copyOf(record);
    fields = List.copyOf(fields);
  }
}
