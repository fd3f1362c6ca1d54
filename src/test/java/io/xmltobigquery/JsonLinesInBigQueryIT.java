package io.xmltobigquery;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.Lists;
import io.xmltobigquery.benchmark.GenerateOrders;
import io.xmltobigquery.localstack.LocalStack;
import io.xmltobigquery.mapping.BigQuerySchema;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.oracle.OracleTables;
import java.io.BufferedOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** That BigQuery takes the JSON Lines that we write, with our schemas, and has what the XML has. */
class JsonLinesInBigQueryIT {

  @RegisterExtension final LocalStack stack = new LocalStack();

  private static final int ROWS_OF_A_REQUEST = 2_000;

  @TempDir Path dir;

  @Test
  void eachTypeArrives() throws Exception {
    String mappingJson =
        """
        {"tables": [{"table": "types", "record": "/a/r", "fields": [
          {"name": "id", "type": "INT64", "mode": "REQUIRED", "source": "@id"},
          {"name": "text", "type": "STRING"},
          {"name": "float", "type": "FLOAT64"},
          {"name": "price", "type": "NUMERIC"},
          {"name": "exact", "type": "BIGNUMERIC"},
          {"name": "yes", "type": "BOOL"},
          {"name": "day", "type": "DATE"},
          {"name": "civil", "type": "DATETIME"},
          {"name": "clock", "type": "TIME"},
          {"name": "moment", "type": "TIMESTAMP"},
          {"name": "raw", "type": "BYTES"},
          {"name": "many", "type": "NUMERIC", "mode": "REPEATED"},
          {"name": "lines", "type": "RECORD", "mode": "REPEATED", "source": "line", "fields": [
            {"name": "text", "type": "STRING", "source": "@text"},
            {"name": "moments", "type": "TIMESTAMP", "mode": "REPEATED", "source": "at"}]}]}]}
        """;
    byte[] document =
        """
        <a>
        <r id="-9223372036854775808"/>
        <r id="1"><text/><float>-1.5E-300</float><price>+01.50</price><exact>0.10</exact><yes>1</yes>
        <day>0001-01-01</day><civil>9998-12-31T24:00:00</civil><clock>00:00:00.1</clock>
        <moment>1969-12-31T23:59:59.999999Z</moment><raw>AP8=</raw></r>
        <r id="9223372036854775807"><text>  日本 😀 &amp; "</text><float>0.1</float>
        <price>-99999999999999999999999999999.999999999</price>
        <exact>-12345678901234567890123456789012345678.12345678901234567890123456789012345678</exact>
        <yes>false</yes><day>9999-12-31</day><civil>2024-02-29T23:59:58.000001</civil>
        <clock>23:59:59</clock><moment>9999-12-31T23:59:59.999999</moment><raw/>
        <many>1</many><many>0.000000001</many><many>-0</many>
        <line text="a"/><line><at>2024-05-06T12:00:00+02:00</at><at>2024-05-06T00:00:00.5Z</at></line></r>
        </a>
        """
            .getBytes(UTF_8);
    Path mappingFile = Files.writeString(dir.resolve("mapping.json"), mappingJson);
    Mapping mapping = MappingReader.read(mappingJson.getBytes(UTF_8));
    Job job = new Job(dir);
    job.file("types.xml", document);

    job.run("--mapping=" + mappingFile);
    load(job, mapping);

    OracleTables expected = new OracleTables(mapping);
    expected.expect(document);
    stack.bigQuery().rows("types", expected.table("types")::found);
    expected.table("types").assertSame();
  }

  @Test
  void largeFileArrives() throws Exception {
    Mapping mapping = MappingReader.defaultMapping();
    Job job = new Job(dir);
    Path file = dir.resolve("in/large.xml");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      GenerateOrders.writeTo(out, 10_000_000, 11);
    }

    job.run();
    load(job, mapping);

    OracleTables expected = new OracleTables(mapping);
    try (InputStream in = Files.newInputStream(file)) {
      expected.expectLarge(in);
    }
    for (TableMapping table : mapping.tables()) {
      stack.bigQuery().rows(table.table(), expected.table(table.table())::found);
      expected.table(table.table()).assertSame();
    }
  }

  private void load(Job job, Mapping mapping) throws Exception {
    for (TableMapping table : mapping.tables()) {
      JsonNode fields = new JsonMapper().readTree(BigQuerySchema.json(table, false));
      stack.bigQuery().createTable(table.table(), fields);
      for (List<JsonNode> rows : Lists.partition(job.rows(table.table()), ROWS_OF_A_REQUEST)) {
        stack.bigQuery().insert(table.table(), rows);
      }
    }
  }
}
