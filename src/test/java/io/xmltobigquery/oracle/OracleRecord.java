package io.xmltobigquery.oracle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What the oracle has made of one record.
 *
 * @param table the table's name
 * @param row the row as JSON, or null if the record is invalid
 */
public record OracleRecord(String table, @Nullable ObjectNode row) {}
