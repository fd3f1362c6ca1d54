/**
 * Writing rows and outcomes. An {@link io.xmltobigquery.load.Output} is where they go: a directory
 * of JSON Lines files, which is here, or a BigQuery dataset, which is in {@link
 * io.xmltobigquery.load.bigquery}.
 */
package io.xmltobigquery.load;
