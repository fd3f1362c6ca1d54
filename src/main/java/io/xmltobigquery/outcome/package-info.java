/** What became of each file version: outcomes, the {@code file_loads} table, metrics. */
package io.xmltobigquery.outcome;
