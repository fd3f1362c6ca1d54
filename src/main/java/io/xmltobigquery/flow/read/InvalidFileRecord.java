package io.xmltobigquery.flow.read;

import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.xml.InvalidRecord;

/** An invalid record and the file version that it stands in. */
public record InvalidFileRecord(FileVersion file, InvalidRecord record) {}
