package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The short form of {@code make limits}: what is too long there is only a little so here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitDocumentsTest {

  private static final long HUGE = 25_000_000;

  private Untouchable untouchable;

  @BeforeAll
  void watch(@TempDir Path directory) throws IOException {
    untouchable = new Untouchable(directory);
  }

  @AfterAll
  void nothingWasOpened() throws IOException {
    assertThat(untouchable.isTouched()).isFalse();
    untouchable.close();
  }

  List<LimitDocuments.LimitDocument> documents() {
    return LimitDocuments.all(untouchable.fileUri(), untouchable.httpUri(), HUGE);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void isReadOrRejected(LimitDocuments.LimitDocument document) {
    LimitDocuments.Outcome outcome =
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> LimitDocuments.read(document));
    assertWithMessage(outcome.message()).that(outcome.reason()).isEqualTo(document.expected());
  }
}
