/**
 * The mapping document: reading and checking it, and the BigQuery schema that follows from it.
 *
 * <p>Plain Java, without Beam, and without XML parsers. May import {@code values} and what is
 * below.
 */
package io.xmltobigquery.mapping;
