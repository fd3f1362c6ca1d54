package io.xmltobigquery.flow.read;

import io.xmltobigquery.coders.Fields;
import io.xmltobigquery.coders.VersionedCoder;
import io.xmltobigquery.files.FileVersionCoder;
import io.xmltobigquery.xml.OpenElement;
import io.xmltobigquery.xml.PartStart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;

/** Writes {@link FilePart}s. */
public final class FilePartCoder extends VersionedCoder<FilePart> {

  private static final long serialVersionUID = 1L;

  /** For the types that have a part. */
  public static final FilePartCoder INSTANCE = new FilePartCoder();

  @Override
  protected void write(FilePart part, OutputStream out) throws IOException {
    FileVersionCoder.INSTANCE.encode(part.file(), out);
    Fields.writeInt(part.count(), out);
    writeStart(part.start(), out);
    Fields.writeAll(part.others(), out, FilePartCoder::writeStart);
    Fields.writeBoolean(part.readsOn(), out);
    Fields.writeInstant(part.started(), out);
  }

  @Override
  protected FilePart read(InputStream in, int form) throws IOException {
    return new FilePart(
        FileVersionCoder.INSTANCE.decode(in),
        Fields.readInt(in),
        readStart(in),
        Fields.readAll(in, FilePartCoder::readStart),
        Fields.readBoolean(in),
        Fields.readInstant(in));
  }

  static void writeStart(PartStart start, OutputStream out) throws IOException {
    Fields.writeLong(start.byteOffset(), out);
    Fields.writeAll(start.openElements(), out, FilePartCoder::writeElement);
  }

  static PartStart readStart(InputStream in) throws IOException {
    return new PartStart(Fields.readLong(in), Fields.readAll(in, FilePartCoder::readElement));
  }

  private static void writeElement(OpenElement element, OutputStream out) throws IOException {
    Fields.writeString(element.qualifiedName(), out);
    // In an order of their own, so that equal elements have equal bytes.
    Fields.writeAll(
        new TreeMap<>(element.namespaces()).entrySet(), out, FilePartCoder::writeNamespace);
  }

  private static OpenElement readElement(InputStream in) throws IOException {
    String qualifiedName = Fields.readString(in);
    Map<String, String> namespaces = new TreeMap<>();
    for (Map.Entry<String, String> namespace : Fields.readAll(in, FilePartCoder::readNamespace)) {
      namespaces.put(namespace.getKey(), namespace.getValue());
    }
    return new OpenElement(qualifiedName, namespaces);
  }

  private static void writeNamespace(Map.Entry<String, String> namespace, OutputStream out)
      throws IOException {
    Fields.writeString(namespace.getKey(), out);
    Fields.writeString(namespace.getValue(), out);
  }

  private static Map.Entry<String, String> readNamespace(InputStream in) throws IOException {
    return Map.entry(Fields.readString(in), Fields.readString(in));
  }
}
