package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.rows.Coverage;
import org.junit.jupiter.api.Test;

class SkippedPathsTest {

  @Test
  void aNameIsCountedWhereItIsAlsoWhenTooManyAreKnown() {
    SkippedPaths skipped = new SkippedPaths(1);
    SkippedPaths.Place one = skipped.child(skipped.document(), "", "one");
    SkippedPaths.Place other = skipped.child(skipped.document(), "", "other");
    for (int i = 0; i < 6_000; i++) {
      skipped.element(one, "", "x" + i, 0);
    }
    skipped.element(one, "", "x1", 0);
    skipped.element(other, "", "new", 0);
    skipped.element(other, "", "x1", 0);

    Coverage.Skipped found = skipped.of(0, MappingReader.defaultMapping().tables().get(0).names());
    assertThat(found.counts().get("/one/x1")).isEqualTo(2);
    assertThat(found.total()).isEqualTo(6_003);
  }
}
