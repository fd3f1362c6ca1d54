/**
 * Writing rows. A {@link io.xmltobigquery.parse.RowFormat} says what an element is; JSON Lines
 * files are the first format, BigQuery's Storage Write API is the next.
 */
package io.xmltobigquery.load;
