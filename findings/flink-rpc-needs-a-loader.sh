#!/bin/sh
# Flink doesn't find its own RPC system on the class path: it wants a loader, and the one that it ships unpacks a jar of
# 22 MB at each start.
#
# Found: flink-rpc-akka has META-INF/services/org.apache.flink.runtime.rpc.RpcSystem. With that jar on the class path in
# place of flink-rpc-akka-loader, RpcSystem.load fails; a RpcSystemLoader of one's own that does nothing but ask
# ServiceLoader for the RpcSystem is all that is missing. Flink's loader writes the same jar, which it carries inside of
# its own, to the temporary directory each time, and loads its classes from there.
# One would guess that a provider of a service on the class path is found, and that an embedded cluster runs what its
# class path has. So an archive of classes (AppCDS) has none of these either.
#
# flink-rpc-core, flink-rpc-akka and flink-rpc-akka-loader 1.19.0. Seen 2026-11-30; the output is below.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"
for artifact in flink-rpc-akka flink-rpc-akka-loader; do
  mkdir $artifact
  cat >$artifact/pom.xml <<END
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-core</artifactId><version>1.19.0</version></dependency>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-rpc-core</artifactId><version>1.19.0</version></dependency>
    <dependency><groupId>org.apache.flink</groupId><artifactId>$artifact</artifactId><version>1.19.0</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
END
  (cd $artifact &&
    mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath -Dmdep.outputFile=classpath) \
    >maven.log 2>&1 || { cat maven.log; exit 1; }
done

cat >Load.java <<'END'
import java.io.File;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.RpcSystem;

public class Load {
  public static void main(String[] args) {
    File temporary = new File(System.getProperty("java.io.tmpdir"));
    try (RpcSystem first = RpcSystem.load(new Configuration());
        RpcSystem second = RpcSystem.load(new Configuration())) {
      System.out.printf("%s: %s and %s", args[0], name(first), name(second));
      for (File file : temporary.listFiles((directory, name) -> name.endsWith(".jar"))) {
        System.out.printf(", unpacked %d MB", file.length() / 1_000_000);
      }
      System.out.println();
    } catch (Exception e) {
      System.out.printf("%s: %s%n", args[0], e.getMessage());
    }
  }

  static String name(RpcSystem system) {
    return system.getClass().getSimpleName();
  }
}
END
cat >OwnLoader.java <<'END'
import java.util.ServiceLoader;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.runtime.rpc.RpcSystemLoader;

public class OwnLoader implements RpcSystemLoader {
  @Override
  public int getLoadPriority() {
    return 0;
  }

  @Override
  public RpcSystem loadRpcSystem(Configuration configuration) {
    return ServiceLoader.load(RpcSystem.class).findFirst().orElseThrow();
  }
}
END
mkdir classes own
javac -d classes -cp "$(cat flink-rpc-akka/classpath)" Load.java
javac -d own -cp "$(cat flink-rpc-akka/classpath)" OwnLoader.java
mkdir -p own/META-INF/services
echo OwnLoader >own/META-INF/services/org.apache.flink.runtime.rpc.RpcSystemLoader

# What it says, with a temporary directory of its own.
load() {
  rm -rf temporary
  mkdir temporary
  java -Djava.io.tmpdir="$work/temporary" -cp "classes:$2" Load "$1"
}
{
  load "with Flink's loader" "$(cat flink-rpc-akka-loader/classpath)"
  load "with the jar" "$(cat flink-rpc-akka/classpath)"
  load "with the jar and a loader" "own:$(cat flink-rpc-akka/classpath)"
} >actual 2>errors || { cat errors; exit 1; }
cat >expected <<'END'
with Flink's loader: CleanupOnCloseRpcSystem and CleanupOnCloseRpcSystem, unpacked 22 MB, unpacked 22 MB
with the jar: Could not load RpcSystem.
with the jar and a loader: PekkoRpcSystem and PekkoRpcSystem
END
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
