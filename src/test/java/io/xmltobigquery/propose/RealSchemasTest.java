package io.xmltobigquery.propose;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.xmltobigquery.explore.Explorer;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.xsd.Xsd;
import io.xmltobigquery.xsd.XsdException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Schemas that many use, and samples of them, from Maven: {@code make schemas}. */
final class RealSchemasTest {

  private static final Path ALL = Path.of("target/schemas");
  private static final String UBL = "external/schemas/ubl21/maindoc/UBL-%s-2.1.xsd";

  private final FileStore store = FileStore.of(PipelineOptionsFactory.create());

  @BeforeEach
  void onlyIfAskedFor() {
    assumeTrue(Boolean.getBoolean("schemas"), "make schemas fetches them");
  }

  @Test
  void invoicesOfUblAreAllTaken() throws Exception {
    List<FileVersion> files = samples("external/test-ubl/invoice");
    Xsd xsd = xsd(UBL.formatted("Invoice"), "schemas");

    Proposal both =
        Proposal.of(
            xsd.declare(Explorer.explore(files, store).profile(), false, 2_000), List.of(), false);
    assertTakes(both, files, files.size());
    Proposal alone = Proposal.of(xsd.outline(List.of(), List.of(), 10_000), List.of(), false);
    assertTakes(alone, files, files.size());
  }

  /** What is made of half of the invoices and the schema takes nearly all others. */
  @Test
  void otherInvoicesOfUblAreTakenToo() throws Exception {
    List<FileVersion> files = samples("external/test-ubl/invoice");
    Xsd xsd = xsd(UBL.formatted("Invoice"), "schemas");

    Forecast forecast =
        Forecast.of(
                files,
                half -> {
                  try {
                    return Proposal.of(xsd.declare(half, true, 10_000), List.of(), false);
                  } catch (XsdException e) {
                    throw new IllegalStateException(e);
                  }
                },
                store)
            .orElseThrow();

    assertThat(forecast.accepted()).isAtLeast(forecast.files() * 8 / 10);
  }

  /** What is made of half of the invoices alone takes all others, if it keeps a rest. */
  @Test
  void otherInvoicesOfUblAreTakenWithoutASchemaToo() throws Exception {
    List<FileVersion> files = samples("external/test-ubl/invoice");

    Forecast forecast =
        Forecast.of(files, half -> Proposal.of(half, List.of(), false).withRest(), store)
            .orElseThrow();

    assertThat(forecast.accepted()).isAtLeast((long) Math.ceil(forecast.files() * 0.99));
  }

  /** Each of the 65 kinds of documents. */
  @Test
  void allDocumentsOfUblHaveAMapping() throws Exception {
    try (Stream<Path> documents = Files.list(ALL.resolve("external/schemas/ubl21/maindoc"))) {
      for (Path document : documents.sorted().toList()) {
        Xsd xsd = Xsd.read(List.of(document.toString(), ALL.resolve("schemas").toString()), null);

        Profile profile = xsd.outline(List.of(), List.of(), 2_000);

        assertWithMessage(document.toString())
            .that(Proposal.of(profile, List.of(), false).read().tables())
            .hasSize(1);
      }
    }
  }

  /** 150 files, with recursion nearly everywhere. */
  @Test
  void resourcesOfFhirHaveAMapping() throws Exception {
    String folder = "org/hl7/fhir/r4/model/schema/";
    for (String resource : List.of("Patient", "Observation", "Bundle", "ValueSet")) {
      Xsd xsd = xsd(folder + resource.toLowerCase(Locale.ROOT) + ".xsd");

      Profile profile = xsd.outline(List.of(resource), List.of(), 2_000);

      assertThat(Proposal.of(profile, List.of(), false).read().tables()).isNotEmpty();
    }
  }

  /** Substitution groups over several namespaces. */
  @Test
  void citygmlHasAMapping() throws Exception {
    String folder = "org/citygml4j/schemas/";
    Xsd xsd =
        xsd(
            folder + "citygml/3.0",
            folder + "gml/3.2",
            folder + "gml/3.3",
            folder + "iso",
            folder + "xal/3.0",
            folder + "xlink",
            folder + "xml");

    Profile profile = xsd.outline(List.of("CityModel"), List.of(), 5_000);

    assertThat(Proposal.of(profile, List.of(), false).read().tables()).isNotEmpty();
  }

  private static Xsd xsd(String... names) throws Exception {
    return Xsd.read(Stream.of(names).map(name -> ALL.resolve(name).toString()).toList(), null);
  }

  /** The files below a folder that have the root Invoice. */
  private List<FileVersion> samples(String folder) throws IOException {
    List<FileVersion> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(ALL.resolve(folder))) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        files.add(store.find(file.toString()));
      }
    }
    return files;
  }

  private void assertTakes(Proposal proposal, List<FileVersion> files, int accepted)
      throws Exception {
    SampleCheck check = SampleCheck.of(proposal.read(), files, store);

    assertThat(check.rejected()).isEmpty();
    assertThat(check.accepted()).isEqualTo(accepted);
  }
}
