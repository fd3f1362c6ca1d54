package io.xmltobigquery.load;

import io.xmltobigquery.storage.FileVersion;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A row that its table will never take.
 *
 * @param error why, in the words of who refused it
 * @param file the file version that the row is from, or null if it is from none
 * @param record the number of its record in that file, from 1 over all tables; 0 if it is from none
 * @param row the row as a JSON object, as a load job would take it
 */
public record RefusedRow(
    String table, String error, @Nullable FileVersion file, long record, String row)
    implements Serializable {}
