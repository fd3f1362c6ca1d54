package io.xmltobigquery.flow.read;

import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.xml.Chunk;

/**
 * A chunk and where its bytes are.
 *
 * @param content the whole file's bytes, uncompressed
 */
public record FileChunk(FileVersion file, FileContent content, Chunk chunk) {}
