package io.xmltobigquery.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.xmltobigquery.Documents;
import io.xmltobigquery.benchmark.GenerateOrders;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.oracle.DomOracle;
import io.xmltobigquery.oracle.OracleRecord;
import io.xmltobigquery.oracle.OracleRejection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A file, and what should become of it.
 *
 * @param content the digest of its bytes
 * @param rows those that the oracle reads; none of a file that should be rejected
 * @param invalidRecords how many of its records go to the dead letter, while the rest is loaded
 */
record InputFile(Path path, HashCode content, List<LoadedRow> rows, int invalidRecords) {

  private static final int SMALL_FILES = 12;
  private static final int BAD_FILES = 6;
  private static final int SMALL_BYTES = 20_000;

  /** Of several chunks, at {@code --chunkSizeMb=1}. */
  private static final int LARGE_BYTES = 1_300_000;

  private static final int INVALID_RECORDS = 2;

  /**
   * Writes the files of a scenario: small ones, one of several chunks, a compressed one that is
   * staged, some that are cut off, and one with invalid records.
   */
  static List<InputFile> write(Path directory, Scenario scenario)
      throws IOException, OracleRejection {
    Random random = new Random(scenario.seed());
    List<InputFile> files = new ArrayList<>();
    for (int i = 1; i <= SMALL_FILES; i++) {
      byte[] document = document(random.nextInt(SMALL_BYTES), random);
      files.add(good(directory.resolve("small" + i + ".xml"), document, document));
    }
    for (int i = 1; i <= BAD_FILES; i++) {
      byte[] document = document(random.nextInt(SMALL_BYTES), random);
      byte[] cut = Arrays.copyOf(document, random.nextInt(document.length - 20));
      files.add(file(directory.resolve("bad" + i + ".xml"), cut, List.of(), 0));
    }
    byte[] large = document(LARGE_BYTES, random);
    files.add(good(directory.resolve("large.xml"), large, large));
    byte[] compressed = document(LARGE_BYTES, random);
    files.add(good(directory.resolve("large.xml.gz"), Documents.gzip(compressed), compressed));
    files.add(
        withInvalidRecords(
            directory.resolve("invalid.xml"), scenario.loadsFilesWithInvalidRecords()));
    return files;
  }

  private static InputFile file(Path path, byte[] content, List<LoadedRow> rows, int invalidRecords)
      throws IOException {
    Files.write(path, content);
    return new InputFile(path, Hashing.sha256().hashBytes(content), rows, invalidRecords);
  }

  /** Whether another file has all its bytes, and no others. */
  boolean isSameAs(Path copy) throws IOException {
    return Hashing.sha256().hashBytes(Files.readAllBytes(copy)).equals(content);
  }

  String uri() {
    return path.toString();
  }

  boolean isGood() {
    return !rows.isEmpty();
  }

  private static byte[] document(int bytes, Random random) throws IOException {
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    GenerateOrders.writeTo(document, bytes, random.nextLong());
    return document.toByteArray();
  }

  private static InputFile good(Path path, byte[] content, byte[] document)
      throws IOException, OracleRejection {
    return file(path, content, rows(path, document), 0);
  }

  private static InputFile withInvalidRecords(Path path, boolean isLoaded)
      throws IOException, OracleRejection {
    String invalid = Documents.order(7).replace("<ShipVia>2<", "<ShipVia>by sea<");
    String records = Documents.order(1) + invalid.repeat(INVALID_RECORDS) + Documents.order(2);
    byte[] document = Documents.utf8(Documents.ordersOf(records));
    return isLoaded
        ? file(path, document, rows(path, document), INVALID_RECORDS)
        : file(path, document, List.of(), 0);
  }

  private static List<LoadedRow> rows(Path path, byte[] document) throws OracleRejection {
    List<OracleRecord> records =
        DomOracle.readAllowingInvalidRecords(
            new String(document, UTF_8), MappingReader.defaultMapping());
    List<LoadedRow> rows = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      OracleRecord record = records.get(i);
      if (record.row() != null) {
        rows.add(new LoadedRow(record.table(), path.toString(), i + 1, record.row().toString()));
      }
    }
    return rows;
  }
}
