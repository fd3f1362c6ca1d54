package io.xmltobigquery.files;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class LocalFileStoreTest {

  @TempDir Path dir;

  private final FileStore store = new LocalFileStore();

  @Test
  void aVersionStaysTheSameWhileTheFileDoes() throws IOException {
    FileVersion version = version("a.xml", "one");

    assertThat(version.uri()).isEqualTo(dir + "/a.xml");
    assertThat(version.size()).isEqualTo(3);
    assertThat(read(version, 0)).isEqualTo("one");
    assertThat(store.find(version.uri())).isEqualTo(version);
    store.verify(version);
  }

  @Test
  void readsFromAnyOffset() throws IOException {
    FileVersion version = version("a.xml", "one two");

    assertThat(read(version, 4)).isEqualTo("two");
    assertThat(read(version, 7)).isEmpty();
  }

  @Test
  void twoNamesOfOneContentAreTwoVersions() throws IOException {
    assertThat(version("a.xml", "one").digest()).isNotEqualTo(version("b.xml", "one").digest());
  }

  @Test
  void anOverwrittenFileIsAnotherVersion() throws IOException {
    FileVersion version = version("a.xml", "one");
    write("a.xml", "other");

    assertSuperseded(assertThrows(FileGoneException.class, () -> store.open(version, 0)));
    assertSuperseded(assertThrows(FileGoneException.class, () -> store.verify(version)));
    assertSuperseded(assertThrows(FileGoneException.class, () -> store.copy(version, dir + "/b")));
    assertThat(store.delete(version)).isFalse();
    assertThat(files()).containsExactly("a.xml");
  }

  @Test
  void aFileOfTheSameSizeInItsPlaceIsAnotherVersion() throws IOException {
    FileVersion version = version("a.xml", "one");
    Files.move(write("new.xml", "two"), path("a.xml"), StandardCopyOption.REPLACE_EXISTING);

    assertSuperseded(assertThrows(FileGoneException.class, () -> store.open(version, 0)));
  }

  @Test
  void aFileThatHasGrownIsAnotherVersion() throws IOException {
    FileVersion version = version("a.xml", "one");
    Files.writeString(path("a.xml"), "+", StandardOpenOption.APPEND);

    assertSuperseded(assertThrows(FileGoneException.class, () -> store.verify(version)));
  }

  @Test
  void aDeletedFileIsMissing() throws IOException {
    FileVersion version = version("a.xml", "one");
    Files.delete(path("a.xml"));

    assertMissing(assertThrows(FileGoneException.class, () -> store.find(version.uri())));
    assertMissing(assertThrows(FileGoneException.class, () -> store.open(version, 0)));
    assertMissing(assertThrows(FileGoneException.class, () -> store.verify(version)));
    assertMissing(assertThrows(FileGoneException.class, () -> store.copy(version, dir + "/b")));
    assertThat(store.delete(version)).isFalse();
    assertThat(files()).isEmpty();
  }

  @Test
  void aDirectoryIsUnreadable() throws IOException {
    Files.createDirectory(path("sub"));
    FileVersion version = store.find(dir + "/sub");

    UnreadableFileException e =
        assertThrows(UnreadableFileException.class, () -> store.open(version, 0));

    assertThat(e).hasMessageThat().isEqualTo(dir + "/sub is a directory");
    assertThrows(UnreadableFileException.class, () -> store.copy(version, dir + "/b"));
  }

  @Test
  void aFileThatMayNotBeAskedForIsUnreadable() throws IOException {
    FileVersion version = version("a.xml", "one");
    FileStore denied =
        new LocalFileStore(
            (file, names) -> {
              throw new AccessDeniedException(file.toString());
            });

    for (Executable asked :
        List.<Executable>of(
            () -> denied.find(version.uri()),
            () -> denied.find(version.id()),
            () -> denied.exists(version.uri()),
            () -> denied.open(version, 0),
            () -> denied.delete(version))) {
      assertThat(assertThrows(UnreadableFileException.class, asked))
          .hasMessageThat()
          .isEqualTo("no permission to read " + version.uri());
    }
  }

  @Test
  void leavesWhatIsThereAlreadyUnlessItIsToBeReplaced() throws IOException {
    FileVersion version = version("a.xml", "one");
    write("b.xml", "what is there");

    store.copy(version, dir + "/b.xml");
    store.write(dir + "/b.xml", out -> out.write('2'));
    store.copy(version, dir + "/new/directory/b.xml");

    assertThat(Files.readString(path("b.xml"))).isEqualTo("what is there");
    assertThat(Files.readString(path("new/directory/b.xml"))).isEqualTo("one");
    assertThat(files()).containsExactly("a.xml", "b.xml", "new/directory/b.xml");

    store.replace(dir + "/b.xml", out -> out.write('2'));
    assertThat(Files.readString(path("b.xml"))).isEqualTo("2");
  }

  @Test
  void deletesItsVersion() throws IOException {
    FileVersion version = version("a.xml", "one");

    assertThat(store.delete(version)).isTrue();
    assertThat(store.delete(version)).isFalse();
    assertThat(files()).isEmpty();
  }

  @Test
  void takesFileUrisForLocal() throws IOException {
    String uri = "file://" + write("with blank#%20.xml", "one");

    FileVersion version = store.find(uri);

    assertThat(read(version, 0)).isEqualTo("one");
  }

  @Test
  void aFileIsWrittenWholeOrNotAtAll() throws IOException {
    assertThrows(
        IOException.class,
        () ->
            store.write(
                dir + "/a.xml",
                out -> {
                  out.write('a');
                  throw new IOException("the source is gone");
                }));

    assertThat(files()).isEmpty();
  }

  private static void assertSuperseded(FileGoneException e) {
    assertThat(e).hasMessageThat().contains("was overwritten");
    assertThat(e.isSuperseded()).isTrue();
  }

  private static void assertMissing(FileGoneException e) {
    assertThat(e).hasMessageThat().contains("doesn't exist any more");
    assertThat(e.isSuperseded()).isFalse();
  }

  private String read(FileVersion version, long offset) throws IOException {
    try (InputStream in = store.open(version, offset)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private FileVersion version(String name, String content) throws IOException {
    return store.find(write(name, content).toString());
  }

  private Path write(String name, String content) throws IOException {
    Files.createDirectories(path(name).getParent());
    return Files.writeString(path(name), content);
  }

  private Path path(String name) {
    return dir.resolve(name);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> dir.relativize(file).toString())
          .toList();
    }
  }
}
