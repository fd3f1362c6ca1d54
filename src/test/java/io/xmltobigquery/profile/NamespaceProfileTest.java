package io.xmltobigquery.profile;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.profile.NamespaceProfile.Versions;
import io.xmltobigquery.xml.RejectedException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NamespaceProfileTest {

  private static final String CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.";

  @Test
  void tellsWhichNamespacesAreVersionsOfOneAnother() throws IOException, RejectedException {
    Profile profile =
        Profiles.of(
            "<Document xmlns='" + CAMT + "08'/>",
            "<Document xmlns='" + CAMT + "04'/>",
            "<Document xmlns='urn:other'/>",
            "<Document/>");

    assertThat(NamespaceProfile.versions(profile.namespaces()))
        .containsExactly(new Versions(CAMT + "*", List.of(CAMT + "04", CAMT + "08")));
  }

  @Test
  void leavesOutOnlyTheNumbersThatDiffer() throws IOException, RejectedException {
    Profile profile = Profiles.of("<r xmlns='urn:7:v1-2'/>", "<r xmlns='urn:7:v1-10'/>");

    assertThat(NamespaceProfile.versions(profile.namespaces()).get(0).pattern())
        .isEqualTo("urn:7:v1-*");
  }

  @Test
  void countsWhatIsInEachNamespace() throws IOException, RejectedException {
    Profile profile =
        Profiles.of(
            "<r xmlns:p='urn:p' xmlns:unused='urn:u'><p:a p:x='' y=''/><p:a/><b z=''/></r>");

    assertThat(profile.namespaces())
        .containsExactly(
            new NamespaceProfile("", "", 2, 0), new NamespaceProfile("urn:p", "p", 2, 1));
  }

  @Test
  void everyNamespaceHasAPrefixOfItsOwn() throws IOException, RejectedException {
    Profile profile =
        Profiles.of(
            "<a:r xmlns:a='urn:1'><a:r xmlns:a='urn:2'/><r xmlns='urn:3'/><r xmlns='urn:4'/></a:r>");

    assertThat(profile.namespaces().stream().map(NamespaceProfile::prefix))
        .containsExactly("a", "a2", "ns", "ns2")
        .inOrder();
  }

  @Test
  void rootsOfOneLocalNameHavePrefixes() throws IOException, RejectedException {
    Profile profile = Profiles.of("<r xmlns='urn:1'/>", "<r xmlns='urn:2'/>", "<s xmlns='urn:1'/>");
    PathNames names = PathNames.of(profile);

    assertThat(profile.roots().stream().map(root -> names.path(List.of(root.name()))))
        .containsExactly("/ns:r", "/ns2:r", "/s");
  }

  @Test
  void aPathHasPrefixesWhereTheNamespaceChanges() throws IOException, RejectedException {
    Profile profile =
        Profiles.of("<i:r xmlns:i='urn:i' xmlns:c='urn:c'><i:a><c:b c:x=''/></i:a><u/></i:r>");
    PathNames names = PathNames.of(profile);
    ElementProfile root = profile.roots().get(0);
    ElementProfile a = root.children().get(0);
    ElementProfile b = a.children().get(0);
    ElementProfile u = root.children().get(1);

    assertThat(names.path(List.of(root.name(), a.name(), b.name()))).isEqualTo("/r/a/c:b");
    assertThat(names.attribute(b.attributes().get(0).name())).isEqualTo("@c:x");
    assertThat(names.path(List.of(root.name(), u.name()))).isEqualTo("/r/{}u");
  }
}
