package io.xmltobigquery.oracle;

import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.TableMapping;
import java.io.InputStream;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What all tables should have after some documents were loaded. */
public final class OracleTables {

  private final Mapping mapping;
  private final Map<String, OracleTable> tables;

  public OracleTables(Mapping mapping) {
    this.mapping = mapping;
    this.tables =
        mapping.tables().stream()
            .map(TableMapping::table)
            .collect(Collectors.toMap(Function.identity(), OracleTable::new));
  }

  /** Expects the rows of a document. */
  public void expect(byte[] document) throws OracleRejection {
    DomOracle.read(document, mapping).forEach(this::expect);
  }

  /** Expects the rows of a good document that is too large for a tree. */
  public void expectLarge(InputStream document) throws OracleRejection {
    DomOracle.readLarge(document, mapping, this::expect);
  }

  public OracleTable table(String name) {
    OracleTable table = tables.get(name);
    if (table == null) {
      throw new IllegalArgumentException("no table " + name + " in " + tables.keySet());
    }
    return table;
  }

  private void expect(OracleRecord record) {
    table(record.table()).expect(record.row());
  }
}
