package io.xmltobigquery.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.mapping.MappingReader;
import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;

/**
 * Invoices with parties and lines, and two mappings of the same values: by nested RECORDs, and by
 * the paths that only the second edition of the mapping has.
 */
final class Invoices {

  private static final String FLAT =
      """
      {"tables": [{"table": "invoices", "record": "/Feed/Invoices/Invoice", "fields": [
        {"name": "number", "type": "STRING", "source": "@number"},
        {"name": "date", "type": "DATE", "source": "Date"},
        {"name": "parties", "type": "RECORD", "mode": "REPEATED", "source": "Party", "fields": [
          {"name": "role", "type": "STRING", "source": "@role"},
          {"name": "name", "type": "STRING", "source": "Name"},
          {"name": "city", "type": "STRING", "source": "City"}]},
        {"name": "totals", "type": "RECORD", "mode": "REPEATED", "source": "Total", "fields": [
          {"name": "currency", "type": "STRING", "source": "@currency"},
          {"name": "amount", "type": "NUMERIC", "source": "."}]},
        {"name": "lines", "type": "RECORD", "mode": "REPEATED", "source": "Lines/Line", "fields": [
          {"name": "item", "type": "STRING", "source": "Item"},
          {"name": "quantity", "type": "INT64", "source": "Quantity"},
          {"name": "price", "type": "NUMERIC", "source": "Price"},
          {"name": "text", "type": "STRING", "source": "Text"}]}]}],
       "outside": "ignore"}
      """;

  private static final String BY_PATHS =
      """
      {"tables": [{"table": "invoices", "record": "/Feed/Invoices/Invoice", "fields": [
        {"name": "key", "type": "STRING", "source": "row:key()"},
        {"name": "sent", "type": "DATE", "source": "/Feed/Header/Sent"},
        {"name": "number", "type": "STRING", "source": "@number"},
        {"name": "date", "type": "DATE", "source": "Date"},
        {"name": "buyer", "type": "STRING", "source": "Party[@role='buyer']/Name"},
        {"name": "buyer_city", "type": "STRING", "source": "Party[@role='buyer']/City"},
        {"name": "euros", "type": "NUMERIC", "source": "Total[@currency='EUR']"}],
        "unknown": "ignore"},
       {"table": "lines", "record": "/Feed/Invoices/Invoice/Lines/Line", "fields": [
          {"name": "invoice", "type": "STRING", "source": "row:key(ancestor::Invoice[1])"},
          {"name": "item", "type": "STRING", "source": "Item"},
          {"name": "quantity", "type": "INT64", "source": "Quantity"},
          {"name": "price", "type": "NUMERIC", "source": "Price"},
          {"name": "text", "type": "STRING", "source": "Text"}]}],
       "outside": "ignore"}
      """;

  private Invoices() {}

  /** Invoices as rows of one table, with parties, totals and lines in it. */
  static Mapping flat() throws MappingException {
    return MappingReader.read(FLAT.getBytes(UTF_8));
  }

  /** A child table, a value of the header, and two conditions. */
  static Mapping byPaths() throws MappingException {
    return MappingReader.read(BY_PATHS.getBytes(UTF_8));
  }

  /** A document of the given size, or up to an invoice more; always the same bytes. */
  static byte[] document(int bytes) {
    SplittableRandom random = new SplittableRandom(1);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes + bytes / 10);
    out.writeBytes(utf8("<Feed>\n<Header><Sent>2026-11-30</Sent></Header>\n<Invoices>\n"));
    StringBuilder invoice = new StringBuilder();
    for (int number = 1; out.size() < bytes; number++) {
      append(invoice, number, random);
      out.writeBytes(utf8(invoice.toString()));
      invoice.setLength(0);
    }
    out.writeBytes(utf8("</Invoices>\n</Feed>\n"));
    return out.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  private static void append(StringBuilder out, int number, SplittableRandom random) {
    out.append("<Invoice number=\"").append(number).append("\">\n");
    out.append("  <Date>2026-0").append(random.nextInt(1, 10)).append("-17</Date>\n");
    appendParty(out, "seller", random);
    appendParty(out, "buyer", random);
    out.append("  <Total currency=\"EUR\">").append(random.nextInt(9_999)).append(".50</Total>\n");
    out.append("  <Total currency=\"USD\">").append(random.nextInt(9_999)).append(".25</Total>\n");
    out.append("  <Lines>\n");
    for (int lines = random.nextInt(1, 10); lines > 0; lines--) {
      out.append("    <Line>\n      <Item>item ").append(random.nextInt(100_000));
      out.append("</Item>\n      <Quantity>").append(random.nextInt(1, 500));
      out.append("</Quantity>\n      <Price>").append(random.nextInt(1_000));
      out.append(".75</Price>\n      <Text>delivered as it was ordered on day ");
      out.append(random.nextInt(1, 366)).append("</Text>\n    </Line>\n");
    }
    out.append("  </Lines>\n</Invoice>\n");
  }

  private static void appendParty(StringBuilder out, String role, SplittableRandom random) {
    out.append("  <Party role=\"").append(role).append("\">\n    <Name>company ");
    out.append(random.nextInt(10_000)).append("</Name>\n    <City>city ");
    out.append(random.nextInt(1_000)).append("</City>\n  </Party>\n");
  }
}
