/**
 * The mapping document: reading and checking it, the BigQuery schema that follows from it, and its
 * compiled form, by which {@code xml} fills {@link io.xmltobigquery.mapping.Row}s. Plain Java,
 * without Beam and without XML.
 */
package io.xmltobigquery.mapping;
