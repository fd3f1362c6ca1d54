/**
 * Loading into BigQuery through the Storage Write API, by Beam's BigQueryIO.
 *
 * <pre>
 * EnvelopedRows    rows as the bytes that BigQuery takes, each in a RowEnvelope that says where it is from
 *      |
 * BigQueryOutput   one BigQueryIO write for each table, through EnvelopeServices, which take the
 *      |           envelopes off when rows are appended; what is refused comes back in its envelope
 *      |
 * Commits          when the rows of a write are there to stay
 * </pre>
 *
 * <p>Before the job starts, PrepareTables compares the tables that are there with the mapping, and
 * creates those that are missing.
 *
 * <p>What leans on the internals of Beam is in {@link io.xmltobigquery.flow.write.bigquery.beam},
 * and the bytes of a row are in {@link io.xmltobigquery.flow.write.bigquery.wire}.
 *
 * <p>May import these two, {@code flow.write} and what is below.
 */
package io.xmltobigquery.flow.write.bigquery;
