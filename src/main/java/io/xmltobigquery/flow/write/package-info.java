/**
 * Writing rows and outcomes. An {@link io.xmltobigquery.flow.write.Output} is where they go: a
 * directory of JSON Lines files, which is here, or a BigQuery dataset, which is in {@link
 * io.xmltobigquery.flow.write.bigquery}.
 */
package io.xmltobigquery.flow.write;
