#!/bin/sh
# Beam's FileSystems.delete with IGNORE_MISSING_FILES takes names for patterns: the second try deletes another file.
#
# Found: deleting order[1].xml deletes that file. The same once more, when it is gone, deletes order1.xml, which the name
# matches as a pattern. On local files a name is exact while the file exists; Beam's file system for Cloud Storage
# always takes it for a pattern.
# One would guess that a ResourceId is a name: matchNewResource() made it without looking, and delete() without the option
# does take it for one. The option is there for retries, and the retry is where it hurts. There is no way to escape.
#
# beam-sdks-java-core 2.70.0. Seen 2026-11-29; the output is below.
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
    <dependency><groupId>org.apache.beam</groupId><artifactId>beam-sdks-java-core</artifactId><version>2.70.0</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
END
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath -Dmdep.outputFile=classpath >maven.log 2>&1 ||
  { cat maven.log; exit 1; }

cat >Find.java <<'END'
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

public class Find {
  public static void main(String[] args) throws Exception {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    Path directory = Files.createDirectory(Path.of("files").toAbsolutePath());
    Files.writeString(directory.resolve("order[1].xml"), "");
    Files.writeString(directory.resolve("order1.xml"), "");
    ResourceId file = FileSystems.matchNewResource(directory + "/order[1].xml", false);
    for (int i = 1; i <= 2; i++) {
      FileSystems.delete(List.of(file), StandardMoveOptions.IGNORE_MISSING_FILES);
      System.out.println("left: " + Arrays.toString(directory.toFile().list()));
    }
  }
}
END
cat >expected <<'END'
left: [order1.xml]
left: []
END
java -cp "$(cat classpath)" Find.java >actual 2>errors || { cat errors; exit 1; }
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
