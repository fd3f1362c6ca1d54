/**
 * Reading XML: encodings, the hardened parser, records, exact positions, chunks, limits.
 *
 * <p>{@link io.xmltobigquery.xml.Inspector} makes {@link io.xmltobigquery.xml.Chunk}s of a
 * document, {@link io.xmltobigquery.xml.RecordReader} reads the records of a document or of a
 * chunk: both by the same code. Below them, a {@code DocumentCursor} moves the parser on and knows
 * where it is, over a {@code DecodingReader} that counts bytes.
 *
 * <p>Plain Java, without Beam. May import {@code rows} and what is below.
 */
package io.xmltobigquery.xml;
