package io.xmltobigquery.flow.read;

import io.xmltobigquery.coders.Fields;
import io.xmltobigquery.coders.VersionedCoder;
import io.xmltobigquery.rows.Coverage;
import io.xmltobigquery.rows.Coverage.OfTable;
import io.xmltobigquery.rows.Coverage.Skipped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes {@link Coverage}s. */
public final class CoverageCoder extends VersionedCoder<Coverage> {

  private static final long serialVersionUID = 1L;

  /** For the types that have one. */
  public static final CoverageCoder INSTANCE = new CoverageCoder();

  @Override
  protected void write(Coverage coverage, OutputStream out) throws IOException {
    Fields.writeAll(coverage.tables(), out, CoverageCoder::writeTable);
    writeSkipped(coverage.outside(), out);
  }

  @Override
  protected Coverage read(InputStream in, int form) throws IOException {
    return new Coverage(Fields.readAll(in, CoverageCoder::readTable), readSkipped(in));
  }

  private static void writeTable(OfTable table, OutputStream out) throws IOException {
    Fields.writeBytes(table.filled().toByteArray(), out);
    writeCounts(table.markup(), out);
    writeCounts(table.leftOut(), out);
    Fields.writeLong(table.parentInvalid(), out);
    writeSkipped(table.skipped(), out);
  }

  private static OfTable readTable(InputStream in) throws IOException {
    return new OfTable(
        BitSet.valueOf(Fields.readBytes(in)),
        readCounts(in),
        readCounts(in),
        Fields.readLong(in),
        readSkipped(in));
  }

  private static void writeCounts(Map<Integer, Long> counts, OutputStream out) throws IOException {
    Fields.writeAll(
        counts.entrySet(),
        out,
        (count, to) -> {
          Fields.writeInt(count.getKey(), to);
          Fields.writeLong(count.getValue(), to);
        });
  }

  private static SortedMap<Integer, Long> readCounts(InputStream in) throws IOException {
    SortedMap<Integer, Long> counts = new TreeMap<>();
    Fields.readAll(in, from -> counts.put(Fields.readInt(from), Fields.readLong(from)));
    return counts;
  }

  private static void writeSkipped(Skipped skipped, OutputStream out) throws IOException {
    Fields.writeAll(
        skipped.counts().entrySet(),
        out,
        (count, to) -> {
          Fields.writeString(count.getKey(), to);
          Fields.writeLong(count.getValue(), to);
        });
    Fields.writeLong(skipped.others(), out);
  }

  private static Skipped readSkipped(InputStream in) throws IOException {
    Map<String, Long> counts = new LinkedHashMap<>();
    Fields.readAll(in, from -> counts.put(Fields.readString(from), Fields.readLong(from)));
    return new Skipped(counts, Fields.readLong(in));
  }
}
