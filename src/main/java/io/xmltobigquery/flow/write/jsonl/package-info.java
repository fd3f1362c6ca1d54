/**
 * Rows and outcomes as files of JSON Lines, with a file for the schema of each table.
 *
 * <p>May import {@code flow.write} and what is below.
 */
package io.xmltobigquery.flow.write.jsonl;
