package io.xmltobigquery.profile;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.xml.RejectedException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RecordCandidateTest {

  @Test
  void whatRepeatsAndHasTheMostValuesComesFirst() throws IOException, RejectedException {
    assertThat(
            paths(
                """
                <Root><Customers>
                <Customer id="1"><Name>a</Name></Customer><Customer id="2"><Name>b</Name></Customer>
                </Customers><Orders>
                <Order><No>1</No><Lines><Line n="1">x</Line><Line n="2">y</Line></Lines></Order>
                <Order><No>2</No><Lines><Line n="1">x</Line></Lines></Order>
                </Orders></Root>"""))
        .containsExactly(
            "/Root/Orders/Order", "/Root/Customers/Customer", "/Root/Orders/Order/Lines/Line")
        .inOrder();
  }

  @Test
  void aSmallDocumentWithValuesOfItsOwnIsARecord() throws IOException, RejectedException {
    Profile invoice =
        Profiles.of(
            "<Invoice><a>1</a><b>2</b><c>3</c><d>4</d><e>5</e><Line n='1' t='x'/><Line n='2' t='y'/></Invoice>");

    List<RecordCandidate> candidates = RecordCandidate.of(invoice);
    assertThat(paths(candidates, invoice)).containsExactly("/Invoice", "/Invoice/Line").inOrder();
    assertThat(candidates.get(0).isDocument()).isTrue();
    assertThat(candidates.get(0).columns()).isEqualTo(7);
    assertThat(candidates.get(0).values()).isEqualTo(9);
  }

  @Test
  void aBatchIsNoRecordHoweverManyValuesItsHeaderHas() throws IOException, RejectedException {
    assertThat(
            paths(
                "<Batch><a>1</a><b>2</b><c>3</c><d>4</d><e>5</e>"
                    + "<Entry n='1' t='x'/>".repeat(100)
                    + "</Batch>"))
        .containsExactly("/Batch/Entry");
    assertThat(
            paths(
                "<Batch><a>1</a><b>2</b><c>3</c><d>4</d>"
                    + "<e>%1$s</e><f>%1$s</f></Batch>".formatted("x".repeat(2_000_000))))
        .isEmpty();
  }

  /** Such as an invoice with a picture of itself. */
  @Test
  void aDocumentMayHaveOneLongValue() throws IOException, RejectedException {
    assertThat(
            paths(
                "<Invoice><a>1</a><b>2</b><c>3</c><d>4</d><e>%s</e></Invoice>"
                    .formatted("x".repeat(2_000_000))))
        .containsExactly("/Invoice");
  }

  @Test
  void aValueThatRepeatsIsNoRecord() throws IOException, RejectedException {
    assertThat(paths("<r><tag>a</tag><tag>b</tag></r>")).isEmpty();
  }

  @Test
  void markupInTextIsNoRecord() throws IOException, RejectedException {
    assertThat(paths("<r><p>See <a href='x'>this</a> or <a href='y'>that</a></p><p>none</p></r>"))
        .isEmpty();
  }

  @Test
  void whatContainsItselfIsNoRecord() throws IOException, RejectedException {
    assertThat(paths("<r><part n='1' t='x'><part n='2' t='y'/></part><part n='3' t='z'/></r>"))
        .isEmpty();
  }

  @Test
  void anEmptyElementWithAttributesIsARecord() throws IOException, RejectedException {
    assertThat(paths("<r><o a='1' b='2'/><o a='1' b='2'/></r>")).containsExactly("/r/o");
  }

  private static List<String> paths(String xml) throws IOException, RejectedException {
    Profile profile = Profiles.of(xml);
    return paths(RecordCandidate.of(profile), profile);
  }

  private static List<String> paths(List<RecordCandidate> candidates, Profile profile) {
    PathNames names = PathNames.of(profile);
    return candidates.stream().map(candidate -> names.path(candidate.path())).toList();
  }
}
