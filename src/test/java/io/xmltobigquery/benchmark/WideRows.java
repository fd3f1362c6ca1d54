package io.xmltobigquery.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.mapping.MappingReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Rows of many columns: a mapping, and documents of any size. The same numbers always give the same
 * bytes, and a column's values are alike however many columns there are.
 *
 * <pre>
 * WideRows --columns 5000 --megabytes 100 --output FILE
 * </pre>
 *
 * <p>The mapping is written to {@code FILE.mapping.json}. What was written is counted in {@code
 * FILE.json}, which comes last. A megabyte is 1,000,000 bytes.
 */
public final class WideRows {

  private static final String[] TYPES = {"STRING", "INT64", "NUMERIC", "DATE"};

  private final int columns;
  private final int every;

  /** Rows with a value for each column. */
  public WideRows(int columns) {
    this(columns, 1);
  }

  /**
   * Rows with a value for some columns.
   *
   * @param every 1 for all columns, 100 for one in a hundred
   */
  public WideRows(int columns, int every) {
    this.columns = columns;
    this.every = every;
  }

  private static String name(int column) {
    return "Column%05d".formatted(column);
  }

  /** The mapping document. */
  public String mappingJson() {
    return IntStream.range(0, columns)
        .mapToObj(
            i -> "{\"name\": \"%s\", \"type\": \"%s\"}".formatted(name(i), TYPES[i % TYPES.length]))
        .collect(
            Collectors.joining(
                ",\n",
                "{\"tables\": [{\"table\": \"wide\", \"record\": \"/Rows/Row\", \"fields\": [\n",
                "\n]}]}\n"));
  }

  public Mapping mapping() throws MappingException {
    return MappingReader.read(mappingJson().getBytes(UTF_8));
  }

  /**
   * Writes a document of the given size, or up to a row more.
   *
   * @return the number of rows, at least 1
   */
  public long writeTo(OutputStream out, long bytes) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder row = new StringBuilder("<Rows>\n");
    long rows = 0;
    for (long written = 0; written < bytes; rows++) {
      row.append("<Row>\n");
      for (int i = 0; i < columns; i += every) {
        String name = name(i);
        row.append("  <").append(name).append('>');
        appendValue(row, i, random);
        row.append("</").append(name).append(">\n");
      }
      row.append("</Row>\n");
      byte[] encoded = row.toString().getBytes(UTF_8);
      out.write(encoded);
      written += encoded.length;
      row.setLength(0);
    }
    out.write("</Rows>\n".getBytes(UTF_8));
    return rows;
  }

  private static void appendValue(StringBuilder row, int column, SplittableRandom random) {
    switch (TYPES[column % TYPES.length]) {
      case "STRING" -> row.append("text ").append(random.nextInt(1_000_000));
      case "INT64" -> row.append(random.nextLong(10_000_000_000L));
      case "NUMERIC" -> row.append(random.nextInt(1_000_000)).append(".25");
      default -> row.append("2026-0").append(random.nextInt(1, 10)).append("-17");
    }
  }

  public static void main(String[] args) throws IOException {
    if (args.length != 6
        || !args[0].equals("--columns")
        || !args[2].equals("--megabytes")
        || !args[4].equals("--output")) {
      System.err.println("usage: WideRows --columns N --megabytes N --output FILE");
      System.exit(2);
    }
    WideRows wide = new WideRows(Integer.parseInt(args[1]));
    Path file = Path.of(args[5]);
    long rows;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      rows = wide.writeTo(out, Long.parseLong(args[3]) * 1_000_000);
    }
    Files.writeString(Path.of(file + ".mapping.json"), wide.mappingJson());
    Files.writeString(
        Path.of(file + ".json"),
        String.format(Locale.ROOT, "{\"bytes\": %d, \"rows\": %d}%n", Files.size(file), rows));
  }
}
