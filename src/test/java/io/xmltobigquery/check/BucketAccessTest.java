package io.xmltobigquery.check;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.check.BucketAccess.Need;
import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FakeCloudStorage.Kind;
import java.io.IOException;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BucketAccessTest {

  private FakeCloudStorage storage;
  private BucketAccess access;

  @BeforeEach
  void start() throws IOException {
    storage = FakeCloudStorage.start("bucket");
    access = BucketAccess.of(storage.options().as(GcsOptions.class));
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  @Test
  void aBucketWhereEverythingIsAllowedIsNoProblem() {
    assertThat(access.problem("gs://bucket/data/", Need.WRITE)).isEmpty();
    assertThat(storage.objects()).isEmpty();
  }

  @Test
  void namesEveryPermissionThatIsMissingAndARoleThatHasThem() {
    storage.deny("bucket", "storage.objects.create");
    storage.deny("bucket", "storage.objects.delete");

    assertThat(access.problem("gs://bucket/data/", Need.READ)).isEmpty();
    assertThat(access.problem("gs://bucket/data/", Need.WRITE).orElseThrow())
        .isEqualTo(
            "no permission storage.objects.delete, storage.objects.create in the bucket of gs://bucket/data/; grant this account a role that has it, such as roles/storage.objectUser");
  }

  /** Dataflow's runner asks for it before it launches; a role for objects hasn't got it. */
  @Test
  void onDataflowTheBucketItselfMustBeSeen() {
    storage.deny("bucket", "storage.buckets.get");

    assertThat(access.problem("gs://bucket/temp/", Need.WRITE)).isEmpty();
    assertThat(access.problem("gs://bucket/temp/", Need.WRITE_ON_DATAFLOW).orElseThrow())
        .isEqualTo(
            "no permission storage.buckets.get in the bucket of gs://bucket/temp/; grant this account a role that has it, such as roles/storage.legacyBucketReader");
    storage.deny("bucket", "storage.objects.delete");
    assertThat(access.problem("gs://bucket/temp/", Need.WRITE_ON_DATAFLOW).orElseThrow())
        .endsWith("such as roles/storage.objectUser and roles/storage.legacyBucketReader");
  }

  @Test
  void readingNeedsNoMoreThanAViewer() {
    storage.deny("bucket", "storage.objects.get");

    assertThat(access.problem("gs://bucket/data/", Need.READ).orElseThrow())
        .contains("roles/storage.objectViewer");
  }

  @Test
  void aBucketThatIsNotThereIsAProblem() {
    assertThat(access.problem("gs://other/data/", Need.READ).orElseThrow())
        .isEqualTo("gs://other/data/ can't be listed: there is no bucket other");
  }

  @Test
  void aBucketThatMayNotBeListedIsAProblem() {
    storage.refuse(Kind.LIST, 1, 403);

    assertThat(access.problem("gs://bucket/", Need.READ).orElseThrow())
        .isEqualTo("no permission to list the objects of bucket");
  }
}
