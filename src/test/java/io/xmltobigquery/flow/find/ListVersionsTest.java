package io.xmltobigquery.flow.find;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.io.ByteStreams;
import com.google.common.io.CountingOutputStream;
import io.xmltobigquery.Collected;
import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.OwnFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.OutputBuilder;
import org.apache.beam.sdk.values.WindowedValues;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pieces in which a pattern is listed; {@code FindNotifiedFilesTest} has what they are for. */
final class ListVersionsTest {

  /** What one call of a function may give, in bytes; runners hold it in memory. */
  private static final long MOST_BYTES = 16 << 20;

  private static final Recent EVERYTHING = Recent.of(Instant.EPOCH, Duration.ofDays(20_000));

  private static final OwnFiles NO_OWN_FILES =
      new OwnFiles(List.of(), List.of(), "gs://bucket/temp/", "");

  private FakeCloudStorage storage;

  @BeforeEach
  void start() throws IOException {
    storage = FakeCloudStorage.start("bucket");
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  /** With names as long as Cloud Storage takes them, of characters that take the most room. */
  @Test
  void aPieceIsSmallHoweverMuchMatches() throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 4_500; i++) {
      names.add("gs://bucket/%04d".formatted(i) + "\uD83D\uDE00".repeat(255));
    }
    for (String name : names) {
      storage.put(name, new byte[1]);
    }

    List<Piece> pieces = list("gs://bucket/*");

    assertThat(pieces).hasSize(3);
    assertThat(pieces.stream().flatMap(piece -> piece.uris.stream()).toList()).isEqualTo(names);
    for (Piece piece : pieces) {
      assertThat(piece.bytes).isAtMost(MOST_BYTES);
    }
  }

  @Test
  void aPieceThatEndsWithTheNamesIsTheLast() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      storage.put("gs://bucket/%04d".formatted(i), new byte[1]);
    }

    assertThat(list("gs://bucket/*")).hasSize(1);
  }

  @Test
  void aPieceBeginsWhereTheOneBeforeHasEndedWhateverIsInNames() throws Exception {
    List<String> names = new ArrayList<>();
    // Java's own order of the last two would be the other one.
    for (String begin :
        List.of("a", "a\u00e9", "a\u00ea&x=1", "a\u00ea+ %2B", "\uff21", "\ud83d\ude00")) {
      for (int i = 0; i < 700; i++) {
        names.add("gs://bucket/%s%04d".formatted(begin, i));
      }
    }
    for (String name : names) {
      storage.put(name, new byte[1]);
    }

    List<Piece> pieces = list("gs://bucket/*");

    assertThat(pieces.stream().flatMap(piece -> piece.uris.stream()).toList())
        .containsExactlyElementsIn(names);
    assertThat(pieces).hasSize(3);
  }

  private record Piece(List<String> uris, long bytes) {}

  private List<Piece> list(String pattern) throws Exception {
    ListVersions.ListFn list = new ListVersions.ListFn(EVERYTHING, NO_OWN_FILES);
    list.setUp(storage.options());
    List<Piece> pieces = new ArrayList<>();
    String next = "";
    while (next != null) {
      Receiver out = new Receiver(coder());
      next = list.list(pattern, next, out);
      pieces.add(new Piece(out.uris, out.bytes.getCount()));
    }
    return pieces;
  }

  /** As Deduplicate hands sightings on. */
  private static Coder<KV<String, Sighting>> coder() {
    return KvCoder.of(
        StringUtf8Coder.of(),
        Collected.pipeline()
            .apply(Create.of("pattern"))
            .apply(ListVersions.of(EVERYTHING, NO_OWN_FILES))
            .getCoder());
  }

  private static final class Receiver implements OutputReceiver<Sighting> {
    private final Coder<KV<String, Sighting>> coder;
    private final List<String> uris = new ArrayList<>();
    private final CountingOutputStream bytes =
        new CountingOutputStream(ByteStreams.nullOutputStream());

    Receiver(Coder<KV<String, Sighting>> coder) {
      this.coder = coder;
    }

    @Override
    public OutputBuilder<Sighting> builder(Sighting sighting) {
      return WindowedValues.<Sighting>builder()
          .setValue(sighting)
          .setTimestamp(BoundedWindow.TIMESTAMP_MIN_VALUE)
          .setWindow(GlobalWindow.INSTANCE)
          .setPaneInfo(PaneInfo.NO_FIRING)
          .setReceiver(windowed -> take(windowed.getValue()));
    }

    private void take(Sighting sighting) {
      uris.add(sighting.id().uri());
      try {
        coder.encode(KV.of(sighting.id().toString(), sighting), bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
