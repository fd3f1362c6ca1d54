/**
 * Reading XML: encodings, the hardened parser, records, exact positions, parts, limits.
 *
 * <p>{@link io.xmltobigquery.xml.DocumentReader} reads a document once, in parts if it is large,
 * and {@link io.xmltobigquery.xml.RecordReader} the records of a document or of a part. Below it, a
 * {@code DocumentCursor} moves the parser on and knows where it is, over a {@code DecodingReader}
 * that counts bytes. {@link io.xmltobigquery.xml.ContentReader} reads all of a document, without a
 * mapping.
 *
 * <p>Plain Java, without Beam. May import {@code rows} and what is below.
 */
package io.xmltobigquery.xml;
