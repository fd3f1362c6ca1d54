/**
 * Rows for BigQuery's Storage Write API: {@link io.xmltobigquery.load.bigquery.RowSchema} describes
 * a table's rows, {@link io.xmltobigquery.load.bigquery.ProtoRowWriter} writes them, {@link
 * io.xmltobigquery.load.bigquery.SchemaFit} says whether a table that is there takes them.
 */
package io.xmltobigquery.load.bigquery;
