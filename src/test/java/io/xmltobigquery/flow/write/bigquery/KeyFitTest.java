package io.xmltobigquery.flow.write.bigquery;

import static com.google.common.truth.Truth.assertThat;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableConstraints;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeyFitTest {

  @Test
  void theSameColumnsAreTheSameKey() {
    assertThat(KeyFit.problem(table("a", "b"), table("B", "a"))).isEmpty();
  }

  @Test
  void aTableThatIsAppendedToMayHaveAKey() {
    assertThat(KeyFit.problem(new Table(), table("a"))).isEmpty();
    assertThat(KeyFit.problem(new Table(), new Table())).isEmpty();
  }

  @Test
  void aTableWithoutTheKeyTakesNoChanges() {
    String add = "it has no primary key: ALTER TABLE … ADD PRIMARY KEY (a, b) NOT ENFORCED.";

    assertThat(KeyFit.problem(table("a", "b"), new Table())).hasValue(add);
    assertThat(
            KeyFit.problem(
                table("a", "b"), new Table().setTableConstraints(new TableConstraints())))
        .hasValue(add);
  }

  @Test
  void anotherKeyFindsOtherRows() {
    assertThat(KeyFit.problem(table("a", "b"), table("a")))
        .hasValue("its primary key is (a) in the table and (a, b) in the mapping.");
  }

  private static Table table(String... key) {
    return new Table()
        .setTableConstraints(
            new TableConstraints()
                .setPrimaryKey(new TableConstraints.PrimaryKey().setColumns(List.of(key))));
  }
}
