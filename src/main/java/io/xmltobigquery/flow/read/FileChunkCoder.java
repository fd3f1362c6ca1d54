package io.xmltobigquery.flow.read;

import io.xmltobigquery.coders.Fields;
import io.xmltobigquery.coders.VersionedCoder;
import io.xmltobigquery.files.FileVersionCoder;
import io.xmltobigquery.xml.Chunk;
import io.xmltobigquery.xml.Encoding;
import io.xmltobigquery.xml.OpenElement;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.CoderException;

public final class FileChunkCoder extends VersionedCoder<FileChunk> {

  private static final long serialVersionUID = 1L;

  private static final int STORED = 0;
  private static final int STAGED = 1;
  private static final int INLINE = 2;

  /** Two arrays of the same bytes aren't equal. */
  @Override
  public boolean consistentWithEquals() {
    return false;
  }

  @Override
  protected void write(FileChunk chunk, OutputStream out) throws IOException {
    FileVersionCoder.INSTANCE.encode(chunk.file(), out);
    writeContent(chunk.content(), out);
    writeChunk(chunk.chunk(), out);
  }

  @Override
  protected FileChunk read(InputStream in) throws IOException {
    return new FileChunk(FileVersionCoder.INSTANCE.decode(in), readContent(in), readChunk(in));
  }

  private static void writeContent(FileContent content, OutputStream out) throws IOException {
    if (content instanceof FileContent.Stored stored) {
      out.write(STORED);
      FileVersionCoder.INSTANCE.encode(stored.file(), out);
    } else if (content instanceof FileContent.Staged staged) {
      out.write(STAGED);
      Fields.writeString(staged.uri(), out);
    } else if (content instanceof FileContent.Inline inline) {
      out.write(INLINE);
      Fields.writeBytes(inline.bytes(), out);
    } else {
      throw new IllegalStateException(content.getClass().getName());
    }
  }

  private static FileContent readContent(InputStream in) throws IOException {
    int kind = in.read();
    return switch (kind) {
      case STORED -> new FileContent.Stored(FileVersionCoder.INSTANCE.decode(in));
      case STAGED -> new FileContent.Staged(Fields.readString(in));
      case INLINE -> new FileContent.Inline(Fields.readBytes(in));
      default -> throw new CoderException("not a kind of content: " + kind);
    };
  }

  private static void writeChunk(Chunk chunk, OutputStream out) throws IOException {
    Fields.writeString(chunk.encoding().charsetName(), out);
    Fields.writeInt(chunk.encoding().byteOrderMarkLength(), out);
    Fields.writeBoolean(chunk.encoding().xml11(), out);
    Fields.writePosition(chunk.start(), out);
    Fields.writeLong(chunk.end(), out);
    Fields.writeLong(chunk.firstRecord(), out);
    Fields.writeLong(chunk.records(), out);
    Fields.writeAll(chunk.openElements(), out, FileChunkCoder::writeElement);
  }

  private static Chunk readChunk(InputStream in) throws IOException {
    return new Chunk(
        new Encoding(Fields.readString(in), Fields.readInt(in), Fields.readBoolean(in)),
        Fields.readPosition(in),
        Fields.readLong(in),
        Fields.readLong(in),
        Fields.readLong(in),
        Fields.readAll(in, FileChunkCoder::readElement));
  }

  private static void writeElement(OpenElement element, OutputStream out) throws IOException {
    Fields.writeString(element.qualifiedName(), out);
    // In an order, since that of the map is another one in each process.
    Fields.writeAll(
        new TreeMap<>(element.namespaces()).entrySet(), out, FileChunkCoder::writeNamespace);
  }

  private static OpenElement readElement(InputStream in) throws IOException {
    String name = Fields.readString(in);
    Map<String, String> namespaces = new HashMap<>();
    for (Map.Entry<String, String> namespace : Fields.readAll(in, FileChunkCoder::readNamespace)) {
      namespaces.put(namespace.getKey(), namespace.getValue());
    }
    return new OpenElement(name, namespaces);
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
