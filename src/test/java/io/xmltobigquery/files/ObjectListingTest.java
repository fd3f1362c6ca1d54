package io.xmltobigquery.files;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.files.FakeCloudStorage.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ObjectListingTest {

  private FakeCloudStorage storage;
  private ObjectListing listing;

  @BeforeEach
  void start() throws IOException {
    storage = FakeCloudStorage.start("bucket", "other");
    listing = ObjectListing.of(storage.options().as(GcsOptions.class));
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  @Test
  void visitsTheVersionsOfWhatBeginsSo() throws IOException {
    storage.put("gs://bucket/a/é [1].xml", new byte[1]);
    FileVersion overwritten = storage.put("gs://bucket/a/é [1].xml", new byte[2]);
    FileVersion placeholder = storage.put("gs://bucket/a/b/", new byte[0]);
    FileVersion deep = storage.put("gs://bucket/a/b/c.xml", new byte[3]);
    storage.put("gs://bucket/b.xml", new byte[1]);
    storage.put("gs://other/a/d.xml", new byte[1]);

    assertThat(list("gs://bucket/a/")).containsExactly(placeholder, deep, overwritten).inOrder();
    assertThat(list("gs://bucket/a/b/c")).containsExactly(deep);
    assertThat(list("gs://bucket/")).hasSize(4);
    assertThat(list("gs://bucket/x")).isEmpty();
    assertThat(storage.requests(Kind.METADATA)).isEqualTo(0);
  }

  @Test
  void holdsOnePageAtATime() throws IOException {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 2_001; i++) {
      names.add(storage.put("gs://bucket/%04d.xml".formatted(i), new byte[0]).uri());
    }
    List<String> visited = new ArrayList<>();

    listing.visit(
        "gs://bucket/",
        object -> {
          assertThat(storage.requests(Kind.LIST)).isEqualTo(visited.size() / 1_000 + 1);
          visited.add(object.uri());
        });

    assertThat(visited).isEqualTo(names);
  }

  @Test
  void beginsAtAnyNameAndStopsWhenItIsTold() throws IOException {
    for (int i = 0; i < 9; i++) {
      storage.put("gs://bucket/a/%d.xml".formatted(i), new byte[0]);
    }
    List<String> visited = new ArrayList<>();

    listing.visit(
        "gs://bucket/a/",
        "a/3.w",
        object -> {
          visited.add(object.uri());
          return visited.size() < 2;
        });

    assertThat(visited).containsExactly("gs://bucket/a/3.xml", "gs://bucket/a/4.xml").inOrder();
  }

  @Test
  void missingBucketIsNamed() {
    IOException e = assertThrows(IOException.class, () -> list("gs://no-bucket/a"));

    assertThat(e)
        .hasMessageThat()
        .isEqualTo("gs://no-bucket/a can't be listed: there is no bucket no-bucket");
  }

  @Test
  void missingPermissionIsNamed() {
    storage.refuse(Kind.LIST, 1, 403);

    IOException e = assertThrows(UnreadableFileException.class, () -> list("gs://bucket/a"));

    assertThat(e).hasMessageThat().isEqualTo("no permission to list the objects of bucket");
  }

  @Test
  void failureOfALaterPageIsOneToo() {
    for (int i = 0; i < 1_001; i++) {
      storage.put("gs://bucket/%04d.xml".formatted(i), new byte[0]);
    }
    storage.refuse(Kind.LIST, 2, 403);

    assertThrows(UnreadableFileException.class, () -> list("gs://bucket/"));
  }

  private List<FileVersion> list(String prefix) throws IOException {
    List<FileVersion> objects = new ArrayList<>();
    listing.visit(prefix, objects::add);
    return objects;
  }
}
