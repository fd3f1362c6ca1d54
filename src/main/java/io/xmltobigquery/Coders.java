package io.xmltobigquery;

import io.xmltobigquery.coders.VersionedCoder;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.FileVersionCoder;
import io.xmltobigquery.files.VersionId;
import io.xmltobigquery.files.VersionIdCoder;
import io.xmltobigquery.flow.find.Sighting;
import io.xmltobigquery.flow.find.SightingCoder;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.HeldRangeCoder;
import io.xmltobigquery.flow.read.FilePart;
import io.xmltobigquery.flow.read.FilePartCoder;
import io.xmltobigquery.flow.read.ReadPart;
import io.xmltobigquery.flow.read.ReadPartCoder;
import io.xmltobigquery.flow.write.RefusedRow;
import io.xmltobigquery.flow.write.RefusedRowCoder;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.FileOutcomeCoder;
import java.util.List;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviderRegistrar;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * Tells Beam of the coders. It finds this class by {@code META-INF/services}, in every pipeline.
 *
 * <p>None of these types is {@code Serializable}: so one that isn't here has no coder at all, and
 * no pipeline can be built with it. Otherwise Beam would silently take Java's serialization.
 */
public final class Coders implements CoderProviderRegistrar {

  @Override
  public List<CoderProvider> getCoderProviders() {
    return List.of(
        provider(VersionId.class, new VersionIdCoder()),
        provider(FileVersion.class, FileVersionCoder.INSTANCE),
        provider(FileOutcome.class, FileOutcomeCoder.INSTANCE),
        provider(Sighting.class, new SightingCoder()),
        provider(FilePart.class, FilePartCoder.INSTANCE),
        provider(ReadPart.class, new ReadPartCoder()),
        provider(HeldRange.class, new HeldRangeCoder()),
        provider(RefusedRow.class, new RefusedRowCoder()));
  }

  private static <T> CoderProvider provider(Class<T> type, VersionedCoder<T> coder) {
    return CoderProviders.forCoder(TypeDescriptor.of(type), coder);
  }
}
