#!/bin/sh
# A ZIP that Python's zipfile writes into a pipe is refused by Java's ZipInputStream.
#
# Found: zipfile stores entries by default, and where it can't seek it puts their sizes behind them. ZipInputStream refuses
# stored entries of that kind. So does commons-compress, unless told otherwise. With ZIP_DEFLATED both read them; ZipFile,
# which begins at the end of a file, reads either. ZIP allows all of it.
# One would guess that two standard libraries agree on their defaults. A file that was written to a disk, as in tests,
# is read: only uploads, pipes and responses are of the other kind.
#
# Python 3.11's zipfile, JDK 17, commons-compress 1.28.0. Seen 2026-11-29; the output is below.
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
    <dependency><groupId>org.apache.commons</groupId><artifactId>commons-compress</artifactId><version>1.28.0</version></dependency>
  </dependencies>
</project>
END
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath -Dmdep.outputFile=classpath >maven.log 2>&1 ||
  { cat maven.log; exit 1; }

cat >zip.py <<'END'
import sys
import zipfile

with zipfile.ZipFile(sys.stdout.buffer, "w", getattr(zipfile, sys.argv[1])) as archive:
    archive.writestr("a.xml", "<list/>")
END
python3 zip.py ZIP_STORED >file-stored.zip
python3 zip.py ZIP_STORED | cat >pipe-stored.zip
python3 zip.py ZIP_DEFLATED | cat >pipe-deflated.zip

cat >Find.java <<'END'
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;

public class Find {
  interface Read {
    String text(Path zip) throws IOException;
  }

  public static void main(String[] args) {
    for (String zip : new String[] {"file-stored.zip", "pipe-stored.zip", "pipe-deflated.zip"}) {
      tell(zip, "ZipInputStream", Find::stream);
      tell(zip, "commons-compress", Find::compress);
      tell(zip, "ZipFile", Find::file);
    }
  }

  static void tell(String zip, String reader, Read read) {
    String result;
    try {
      result = read.text(Path.of(zip));
    } catch (IOException e) {
      result = "refused";
    }
    System.out.println(zip + ", " + reader + ": " + result);
  }

  static String stream(Path zip) throws IOException {
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
      in.getNextEntry();
      return text(in);
    }
  }

  static String compress(Path zip) throws IOException {
    try (ZipArchiveInputStream in = new ZipArchiveInputStream(Files.newInputStream(zip))) {
      in.getNextEntry();
      return text(in);
    }
  }

  static String file(Path zip) throws IOException {
    try (ZipFile file = new ZipFile(zip.toFile())) {
      return text(file.getInputStream(file.getEntry("a.xml")));
    }
  }

  static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes());
  }
}
END
cat >expected <<'END'
file-stored.zip, ZipInputStream: <list/>
file-stored.zip, commons-compress: <list/>
file-stored.zip, ZipFile: <list/>
pipe-stored.zip, ZipInputStream: refused
pipe-stored.zip, commons-compress: refused
pipe-stored.zip, ZipFile: <list/>
pipe-deflated.zip, ZipInputStream: <list/>
pipe-deflated.zip, commons-compress: <list/>
pipe-deflated.zip, ZipFile: <list/>
END
java -cp "$(cat classpath)" Find.java >actual 2>errors || { cat errors; exit 1; }
if ! cmp -s expected actual; then
  printf '%s\n' "expected:" "$(cat expected)" "but was:" "$(cat actual)"
  exit 1
fi
cat actual
