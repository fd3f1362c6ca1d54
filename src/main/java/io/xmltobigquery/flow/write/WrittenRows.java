package io.xmltobigquery.flow.write;

import io.xmltobigquery.files.VersionId;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.values.PCollection;

/**
 * What writing rows comes to.
 *
 * @param signals once all of these are complete, every row that wasn't refused is safe
 * @param releasedRanges of each range whose rows are in the hands of the write, the file version;
 *     none in a backfill
 * @param refused the rows that the output will never take, or nothing if it takes all
 */
public record WrittenRows(
    List<? extends PCollection<?>> signals,
    List<PCollection<VersionId>> releasedRanges,
    Optional<PCollection<RefusedRow>> refused) {}
