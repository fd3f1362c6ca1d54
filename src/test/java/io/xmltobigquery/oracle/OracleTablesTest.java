package io.xmltobigquery.oracle;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.xmltobigquery.Documents;
import io.xmltobigquery.benchmark.GenerateOrders;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OracleTablesTest {

  private static final Mapping MAPPING = MappingReader.defaultMapping();

  private final OracleTables tables = new OracleTables(MAPPING);
  private final OracleTable orders = tables.table("orders");
  private List<JsonNode> rows = List.of();

  @BeforeEach
  void expectThreeOrders() throws OracleRejection {
    byte[] document = Documents.utf8(Documents.orders(3));
    tables.expect(document);
    rows = DomOracle.read(document, MAPPING).stream().map(r -> (JsonNode) r.row()).toList();
  }

  @Test
  void sameRowsInAnyOrderAreTheSame() {
    for (int i : new int[] {2, 0, 1}) {
      orders.found(rows.get(i));
    }

    orders.assertSame();
    orders.assertNoneMissing();
    assertThat(orders.size()).isEqualTo(3);
  }

  @Test
  void missingRowIsShown() {
    orders.found(rows.get(0));
    orders.found(rows.get(2));

    for (AssertionError e :
        List.of(
            assertThrows(AssertionError.class, orders::assertSame),
            assertThrows(AssertionError.class, orders::assertNoneMissing))) {
      assertThat(e).hasMessageThat().contains("1 missing");
      assertThat(e).hasMessageThat().contains(rows.get(1).toString());
    }
  }

  @Test
  void rowThatIsThereTwiceIsAtLeastThereOnce() {
    rows.forEach(orders::found);
    orders.found(rows.get(1));

    orders.assertNoneMissing();
    AssertionError e = assertThrows(AssertionError.class, orders::assertSame);
    assertThat(e).hasMessageThat().contains("too often");
    assertThat(e).hasMessageThat().contains(rows.get(1).toString());
  }

  @Test
  void rowThatIsNotExpectedIsShown() {
    rows.forEach(orders::found);
    orders.found(JsonNodeFactory.instance.objectNode().put("CustomerID", ""));

    assertThrows(AssertionError.class, orders::assertSame);
    AssertionError e = assertThrows(AssertionError.class, orders::assertNoneMissing);
    assertThat(e).hasMessageThat().contains("{\"CustomerID\":\"\"}");
  }

  @Test
  void documentIsReadAlikeInPartsAndAsAWhole() throws Exception {
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    GenerateOrders.writeTo(document, 2_000_000, 5);

    List<OracleRecord> parts = new ArrayList<>();
    DomOracle.readLarge(new ByteArrayInputStream(document.toByteArray()), MAPPING, parts::add);

    assertThat(parts).isEqualTo(DomOracle.read(document.toByteArray(), MAPPING));
  }
}
