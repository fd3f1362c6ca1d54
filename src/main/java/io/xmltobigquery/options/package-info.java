/**
 * What the user asked for: the options, and what follows from their text alone, such as names,
 * patterns, directories and durations. Only the mapping is read from a file.
 *
 * <p>May import {@code outcome} and what is below.
 */
package io.xmltobigquery.options;
