package io.xmltobigquery.parse;

import io.xmltobigquery.storage.FileVersion;
import io.xmltobigquery.xml.Chunk;

/**
 * A chunk and where its bytes are.
 *
 * @param content the whole file's bytes, uncompressed
 */
public record FileChunk(FileVersion file, FileContent content, Chunk chunk) {}
