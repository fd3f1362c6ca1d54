package io.xmltobigquery.flow.write;

import io.xmltobigquery.files.FileVersion;

/**
 * A row that its table will never take.
 *
 * @param error why, in the words of who refused it
 * @param file the file version that the row is from; its size isn't known
 * @param record the number of its record in that file, from 1 over all tables
 * @param row the row as a JSON object, as a load job would take it
 */
public record RefusedRow(String table, String error, FileVersion file, long record, String row) {}
