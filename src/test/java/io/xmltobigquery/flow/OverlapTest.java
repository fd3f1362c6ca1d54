package io.xmltobigquery.flow;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OverlapTest {

  private static final int MOST = 3;

  private long now;
  private final Overlap<String> requests = new Overlap<>(MOST, () -> now);
  private final List<String> taken = new ArrayList<>();

  @AfterEach
  void close() {
    requests.close();
  }

  @Test
  void whatComesAloneIsAnsweredAtOnce() throws IOException {
    for (String element : List.of("a", "b", "c")) {
      add(() -> element + " in " + Thread.currentThread().getName());
      assertThat(taken).contains(element + " in " + Thread.currentThread().getName() + "@" + now);
      now += Duration.ofSeconds(1).toNanos();
    }
    assertThat(taken).hasSize(3);
  }

  @Test
  void whatIsNotRemoteIsAnsweredAtOnce() throws IOException {
    for (String element : List.of("a", "b", "c")) {
      requests.add(false, () -> element, Instant.EPOCH, (answer, time) -> taken.add(answer));
    }
    assertThat(taken).containsExactly("a", "b", "c").inOrder();
  }

  @Test
  void requestsOfWaitingElementsAreUnderWayTogether() throws IOException {
    CyclicBarrier both = new CyclicBarrier(2);
    add(() -> "alone");
    add(() -> await(both, "a"));
    add(() -> await(both, "b"));
    requests.takeAll(this::take);

    assertThat(taken).containsExactly("alone@0", "a@0", "b@0").inOrder();
  }

  @Test
  void onlySoManyAnswersWait() throws IOException {
    add(() -> "alone");
    for (int i = 0; i < 10; i++) {
      add(() -> "a");
      assertThat(taken.size()).isAtLeast(i + 2 - MOST);
    }
  }

  @Test
  void aFailureIsThatOfTheRequest() throws IOException {
    IOException gone = new IOException("the connection broke");
    add(() -> "alone");
    add(
        () -> {
          throw gone;
        });

    assertThat(assertThrows(IOException.class, () -> requests.takeAll(this::take)))
        .isSameInstanceAs(gone);
  }

  @Test
  void nothingIsLeftOfABundleThatFailed() throws IOException {
    add(() -> "alone");
    add(() -> "left");
    requests.begin();
    requests.takeAll(this::take);

    assertThat(taken).containsExactly("alone@0");
  }

  private void add(Overlap.Request<String> request) throws IOException {
    requests.add(true, request, Instant.ofEpochMilli(now), this::take);
  }

  private void take(String answer, Instant time) {
    taken.add(answer + "@" + time.getMillis());
  }

  private static String await(CyclicBarrier barrier, String answer) throws IOException {
    try {
      barrier.await(1, TimeUnit.MINUTES);
      return answer;
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IOException(e);
    }
  }
}
