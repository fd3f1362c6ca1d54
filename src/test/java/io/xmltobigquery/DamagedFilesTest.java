package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.oracle.OracleRejection;
import io.xmltobigquery.oracle.OracleTables;
import io.xmltobigquery.xml.DamagedSample;
import io.xmltobigquery.xml.DamagedSample.Form;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files don't disturb a job, however many they are. */
final class DamagedFilesTest {

  private static final Mapping MAPPING = MappingReader.defaultMapping();

  @TempDir Path dir;

  @Test
  void eachHasOneOutcomeAndTheJobSucceeds() throws Exception {
    Job job = new Job(dir);
    OracleTables tables = new OracleTables(MAPPING);
    Map<String, String> expected = new HashMap<>();
    for (Form form : Form.values()) {
      // Some hundreds in all, and both bytes of UTF-16's characters.
      int every = form == Form.GZIP ? 71 : 773;
      for (DamagedSample sample : DamagedSample.all(form, every).toList()) {
        String name = form + "-" + sample.at() + "-" + sample.damage();
        Path file = job.file(name, sample.bytes());
        expected.put(file.toString(), expect(sample, tables));
      }
    }

    job.run("--rejectedInput=keep");

    Map<String, String> outcomes = new HashMap<>();
    List<JsonNode> loads = job.rows("file_loads");
    loads.forEach(load -> outcomes.put(load.get("uri").asText(), load.get("outcome").asText()));
    assertThat(loads).hasSize(expected.size());
    assertThat(outcomes).isEqualTo(expected);
    assertThat(expected.values()).containsAtLeast("ACCEPTED", "REJECTED");
    for (String table : List.of("customers", "orders")) {
      job.rows(table).forEach(tables.table(table)::found);
      tables.table(table).assertSame();
    }
  }

  private static String expect(DamagedSample sample, OracleTables tables) {
    try {
      tables.expect(sample.document());
      return "ACCEPTED";
    } catch (OracleRejection e) {
      return "REJECTED";
    }
  }
}
