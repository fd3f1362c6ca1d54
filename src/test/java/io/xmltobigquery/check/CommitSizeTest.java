package io.xmltobigquery.check;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FakeCloudStorage.Kind;
import io.xmltobigquery.options.WriteMode;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a limit of 100 bytes. */
final class CommitSizeTest {

  private FakeCloudStorage storage;
  private XmlToBigQueryOptions options;

  @BeforeEach
  void start() throws IOException {
    storage = FakeCloudStorage.start("landing");
    options = storage.options().as(XmlToBigQueryOptions.class);
    options.setInput("gs://landing/data/**.xml");
    options.setOutput("project:dataset");
    storage.put("gs://landing/data/a.xml", new byte[60]);
    storage.put("gs://landing/data/b.txt", new byte[60]);
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  private Optional<String> warning(int mostObjects) {
    return CommitSize.warning(options, 100, mostObjects);
  }

  @Test
  void countsWhatMatches() {
    assertThat(warning(1_000)).isEmpty();

    storage.put("gs://landing/data/c/d.xml", new byte[60]);

    assertThat(warning(1_000).orElseThrow()).contains("gs://landing/data/**.xml has more than");
    assertThat(warning(1_000).orElseThrow()).contains("docs/RUNBOOK.md");
  }

  @Test
  void listsNoMoreThanItMay() {
    storage.put("gs://landing/data/c.xml", new byte[60]);

    assertThat(warning(2)).isEmpty();
    assertThat(warning(3)).isPresent();
  }

  @Test
  void whatCommitsNothingAtItsEndHasNoLimit() {
    storage.put("gs://landing/data/c.xml", new byte[60]);

    options.setWriteMode(WriteMode.AT_LEAST_ONCE);
    assertThat(warning(1_000)).isEmpty();
    options.setWriteMode(WriteMode.EXACTLY_ONCE);
    options.setOutput("gs://landing/out");
    assertThat(warning(1_000)).isEmpty();
    options.setOutput("project:dataset");
    options.setInputSubscription("projects/project/subscriptions/name");
    assertThat(warning(1_000)).isEmpty();
    assertThat(storage.requests(Kind.LIST)).isEqualTo(0);
  }

  @Test
  void aPatternThatIsNoneIsLeftToTheJob() {
    options.setInput("gs://landing/data/[a.xml");

    assertThat(warning(1_000)).isEmpty();
  }

  @Test
  void saysThatItCouldNotLook() {
    storage.refuse(Kind.LIST, 1, 403);

    assertThat(warning(1_000).orElseThrow()).contains("no permission to list");
  }

  @Test
  void elsewhereThanOnDataflowNobodyIsAsked() {
    CommitSize.warn(options);

    assertThat(storage.requests(Kind.LIST)).isEqualTo(0);
  }
}
