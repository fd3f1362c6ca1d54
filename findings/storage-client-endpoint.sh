#!/bin/sh
# Google's Cloud Storage client takes an endpoint with the API's path for a store in which nothing exists.
#
# Found: setHost wants the root. Given ROOT/storage/v1/, which is what Beam's --gcsEndpoint wants, it asks for
# /storage/v1/storage/v1/b/..., and makes of the 404 a null for get and a false for delete, as for a missing object.
# One would guess an error: the server has said that it doesn't know the path, and only the client knows that it
# wanted an object. A job that is led to an emulator or a private endpoint so finds all its files gone.
#
# google-cloud-storage 2.59.0, against a server of 20 lines that has one object. Seen 2026-11-29; the output is below.
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
    <dependency><groupId>com.google.cloud</groupId><artifactId>google-cloud-storage</artifactId><version>2.59.0</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
END
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath -Dmdep.outputFile=classpath >maven.log 2>&1 ||
  { cat maven.log; exit 1; }

cat >Find.java <<'END'
import com.google.cloud.NoCredentials;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

public class Find {
  public static void main(String[] args) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", Find::answer);
    server.start();
    String root = "http://localhost:" + server.getAddress().getPort();
    try {
      for (String path : List.of("", "/storage/v1/")) {
        System.out.println("setHost(ROOT" + path + ")");
        Storage storage =
            StorageOptions.newBuilder()
                .setHost(root + path)
                .setProjectId("project")
                .setCredentials(NoCredentials.getInstance())
                .build()
                .getService();
        Blob object = storage.get(BlobId.of("bucket", "a.xml"));
        System.out.println("  get: " + (object == null ? null : object.getSize() + " bytes"));
        System.out.println("  delete: " + storage.delete(BlobId.of("bucket", "a.xml")));
      }
    } finally {
      server.stop(0);
    }
  }

  static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    System.out.println("  asked: " + exchange.getRequestMethod() + " " + path);
    boolean found = path.equals("/storage/v1/b/bucket/o/a.xml");
    String object = "{\"bucket\": \"bucket\", \"name\": \"a.xml\", \"size\": \"3\"}";
    byte[] body = (found ? object : "no such path").getBytes();
    exchange.getResponseHeaders().add("Content-Type", found ? "application/json" : "text/plain");
    exchange.sendResponseHeaders(found ? 200 : 404, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
END
cat >expected <<'END'
setHost(ROOT)
  asked: GET /storage/v1/b/bucket/o/a.xml
  get: 3 bytes
  asked: DELETE /storage/v1/b/bucket/o/a.xml
  delete: true
setHost(ROOT/storage/v1/)
  asked: GET /storage/v1/storage/v1/b/bucket/o/a.xml
  get: null
  asked: DELETE /storage/v1/storage/v1/b/bucket/o/a.xml
  delete: false
END
java -cp "$(cat classpath)" Find.java >actual 2>errors || { cat errors; exit 1; }
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
