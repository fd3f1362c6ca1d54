/**
 * The bytes of a row, as BigQuery's Storage Write API takes them: written and read by ourselves,
 * without Beam.
 *
 * <p>May import {@code flow.write} and what is below.
 */
package io.xmltobigquery.flow.write.bigquery.wire;
