#!/bin/sh
# BigQueryIO's Storage Write path takes every string for a BOOL, and seconds for milliseconds, without an error.
#
# Found: a BOOL is true for "true" and false for any other string, "yes" and "1" among them. A TIMESTAMP given as a
# string of digits is in milliseconds, given as a number in microseconds. A FLOAT64 of "1e400" is infinity. A TableRow
# in a JSON column becomes Java's text of the object. Other values that don't fit are refused, INT64 "1.5" for one.
# One would guess that what can't be read is refused for every type, and that digits mean the same in a string as in a
# number.
#
# beam-sdks-java-io-google-cloud-platform 2.70.0. Seen 2026-11-29; the output is below (TIMESTAMPs in microseconds).
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
cat >pom.xml <<'END'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.beam</groupId><artifactId>beam-sdks-java-io-google-cloud-platform</artifactId><version>2.70.0</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
END
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath -Dmdep.outputFile=classpath >maven.log 2>&1 ||
  { cat maven.log; exit 1; }

cat >Find.java <<'END'
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableRow;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import java.util.List;
import org.apache.beam.sdk.io.gcp.bigquery.TableRowToStorageApiProto;
import org.apache.beam.sdk.io.gcp.bigquery.TableRowToStorageApiProto.SchemaInformation;

public class Find {
  public static void main(String[] args) throws Exception {
    tell("BOOL", "true");
    tell("BOOL", "yes");
    tell("BOOL", "1");
    tell("TIMESTAMP", "1704067200");
    tell("TIMESTAMP", 1704067200L);
    tell("FLOAT64", "1e400");
    tell("JSON", new TableRow().set("a", 1));
    tell("INT64", "1.5");
  }

  static void tell(String type, Object value) throws Exception {
    TableSchema schema =
        new TableSchema().setFields(List.of(new TableFieldSchema().setName("c").setType(type)));
    Descriptor descriptor =
        TableRowToStorageApiProto.getDescriptorFromTableSchema(schema, true, false);
    SchemaInformation information =
        SchemaInformation.fromTableSchema(TableRowToStorageApiProto.schemaToProtoTableSchema(schema));
    String result;
    try {
      DynamicMessage message =
          TableRowToStorageApiProto.messageFromTableRow(
              information, descriptor, new TableRow().set("c", value), false, false, null, null, -1);
      result = message.getField(descriptor.getFields().get(0)).toString();
    } catch (Exception e) { // SchemaConversionException, which isn't public.
      result = "refused";
    }
    System.out.println(type + " " + value.getClass().getSimpleName() + " " + value + ": " + result);
  }
}
END
cat >expected <<'END'
BOOL String true: true
BOOL String yes: false
BOOL String 1: false
TIMESTAMP String 1704067200: 1704067200000
TIMESTAMP Long 1704067200: 1704067200
FLOAT64 String 1e400: Infinity
JSON TableRow GenericData{classInfo=[f], {a=1}}: GenericData{classInfo=[f], {a=1}}
INT64 String 1.5: refused
END
java -cp "$(cat classpath)" Find.java >actual 2>errors || { cat errors; exit 1; }
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
