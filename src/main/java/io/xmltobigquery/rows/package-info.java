/**
 * Rows of one table, and how they are filled. {@link io.xmltobigquery.rows.CompiledMapping} is the
 * mapping in the form that a reader of XML follows from element to element. {@link
 * io.xmltobigquery.rows.Row} holds the values of one record, and a {@link
 * io.xmltobigquery.rows.RowVisitor} takes them.
 *
 * <p>Plain Java. May import {@code mapping} and what is below.
 */
package io.xmltobigquery.rows;
