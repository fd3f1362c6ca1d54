package io.xmltobigquery.flow.write.bigquery.wire;

import java.io.Serializable;

/**
 * What rows have beside the mapping's columns.
 *
 * @param lineage the {@link io.xmltobigquery.mapping.LineageColumn} column
 * @param changes {@link #CHANGE_TYPE} and {@link #SEQUENCE_NUMBER}: a row isn't appended, it
 *     changes the table's row that has its key
 */
public record AddedColumns(boolean lineage, boolean changes) implements Serializable {

  /**
   * BigQuery's pseudocolumn for what a row does: "Stream table updates with change data capture".
   */
  static final String CHANGE_TYPE = "_CHANGE_TYPE";

  /** The other one: of the changes of one key, the one with the largest number lasts. */
  static final String SEQUENCE_NUMBER = "_CHANGE_SEQUENCE_NUMBER";

  static final String UPSERT = "UPSERT";
  static final String DELETE = "DELETE";

  public static final AddedColumns NONE = new AddedColumns(false, false);

  /** Whether a row gets something when it is released, which is where it is from. */
  public boolean tellOrigin() {
    return lineage || changes;
  }
}
