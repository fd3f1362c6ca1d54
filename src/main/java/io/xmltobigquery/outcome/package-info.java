/**
 * What became of each file version, as data: outcomes, the rows of {@code file_loads}, metrics.
 *
 * <p>May import {@code files} and what is below.
 */
package io.xmltobigquery.outcome;
