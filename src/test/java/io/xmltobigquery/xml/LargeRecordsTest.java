package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LargeRecordsTest {

  private static final Engine ENGINE =
      Engine.of("/l/r", "error", "{'name': 'x', 'type': 'STRING'}");

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final LargeRecords other = new LargeRecords();

  @AfterEach
  void leave() {
    other.leave();
    threads.shutdownNow();
  }

  @Test
  void waitUntilOthersAreRead() throws Exception {
    other.enter(Long.MAX_VALUE);
    Future<List<String>> large = threads.submit(() -> ENGINE.rows(document(2_000_000)));
    assertThrows(TimeoutException.class, () -> large.get(500, TimeUnit.MILLISECONDS));
    other.leave();
    assertThat(large.get(1, TimeUnit.MINUTES)).hasSize(2);
  }

  @Test
  void waitNoLongerThanTheyMay() throws Exception {
    other.enter(Long.MAX_VALUE);
    LargeRecords waiting = new LargeRecords(Duration.ofMillis(10));
    waiting.enter(Long.MAX_VALUE);
    waiting.enter(Long.MAX_VALUE);
    waiting.leave();
    other.leave();
    other.enter(Long.MAX_VALUE);
  }

  @Test
  void keepNoSmallOnesWaiting() throws Exception {
    other.enter(Long.MAX_VALUE);
    Future<List<String>> small = threads.submit(() -> ENGINE.rows(document(900_000)));
    assertThat(small.get(1, TimeUnit.MINUTES)).hasSize(2);
  }

  @Test
  void giveTheirRoomBackAtTheirEnd() throws Exception {
    try (RecordReader reader = ENGINE.open(document(2_000_000))) {
      assertThat(reader.next()).isTrue();
      assertThat(reader.next()).isTrue();
      other.enter(Long.MAX_VALUE);
    }
  }

  @Test
  void giveTheirRoomBackWhenTheyAreRejected() throws Exception {
    assertThat(ENGINE.rejection("<l><r><x>" + "a".repeat(2_000_000)).reason())
        .isEqualTo(RejectionReason.TRUNCATED);
    other.enter(Long.MAX_VALUE);
  }

  private static String document(int length) {
    return "<l><r><x>" + "a".repeat(length) + "</x></r><r/></l>";
  }
}
