package io.xmltobigquery.trial;

import io.xmltobigquery.xml.Position;
import io.xmltobigquery.xml.RejectionReason;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong with files, or with records.
 *
 * @param table whose record it is about, or empty if the whole file is bad
 * @param message what is wrong and what to do
 * @param count of records, or of files if no table is named
 * @param files that have it
 * @param file one of them, the first by name
 * @param position where it is there for the first time, or null if it isn't about a place
 */
public record Complaint(
    String table,
    RejectionReason reason,
    String message,
    long count,
    long files,
    String file,
    @Nullable Position position) {}
