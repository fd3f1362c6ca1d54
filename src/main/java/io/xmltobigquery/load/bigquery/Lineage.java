package io.xmltobigquery.load.bigquery;

/**
 * The column that {@code --lineage} adds after a table's own: where a row comes from. No mapping
 * may have a column of its name.
 *
 * <p>{@code generation} is a STRING as in {@code file_loads}, with which one joins it: on a local
 * disk it is no number. {@code record} counts from 1 over all tables, as in {@code file_loads} and
 * in the dead letter. All are NULLABLE, since a REQUIRED column can't be added to a table that has
 * rows.
 */
final class Lineage {

  static final String COLUMN = "_file";
  static final String URI = "uri";
  static final String GENERATION = "generation";
  static final String RECORD = "record";

  static final int URI_NUMBER = 1;
  static final int GENERATION_NUMBER = 2;
  static final int RECORD_NUMBER = 3;

  private Lineage() {}
}
