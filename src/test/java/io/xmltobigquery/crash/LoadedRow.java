package io.xmltobigquery.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A row of a table.
 *
 * @param uri the file that it is from
 * @param record the number of its record in the file, from 1
 * @param row in the oracle's form
 */
record LoadedRow(String table, String uri, int record, String row) {

  /**
   * A row that was found in a table.
   *
   * @param found with the lineage column
   */
  static LoadedRow of(String table, ObjectNode found) {
    JsonNode file = found.remove("_file");
    return new LoadedRow(
        table, file.get("uri").textValue(), file.get("record").intValue(), found.toString());
  }
}
