package io.xmltobigquery;

import io.xmltobigquery.xml.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;

/** XML documents of the default mapping. */
public final class Documents {

  /** Names that files may have, and that somebody may take for something else. */
  static final List<String> ODD_NAMES =
      List.of(
          "a b.xml",
          "c#1.xml",
          "50%.xml",
          "%41.xml",
          "d[1].xml",
          "e*.xml",
          "f?.xml",
          "{g}.xml",
          "日本/é😀.xml",
          "h+i&j=k.xml");

  private Documents() {}

  /** A document with orders of the employees 1, 2, … */
  public static String orders(int count) {
    return ordersOf(
        IntStream.rangeClosed(1, count).mapToObj(Documents::order).collect(Collectors.joining()));
  }

  /** A document with the given text between the tags of its section of orders. */
  public static String ordersOf(String content) {
    return "<Root>\n<Orders>\n" + content + "</Orders>\n</Root>\n";
  }

  /** An order, on lines of its own; the third is the order date's. */
  public static String order(int employee) {
    return """
        <Order>
        <CustomerID>KØBEN</CustomerID><EmployeeID>%d</EmployeeID>
        <OrderDate>2024-05-06T00:00:00</OrderDate>
        <RequiredDate>2024-06-03T00:00:00Z</RequiredDate>
        <ShipInfo ShippedDate="2024-05-15T00:00:00">
        <ShipVia>2</ShipVia><Freight>3.35</Freight>
        <ShipName>Smørrebrød &amp; Co</ShipName><ShipAddress>Gade 1</ShipAddress>
        <ShipCity>København</ShipCity><ShipRegion>H</ShipRegion>
        <ShipPostalCode>1000</ShipPostalCode><ShipCountry>Denmark</ShipCountry>
        </ShipInfo>
        </Order>
        """
        .formatted(employee);
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static byte[] gzip(byte[] content) {
    return gzip(content, Deflater.DEFAULT_COMPRESSION);
  }

  /** Gzip that isn't smaller than what is in it. */
  public static byte[] uncompressedGzip(byte[] content) {
    return gzip(content, Deflater.NO_COMPRESSION);
  }

  public static byte[] compress(Compression compression, byte[] content) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (compression) {
          case GZIP -> new GZIPOutputStream(compressed);
          case BZIP2 -> new BZip2CompressorOutputStream(compressed, 1);
          // The second level takes a dictionary of 1 MiB.
          case XZ -> new XZCompressorOutputStream(compressed, 1);
          // With a checksum, as the command writes it.
          case ZSTD -> new ZstdCompressorOutputStream(compressed, 3, false, true);
        }) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  private static byte[] gzip(byte[] content, int level) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out =
        new GZIPOutputStream(compressed) {
          {
            def.setLevel(level);
          }
        }) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }
}
