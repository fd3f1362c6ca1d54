/**
 * The command {@code bin/xml-to-bigquery}: arguments, help, progress, summary. Nothing depends on
 * it.
 */
package io.xmltobigquery.cli;
