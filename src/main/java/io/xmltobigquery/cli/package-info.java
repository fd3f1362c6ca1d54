/**
 * The command {@code bin/xml-to-bigquery}: arguments, help, progress, summary.
 *
 * <p>May import everything. Nothing depends on it.
 */
package io.xmltobigquery.cli;
