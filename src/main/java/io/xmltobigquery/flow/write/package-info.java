/**
 * Writing rows and outcomes. An {@link io.xmltobigquery.flow.write.Output} is where they go: a
 * directory of JSON Lines files ({@code jsonl}) or a BigQuery dataset ({@code bigquery}).
 *
 * <p>May import {@code flow.read} and what is below; not {@code jsonl} or {@code bigquery}, which
 * build on it.
 */
package io.xmltobigquery.flow.write;
