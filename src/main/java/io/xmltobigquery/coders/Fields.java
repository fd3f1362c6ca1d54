package io.xmltobigquery.coders;

import io.xmltobigquery.xml.Position;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.jspecify.annotations.Nullable;

/** How fields of each kind are written: as Beam's own coders do, where there is one. */
public final class Fields {

  private Fields() {}

  @FunctionalInterface
  public interface Writer<T> {
    void write(T value, OutputStream out) throws IOException;
  }

  @FunctionalInterface
  public interface Reader<T> {
    T read(InputStream in) throws IOException;
  }

  /** In UTF-8, where half a surrogate pair becomes a question mark. */
  public static void writeString(String value, OutputStream out) throws IOException {
    StringUtf8Coder.of().encode(value, out);
  }

  public static String readString(InputStream in) throws IOException {
    return StringUtf8Coder.of().decode(in);
  }

  public static void writeBytes(byte[] value, OutputStream out) throws IOException {
    ByteArrayCoder.of().encode(value, out);
  }

  public static byte[] readBytes(InputStream in) throws IOException {
    return ByteArrayCoder.of().decode(in);
  }

  public static void writeInt(int value, OutputStream out) throws IOException {
    VarIntCoder.of().encode(value, out);
  }

  public static int readInt(InputStream in) throws IOException {
    return VarIntCoder.of().decode(in);
  }

  public static void writeLong(long value, OutputStream out) throws IOException {
    VarLongCoder.of().encode(value, out);
  }

  public static long readLong(InputStream in) throws IOException {
    return VarLongCoder.of().decode(in);
  }

  public static void writeBoolean(boolean value, OutputStream out) throws IOException {
    out.write(value ? 1 : 0);
  }

  public static boolean readBoolean(InputStream in) throws IOException {
    int value = in.read();
    if (value < 0) {
      throw new EOFException();
    }
    if (value > 1) {
      throw new CoderException("not a boolean: " + value);
    }
    return value == 1;
  }

  /** By its name: that of a constant is a promise already, since tables and reports have it. */
  public static void writeEnum(Enum<?> value, OutputStream out) throws IOException {
    writeString(value.name(), out);
  }

  public static <E extends Enum<E>> E readEnum(Class<E> type, InputStream in) throws IOException {
    String name = readString(in);
    try {
      return Enum.valueOf(type, name);
    } catch (IllegalArgumentException e) {
      throw new CoderException("no constant of " + type.getSimpleName() + ": " + name, e);
    }
  }

  public static void writeInstant(Instant value, OutputStream out) throws IOException {
    writeLong(value.getEpochSecond(), out);
    writeInt(value.getNano(), out);
  }

  public static Instant readInstant(InputStream in) throws IOException {
    return Instant.ofEpochSecond(readLong(in), readInt(in));
  }

  public static void writePosition(Position value, OutputStream out) throws IOException {
    writeLong(value.line(), out);
    writeLong(value.column(), out);
    writeLong(value.byteOffset(), out);
  }

  public static Position readPosition(InputStream in) throws IOException {
    return new Position(readLong(in), readLong(in), readLong(in));
  }

  public static <T> void writeNullable(@Nullable T value, OutputStream out, Writer<T> writer)
      throws IOException {
    writeBoolean(value != null, out);
    if (value != null) {
      writer.write(value, out);
    }
  }

  public static <T> @Nullable T readNullable(InputStream in, Reader<T> reader) throws IOException {
    return readBoolean(in) ? reader.read(in) : null;
  }

  public static <T> void writeAll(Collection<T> values, OutputStream out, Writer<T> writer)
      throws IOException {
    writeInt(values.size(), out);
    for (T value : values) {
      writer.write(value, out);
    }
  }

  public static <T> List<T> readAll(InputStream in, Reader<T> reader) throws IOException {
    List<T> values = new ArrayList<>();
    for (int left = readInt(in); left > 0; left--) {
      values.add(reader.read(in));
    }
    return values;
  }
}
