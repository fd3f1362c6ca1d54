package io.xmltobigquery.mapping;

/**
 * The column that {@code --lineage} adds to every table: which record of which file version a row
 * is. It comes after the mapping's own columns, which can't have its name. It and the columns in it
 * are NULLABLE, so that it can be added to a table that has rows already.
 */
public final class LineageColumn {

  /** The RECORD column itself. */
  public static final String NAME = "_file";

  /** STRING: the file's name, without its generation. */
  public static final String URI = "uri";

  /** STRING: what tells this version of the file from others. */
  public static final String GENERATION = "generation";

  /** INT64: the number of the record in its file, from 1 over all tables. */
  public static final String RECORD = "record";

  private LineageColumn() {}
}
