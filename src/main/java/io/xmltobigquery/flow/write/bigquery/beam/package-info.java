/**
 * Everything that leans on Beam's internals, which may change with any release of Beam: its
 * interface to BigQuery, the names of BigQueryIO's steps, and how a runner replaces steps. A build
 * rule keeps such imports out of all other packages.
 *
 * <p>May import {@code flow} and what is below. Only {@link io.xmltobigquery.flow.write.bigquery}
 * imports from here.
 */
package io.xmltobigquery.flow.write.bigquery.beam;
