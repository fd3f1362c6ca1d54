package io.xmltobigquery.xml;

import org.jspecify.annotations.Nullable;

/**
 * A record that its table can't take, in a file that is otherwise good.
 *
 * @param table the table that the record is for
 * @param number the record's number in the file, from 1, over all tables
 * @param message what is wrong, without text from the record other than names
 * @param position where the fault is
 * @param xml the record as it stands in the file; namespace declarations of the elements around it
 *     aren't part of it
 * @param rowsInside how many elements in it are rows, or would be, and are left out with it
 * @param context what a parser needs to have read before the record: an XML declaration and the
 *     start tags of the elements around it, with their namespace declarations; null if more is
 *     needed, which the DOCTYPE has
 */
public record InvalidRecord(
    String table,
    long number,
    RejectionReason reason,
    String message,
    Position position,
    String xml,
    long rowsInside,
    @Nullable String context) {}
